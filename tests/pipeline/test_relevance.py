"""Screening: the two sides of the line, the labelled set, ordinary headlines, bands and grades."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawlers.sample.stories import stories
from models import relevance as judges
from pipeline import articles, gold, relevance
from pipeline.records import Article, Band, DocType

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "relevance_cases.yml").read_text("utf-8"))
NOW = dt.datetime(2026, 9, 20, tzinfo=dt.UTC)


def make(title: str, text: str, language: str | None = None) -> Article:
    made = articles.from_text(
        title, text, url="http://kabar.example/1", fetched_at=NOW, language=language
    )
    assert isinstance(made, Article)
    return made


# As a run asks: the rule with the learned judge beside it.
WORDS = judges.load()


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_invented_texts_fall_on_their_side(case: dict[str, Any]) -> None:
    answer = relevance.assess(make(case["title"], case["text"], case["language"]), WORDS)
    assert answer.relevant is case["relevant"], (answer.score, answer.cues)


def test_labelled_set() -> None:
    hits = misses = false = 0
    for path in sorted((HERE.parent / "gold").glob("*.jsonl")):
        for item in gold.parse(path.read_text("utf-8").splitlines()):
            found = relevance.assess(make(item.title, item.text)).relevant
            hits += found and item.relevant
            misses += item.relevant and not found
            false += found and not item.relevant
    assert hits / (hits + misses) >= 0.97
    assert 2 * hits / (2 * hits + misses + false) >= 0.95


def test_sample_stories() -> None:
    expected = json.loads((HERE.parent / "flows" / "sample_expected.json").read_text("utf-8"))
    wanted = {row["story"]: row["relevant"] for row in expected["articles"] if "relevant" in row}
    checked = 0
    for story in stories():
        if story.paragraphs and wanted.get(story.story_id) is not None:
            answer = relevance.assess(make(story.title, "\n".join(story.paragraphs)))
            assert answer.relevant is wanted[story.story_id], story.story_id
            checked += 1
    assert checked > 40


@pytest.mark.parametrize(
    ("sentence", "work", "site"),
    [
        ("Mereka bekerja pada komplotan penipu di tepi sungai.", True, True),
        ("Setiap malam ia mengelabui warga asing di dunia maya.", True, False),
        ("Ia disuruh membujuk orang Amerika menanam uang.", True, False),
        ("Ia menjadi telemarketer situs taruhan.", True, False),
        ("Mereka dipaksa menipu warga emas melalui telefon.", True, False),
        ("They were swindling pensioners from high-rise towers.", True, False),
        ("Soldiers removed them from scamming businesses.", True, True),
        ("Fraud dens were cleared.", True, True),
        ("They talked Americans into digital coins.", False, False),  # "talked" is any talk
        ("Agen membujuk korban lewat media sosial.", False, False),  # recruiters coax as well
        ("The embassy told citizens to call by phone.", False, False),
        ("Ia ditangkap karena kejahatan. Online shop itu tutup.", False, False),  # two sentences
        ("Kantor polisi menerima laporan soal penipuan tiket.", False, False),
    ],
)
def test_two_words_side_by_side_state_the_work(sentence: str, work: bool, site: bool) -> None:
    counts = relevance.read("Kabar dari seberang", sentence).counts
    assert (counts["work"] > 0, counts["site"] > 0) == (work, site)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Sebanyak 40 WNI dipulangkan dari Myawaddy.", True),
        ("Polisi menggerebek gedung bekas kasino di Bavet, 20 WNI ditahan.", True),
        ("Dua pemuda diberangkatkan ke Shwe Kokko.", True),
        ("Tujuh WNI berlibur di Bavet.", False),
        ("Kapal karam di Myawaddy.", False),
        ("Sebanyak 40 WNI dipulangkan dari Johor.", False),
    ],
)
def test_people_at_a_known_site_pass_the_gate_without_the_word(text: str, passes: bool) -> None:
    assert relevance.read("Kabar dari seberang", text).states_subject is passes


def test_words_found_together_are_kept_as_cues() -> None:
    answer = relevance.assess(
        make("Lima pemuda pulang", "Mereka disuruh mengelabui warga asing di Kamboja.")
    )
    assert "mengelabui warga asing" in answer.cues


HEADLINES = [
    "Timnas Indonesia Hadapi Kamboja di Laga Pembuka",
    "Polisi Tangkap Bandar Judi Online di Medan",
    "Waspada, Ini Ciri-ciri Penipuan Online Lewat WhatsApp",
    "12 WNI Ditangkap di Malaysia karena Kasus Pencurian",
    "Jokowi Bertemu PM Kamboja Bahas Kerja Sama Perdagangan",
    "Viral Wanita Korban Penipuan Belanja Online",
    "KBRI Yangon: Tidak Ada WNI Jadi Korban Gempa Myanmar",
    "Ratusan TKI Dipulangkan dari Malaysia lewat Nunukan",
    "Thailand votes after year of protests",
    "Bank loses $2m to phone scam",
]


@pytest.mark.parametrize("headline", HEADLINES)
def test_ordinary_headlines_are_dropped(headline: str) -> None:
    assert relevance.assess(make(headline, headline)).band is Band.REJECT


def test_a_text_that_names_neither_work_nor_site_never_passes() -> None:
    answer = relevance.assess(
        make(
            "WNI Korban TPPO di Kamboja Dipulangkan KBRI Phnom Penh",
            "Sebanyak 12 WNI korban TPPO yang disekap dan disiksa di Kamboja dipulangkan KBRI Phnom Penh.\n"
            "Mereka direkrut lewat media sosial dan dijanjikan gaji besar.",
        )
    )
    assert answer.score <= relevance.UNSTATED
    assert (answer.grade, answer.band) == (1, Band.REJECT)


def test_captivity_at_a_known_site_is_enough() -> None:
    answer = relevance.assess(
        make("Tujuh WNI Disekap di Myawaddy", "Tujuh WNI disekap di Myawaddy dan dimintai tebusan.")
    )
    assert answer.relevant
    assert "myawaddy" in answer.cues


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "ตำรวจช่วยเหลือเหยื่อค้ามนุษย์จากแก๊งคอลเซ็นเตอร์ที่ปอยเปต กัมพูชา"),
        ("zh", "警方在柬埔寨西哈努克的诈骗园区解救被囚禁的中国公民"),
        (
            "vi",
            "Giải cứu nạn nhân bị lừa bán sang Campuchia, ép làm việc cho công ty lừa đảo trực tuyến",
        ),
        ("my", "မြဝတီရှိ ကျားဖြန့်ဂိုဏ်းမှ လူကုန်ကူးခံရသူများ"),
        ("km", "ជនរងគ្រោះការជួញដូរមនុស្ស ត្រូវបានជួយសង្គ្រោះពីទីតាំងឆបោក"),
        ("tl", "Nailigtas ang mga biktima ng human trafficking mula sa scam hub sa Myanmar"),
    ],
)
def test_other_languages_are_shown_to_a_person_and_never_accepted(language: str, text: str) -> None:
    answer = relevance.assess(make(text, text, language))
    assert answer.band is Band.REVIEW
    assert not answer.relevant


def test_other_languages_without_a_cue_are_dropped() -> None:
    text = "ตำรวจเตือนฝนตกหนักทั่วภาคเหนือในสัปดาห์นี้"
    assert relevance.assess(make(text, text, "th")).band is Band.REJECT


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Delegasi RI dan Kamboja sepakat bertukar data", "Delegasi membahas kerja sama. Kedua pihak bertemu.", DocType.POLICY),
        ("Opini: Negara Harus Hadir", "Penulis adalah peneliti.", DocType.OPINION),
        ("Kisah Sari, Enam Bulan di Balik Pagar", "Ia menceritakan hari-harinya.", DocType.FEATURE),
        ("Explainer: what is a scam compound", "Here is what we know.", DocType.EXPLAINER),
        ("By the numbers: cases up 40 percent", "The ministry recorded 40 cases in 2023, 60 cases in 2024 and 90 cases in 2025, up from 12 cases in 2022.", DocType.STATISTICS),
        ("Polisi gerebek gedung di Poipet", "Polisi menggerebek gedung dan menahan 40 orang.", DocType.NEWS),
    ],
)  # fmt: skip
def test_kind_of_text(title: str, text: str, expected: DocType) -> None:
    assert relevance.assess(make(title, text)).doc_type is expected


class Fixed:
    version = "fixed-1"

    def __init__(self, value: float) -> None:
        self.value = value

    def score(self, title: str, body: str) -> float:
        return self.value


SCAM = make(
    "Perusahaan scam di Bavet", "Polisi menutup perusahaan scam di Bavet, 20 WNI diperiksa."
)


def test_a_learned_judge_is_weighed_with_the_rule() -> None:
    scores = [relevance.assess(SCAM, Fixed(value)).score for value in (0.001, 0.5, 0.999)]
    assert scores[0] < scores[1] < scores[2]
    # One that cannot tell leaves the answer to the rule.
    assert scores[1] == pytest.approx(relevance.assess(SCAM).score, abs=0.01)
    assert relevance.assess(SCAM, Fixed(0.5)).model_version == f"{relevance.VERSION}+fixed-1"
    assert relevance.assess(SCAM).model_version == relevance.VERSION


UNSTATED = make(
    "Lima Pemuda Pulang dari Kamboja",
    "Lima pemuda tiba dari Kamboja. Mereka duduk di depan layar enam belas jam sehari.",
)


@pytest.mark.parametrize(
    ("value", "band", "relevant"),
    [
        (0.999, Band.REVIEW, True),
        (0.6, Band.REVIEW, False),
        (0.2, Band.REJECT, False),
    ],
)
def test_what_the_gate_stops_is_shown_to_a_person_at_most(
    value: float, band: Band, relevant: bool
) -> None:
    answer = relevance.assess(UNSTATED, Fixed(value))
    assert (answer.band, answer.relevant) == (band, relevant)
    assert answer.score <= relevance.MOST_UNSTATED < relevance.ACCEPT_FROM


def test_look_alikes_and_a_place_at_home_keep_the_gate_shut() -> None:
    certain = Fixed(1.0)
    assert relevance.assess(make("Harga kopi naik", "Petani senang."), certain).score <= 0.2
    kidneys = make(
        "Sindikat Ginjal ke Kamboja",
        "Perekrut menjual ginjal orang ke Kamboja. Organ tubuh itu, ginjal, dihargai ratusan juta.",
    )
    assert relevance.assess(UNSTATED, Fixed(0.9)).relevant
    assert not relevance.assess(kidneys, Fixed(0.9)).relevant


@given(st.text(max_size=60), st.text(max_size=200))
def test_features_lie_between_nought_and_one_and_are_all_weighed(title: str, body: str) -> None:
    reading = relevance.read(title, body)
    assert {*reading.features, relevance.START} == set(relevance.WEIGHTS)
    assert all(0.0 <= value <= 1.0 for value in reading.features.values())
    assert 0.0 < relevance.weigh(reading) < 1.0
    assert 0.0 < relevance.weigh(reading, 1.0) < 1.0


@given(st.sampled_from(CASES))
def test_look_alike_words_never_raise_the_score(case: dict[str, Any]) -> None:
    for words in (None, 0.5):
        plain = relevance.weigh(relevance.read(case["title"], case["text"]), words)
        more = relevance.read(case["title"], case["text"] + "\nPhishing, OTP, nasabah.")
        assert relevance.weigh(more, words) <= plain
