"""The lexicon: how terms are matched, which find stays, and that the table agrees with the vocabulary."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.records import ScamType

CHANNELS = {
    "social_media_unspecified", "facebook", "telegram", "whatsapp", "tiktok", "instagram", "wechat", "job_portal",
    "friend", "relative", "agency_or_sponsor", "returning_worker", "sport_or_talent_trial",
}  # fmt: skip
MEANS = {
    "withholds_documents", "debt_bondage", "physical_abuse", "threats", "restricts_movement", "excessive_hours",
    "takes_earnings", "psychological_abuse", "psychoactive", "sold_or_transferred",
}  # fmt: skip


def found(text: str, group: str) -> list[tuple[str, str]]:
    return [(term.surface, term.key) for term in lexicon.find(text, group)]


@pytest.mark.parametrize(
    ("text", "group", "expected"),
    [
        ("Korban TPPO pulang", "trafficking", [("TPPO", "named")]),
        ("korban tppo pulang", "trafficking", []),  # capitals are matched as capitals
        ("PERUSAHAAN SCAM di Bavet", "scam_work", [("PERUSAHAAN SCAM", "site")]),
        ('pusat "online scam" di Poipet', "scam_work", [('pusat "online scam', "site")]),
        ("a cyber-scam compound", "scam_work", [("cyber-scam compound", "site")]),
        ("dekat K.K. Park", "captivity_site", [("K.K. Park", "mm.kkpark")]),
        ("Shwe Koko malam ini", "captivity_site", [("Shwe Koko", "mm.shwekokko")]),
        ("Kementerian Luar Negeri", "abroad", []),
        ("di luar negeri", "abroad", [("luar negeri", "ANY")]),
        ("para penyanderanya", "trafficking", [("penyanderanya", "captivity")]),
        ("scam. Compound lain", "scam_work", [("scam", "scam")]),  # a stop parts two terms
        ("the scams", "scam_type", [("scams", "unspecified_scam")]),
        ("discamming", "scam_work", []),  # only whole words
        ("judi online dan love scam", "scam_type", [("judi online", "online_gambling"), ("love scam", "romance")]),
        ("lewat grup Telegram", "channel", [("grup Telegram", "telegram")]),
        ("paspor mereka disita", "control_means", [("paspor mereka disita", "withholds_documents")]),
        ("dijanjikan kerja layanan pelanggan", "offered_job", [("layanan pelanggan", "customer_service")]),
        ("a call centre gang", "offered_job", []),  # inside the name of the trade
        ("แก๊งคอลเซ็นเตอร์ที่ปอยเปต", "scam_work", [("แก๊งคอลเซ็นเตอร์", "site")]),
        ("电信诈骗园区", "scam_work", [("电信诈骗", "scam"), ("园区", "site")]),
    ],
)  # fmt: skip
def test_terms(text: str, group: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, group) == expected


def test_an_entry_with_choices_stands_for_each() -> None:
    assert list(lexicon.choices("{a|b} c {d|e}")) == ["a c d", "a c e", "b c d", "b c e"]
    assert list(lexicon.choices("plain words")) == ["plain words"]


def test_the_language_is_that_of_the_list() -> None:
    assert [term.language for term in lexicon.find("human trafficking", "trafficking")] == ["en"]
    assert [term.language for term in lexicon.find("pemerdagangan orang", "trafficking")] == ["ms"]


def test_keys_are_the_words_of_the_codebook() -> None:
    table = lexicon.terms()
    assert set(table["scam_type"]) <= {item.value for item in ScamType}
    assert set(table["channel"]) == CHANNELS
    assert set(table["control_means"]) == MEANS


def test_no_term_stands_under_two_keys_of_a_group() -> None:
    for group, keys in lexicon.terms().items():
        owner: dict[str, str] = {}
        for key, languages in keys.items():
            for listed in languages.values():
                for term in (choice for entry in listed for choice in lexicon.choices(entry)):
                    assert owner.setdefault(term.casefold(), key) == key, (group, term)


def test_every_term_of_the_table_finds_itself() -> None:
    for group, keys in lexicon.terms().items():
        for key, languages in keys.items():
            for listed in languages.values():
                for entry in listed:
                    term = next(lexicon.choices(entry)).replace("~", "")
                    spans = [(item.start, item.end) for item in lexicon.find(term)]
                    assert min(spans, default=(-1, -1))[0] == 0, (group, key, term)


def test_a_long_article_is_read_in_little_time() -> None:
    sentence = (
        "Sebanyak 84 WNI korban TPPO dari kompleks penipuan daring di Myawaddy tiba di tanah air. "
    )
    texts = [f"{number}. {sentence * 33}" for number in range(20)]
    lexicon.find(sentence)
    started = time.process_time()
    for text in texts:
        lexicon.find(text)
    # A hundred times what it takes: only a walk that is not linear any more is that slow.
    assert (time.process_time() - started) / len(texts) < 0.1


@given(st.lists(st.sampled_from(
    ["scam", "compound", "online", "judi", "TPPO", "WNI", "Kamboja", ".", "\n", " - ", "dipaksa", "园区", "Ä", "'"]
), max_size=25).map(" ".join))  # fmt: skip
def test_spans_are_the_words_and_do_not_overlap_within_a_group(text: str) -> None:
    reached: dict[str, int] = {}
    previous = 0
    for term in lexicon.find(text):
        assert text[term.start : term.end] == term.surface
        assert term.start >= previous
        assert term.start >= reached.get(term.group, 0)
        previous, reached[term.group] = term.start, term.end


@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    for term in lexicon.find(text):
        assert text[term.start : term.end] == term.surface
