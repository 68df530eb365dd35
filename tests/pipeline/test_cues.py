"""Words that tell of an event: which one, on which side the persons stand, planned or denied."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import cues
from pipeline.cues import EventCue


def one(sentence: str) -> EventCue:
    found = cues.find(sentence)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("sentence", "key", "side"),
    [
        ("21 WNI dipulangkan kemarin", "repatriation", "before"),
        ("Pemerintah memulangkan 21 WNI", "repatriation", "after"),
        ("proses pemulangan 21 WNI", "repatriation", "noun"),
        ("Thailand mendeportasi 12 orang", "deportation", "after"),
        ("Polisi menggerebek gedung itu", "raid", "after"),
        ("61 WNI ditangkap", "arrest", "before"),
        ("Sebanyak 308 orang melapor", "complaint", "before"),
        ("110 pekerja melarikan diri", "escape", "before"),
        ("kericuhan di kompleks", "riot", "before"),
        ("dua orang ditemukan meninggal dunia", "death", "before"),
        ("terdakwa divonis tujuh tahun", "verdict", "before"),
        ("petugas menggagalkan keberangkatan 10 orang", "interdiction", "after"),
        ("20 victims were rescued", "rescue", "before"),
        ("Police rescued 20 victims", "rescue", "after"),
        ("84 citizens were flown home", "repatriation", "before"),
        ("they were deported", "deportation", "before"),
    ],
)
def test_events_and_the_side_of_the_persons(sentence: str, key: str, side: str) -> None:
    found = one(sentence)
    assert (found.key, found.side) == (key, side)
    assert not found.is_planned
    assert not found.is_denied


@pytest.mark.parametrize(
    "sentence",
    [
        "67 WNI akan dipulangkan pekan depan",
        "mereka dijadwalkan segera dipulangkan",
        "Pemerintah siap memulangkan 21 WNI",
        "the workers will be deported",
        "they are to be repatriated",
    ],
)
def test_plans_are_not_done(sentence: str) -> None:
    assert all(cue.is_planned for cue in cues.find(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "mereka tidak dipulangkan",
        "tidak ada yang meninggal",
        "penggerebekan itu batal dilakukan, tidak ada yang ditangkap",
        "nobody was arrested",
        "he was not deported",
    ],
)
def test_what_is_denied_did_not_happen(sentence: str) -> None:
    assert cues.find(sentence)[-1].is_denied


def test_of_two_readings_the_longer_stays() -> None:
    assert [cue.surface for cue in cues.find("ia ditemukan meninggal dunia")] == [
        "ditemukan meninggal dunia"
    ]


def test_no_cue_begins_inside_another_of_its_kind() -> None:
    found = one("67 orang dijadwalkan kembali ke Indonesia")
    assert found.surface == "dijadwalkan kembali"
    assert found.is_planned


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        ("ditangkap", "d"),
        ("(?:were |was )?(?:rescued|freed)", "wrf"),
        ("(?:sudah |telah )*(?:melapor|mengadu)", "stm"),
        ("(?=ke)keluar", "k"),
        ("di(?:bawa )?pulang", "d"),
        ("a?tiba", "at"),
    ],
)
def test_the_letters_that_may_open_a_cue(pattern: str, letters: str) -> None:
    assert cues._openings(pattern) == set(letters)


def test_a_cue_must_have_a_known_beginning() -> None:
    with pytest.raises(ValueError, match="must begin with a letter"):
        cues._openings(r"\w+ pulang")


PIECES = st.sampled_from(
    ["dipulangkan", "memulangkan", "akan", "tidak", "ditangkap", "were", "rescued", "21", "WNI", " ", ",", "raid",
     "tiba di", "Bandara", "(", "deported", "ke", "\n", "melarikan diri", "masih"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_offsets_are_true_and_cues_never_overlap(sentence: str) -> None:
    found = cues.find(sentence)
    for cue in found:
        assert sentence[cue.start : cue.end] == cue.surface
    for left, right in itertools.pairwise(found):
        assert left.end <= right.start


@pytest.mark.parametrize(
    "piece", ["tiba ", "di", "was ", "akan ", "masih di ", " ", "berhasil mencoba "]
)
def test_time_grows_with_length(piece: str) -> None:
    # Sentences are cut at 1,200 characters before they come here; this is far beyond.
    sentence = piece * (6_000 // len(piece))
    begin = time.process_time()
    _ = cues.find(sentence)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Tiga agen dicokok polisi", "arrest"),
        ("Penyidik menggelandang dua perekrut", "arrest"),
        ("Hakim mengganjar penyalur itu", "verdict"),
        ("Sebelas orang memanjat tembok", "escape"),
        ("22 rakyat Malaysia selamat pulang", "repatriation"),
        ("Mangsa diserah kepada kedutaan", "release_handover"),
        ("Dua lelaki didakwa di mahkamah", "prosecution"),
        ("Nine workers walked in at the embassy", "complaint"),
        ("Officers hauled in 40 foreigners", "raid"),
        ("Three brokers were sent to prison", "verdict"),
    ],
)
def test_newsroom_words_for_the_same_acts(sentence: str, key: str) -> None:
    assert key in {cue.key for cue in cues.find(sentence)}


def test_syntax_tells_verb_from_noun_and_act_from_plan() -> None:
    def side(sentence: str, key: str) -> str:
        return next(cue.side for cue in cues.find(sentence) if cue.key == key)

    assert side("64 nationals detained in Cambodia", "arrest") == "before"
    assert side("Police detained 64 nationals", "arrest") == "after"
    assert side("held during raids in two towns", "raid") == "noun"
    assert next(
        cue for cue in cues.find("asking to go home") if cue.key == "repatriation"
    ).is_planned
    assert not cues.find("the Bureau of Investigation said")


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("148 WNI padati KBRI", "complaint"),
        ("148 warga mengetuk pintu kedutaan", "complaint"),
        ("94 rakyat Malaysia banjiri kedutaan", "complaint"),
        ("62 workers besieged the Philippine embassy", "complaint"),
        ("267 orang terdaftar di KBRI", "complaint"),
        ("183 WNI turun dari pesawat", "repatriation"),
        ("187 workers were flown out of the country", "deportation"),
        ("BI puts 187 workers on plane out", "deportation"),
        ("1.180 orang dijaring", "raid"),
        ("412 workers were taken from a tower", "raid"),
        ("Workers overpowered the guards", "unrest"),
        ("Five bosses face trafficking raps", "prosecution"),
    ],
)
def test_each_family_of_words_has_its_variants(sentence: str, key: str) -> None:
    assert one(sentence).key == key


@pytest.mark.parametrize(
    "sentence",
    [
        "Tangis pecah di ruang kedatangan",
        "siasatan berhubung dakwaan itu ditutup",
        "a task force charged with cutting off the flow",
        "sejak gelombang pertama datang",
    ],
)
def test_words_in_another_sense_tell_of_no_event(sentence: str) -> None:
    assert not {"complaint", "prosecution", "repatriation"} & {
        cue.key for cue in cues.find(sentence)
    }
