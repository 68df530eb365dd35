"""The scoring of languages, and what becomes of an article in a language that is not read. All texts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import reading
from models.language import evaluate
from pipeline import articles
from pipeline.records import Article, Band, MentionKind
from tests.factories import NOW

# Each tells of people taken out of scam work at named places.
FOREIGN = {
    "th": ("ตำรวจช่วยเหลือเหยื่อค้ามนุษย์จากแก๊งคอลเซ็นเตอร์", "เหยื่อยี่สิบเอ็ดคนถูกหลอกและบังคับให้ทำงาน ก่อนข้ามมาที่แม่สอดเมื่อวันศุกร์", {"th.maesot"}),
    "km": ("ជនរងគ្រោះការជួញដូរមនុស្ស ត្រូវបានជួយសង្គ្រោះពីទីតាំងឆបោក", "ពួកគេត្រូវបាននាំមកភ្នំពេញកាលពីថ្ងៃសុក្រ", {"kh.phnompenh"}),
    "my": ("ကျားဖြန့်ဂိုဏ်းမှ လူကုန်ကူးခံရသူများ", "မြဝတီမြို့တွင် လူနှစ်ဆယ့်တစ်ဦးကို ကယ်တင်ခဲ့သည်", {"mm.myawaddy"}),
    "zh": ("警方解救被囚禁的中国公民", "周五在柬埔寨西哈努克的诈骗园区解救二十一人，另有五人从妙瓦底返回", {"kh.sihanoukville", "mm.myawaddy"}),
    "vi": ("Giải cứu nạn nhân bị lừa bán sang Campuchia", "Hai mươi mốt nạn nhân bị ép làm việc cho công ty lừa đảo trực tuyến ở Sihanoukville trước khi được giải cứu vào thứ Sáu.", {"kh.sihanoukville"}),
    "tl": ("Nailigtas ang mga biktima ng human trafficking mula sa scam hub", "Dalawampu't isang tao ang nailigtas mula sa scam hub sa Myawaddy noong Biyernes, ayon sa mga awtoridad ng Myanmar.", {"mm.myawaddy"}),
}  # fmt: skip


@pytest.mark.parametrize("code", FOREIGN)
def test_an_article_in_another_language_waits_for_a_person_with_its_places(code: str) -> None:
    title, text, place_ids = FOREIGN[code]
    article = articles.from_text(title, text, url="https://kabar.example/1", fetched_at=NOW)
    assert isinstance(article, Article)
    assert article.language == code
    read = reading.read(article, reading.load_tagger())
    assert read.relevance.band is Band.REVIEW
    assert not read.relevance.relevant
    assert [*read.reports, *read.claims, *read.statistics] == []
    named = {item.canonical_id for item in read.mentions if item.kind is MentionKind.PLACE}
    assert place_ids <= named


def test_scoring_counts_runs_of_lines_and_names_what_they_were_taken_for() -> None:
    malay = ["Polis berkata syarikat itu tiada lesen.", "Mereka dijanjikan wang yang besar."] * 6
    row = evaluate.told("own", malay, "ms", 12)
    assert (row.right, row.n, dict(row.wrong)) == (1, 1, {})
    mistaken = evaluate.told("own", malay, "id", 4)
    assert (mistaken.right, mistaken.n, dict(mistaken.wrong)) == (0, 3, {"ms": 3})
    assert "taken for ms 3" in str(mistaken)


def test_the_interval_of_a_share_holds_it_and_never_leaves_the_unit() -> None:
    low, high = evaluate.wilson(166, 166)
    assert low < 1.0
    assert high == pytest.approx(1.0)
    # The score interval of 81 in 263 in table I of Newcombe (1998).
    assert evaluate.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_corpora_are_read_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "talpco").mkdir()
    (tmp_path / "ntrex").mkdir()
    lines = {"eng": "He works in an office.", "ind": "Ia bekerja di kantor.", "zsm": "Dia bekerja di pejabat."}  # fmt: skip
    for code, line in lines.items():
        (tmp_path / "talpco" / f"data_{code}.txt").write_text(f"1\t{line}\n" * 12, encoding="utf-8")
    for name, code in (("ref.ind", "ind"), ("ref.msa", "zsm"), ("src.eng", "eng")):
        path = tmp_path / "ntrex" / f"newstest2019-{name}.txt"
        path.write_text(f"{lines[code]}\n" * 12, encoding="utf-8")
    assert evaluate.main(["--data", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2 * 3 * len(evaluate.RUNS)
    assert "NTREX-128, 12 lines, en: 1.000 [0.207, 1.000] (n=1)" in told
