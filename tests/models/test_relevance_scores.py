"""What the refit says of its answers: shares, rarity and reliability, counted by hand on a few."""

from __future__ import annotations

from tests.fit_relevance import Answer, reliability, scores

ANSWERS = [
    *[Answer(0.99, "id", relevant=True)] * 9,
    Answer(0.30, "id", relevant=True),
    *[Answer(0.01, "id", relevant=False)] * 19,
    Answer(0.90, "id", relevant=False),
]


def test_recall_alarms_and_precision_where_few_are_relevant() -> None:
    told = scores("id", ANSWERS)
    assert "n   30 (10 relevant)" in told
    assert "F1 0.900 recall 0.900" in told
    assert "false alarms 0.050" in told
    # .02 x .9 hits against .98 x .05 alarms.
    assert "precision 0.900, 0.269 at 2% relevant" in told
    assert told.endswith("between the bands 0.033")


def test_nothing_relevant_is_no_division_by_zero() -> None:
    assert "recall 0.000 [0.000, 1.000]" in scores("vi", [Answer(0.1, "vi", relevant=False)])


def test_each_answer_stands_in_one_range() -> None:
    *ranges, brier = reliability(
        [*ANSWERS, Answer(1.0, "id", relevant=True), Answer(0.0, "id", relevant=False)]
    )
    assert [line.split(":")[0] for line in ranges] == [
        "0.00 to 0.05", "0.25 to 0.50", "0.75 to 0.95", "0.95 to 1.00",
    ]  # fmt: skip
    assert [int(line.split("n ")[1].split()[0]) for line in ranges] == [20, 1, 1, 10]
    assert "relevant 1.000" in ranges[1]
    assert "relevant 0.000" in ranges[2]
    wanted = (9 * 0.01**2 + 0.7**2 + 19 * 0.01**2 + 0.9**2) / 32
    assert brier == f"Brier score {wanted:.4f}"
