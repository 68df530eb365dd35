"""Sentences, paragraphs, normalising, folding: examples first, then properties."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import text as texts


def _split(text: str) -> list[str]:
    return [text[start:end] for start, end in texts.sentences(text)]


# `|` marks where a sentence ends.
SENTENCES = [
    "Polisi menangkap dua orang.| Mereka ditahan.",
    "Kombes Pol. Ade Rahman tiba.| Ia didampingi Irjen. Budi dan Brigjen Pol. Cakra.",
    "Drs. H. M. Nur dan Dr. Ani hadir.| Prof. Ir. Surya tidak.",
    "Alamatnya Jl. Merdeka No. 21.| Rumah itu kosong.",
    "Kerugian Rp. 5 juta.| Rugi Rp1,5 miliar.| Sisanya 1.386 kasus.",
    "Naik dari 15 kasus pada 2020 menjadi 1.386 kasus pada 2023.| Adapun 544 kasus judi.",
    "Pukul 16.20 WIB. 12 orang tiba.".replace("WIB. ", "WIB.| "),
    "“Kami pulang.”| Dia menangis.",
    '"Tolong!" katanya.| Tak ada jawaban.',
    '"Siapa?" tanya petugas.| "Saya," jawabnya.',
    "(Semua selamat.)| Kapal kembali.",
    "Lalu hening...| Petugas masuk.",
    "Ia berkata... lalu diam.",
    "Paspor, tiket, dll. disita.| Petugas pergi.",
    "Mereka membawa paspor, tiket, dll.| Petugas pergi.",
    "Berlaku s.d. Juni a.n. Budi pada tgl. 3 Mei.| Lalu berakhir.",
    "Tersangka berinisial A.| Polisi menahannya.",
    "Korban AS.| Dia berusia 20 tahun.",
    "Ditulis oleh R. A. Kartini.| Terbit lama.",
    "The U.S. Embassy spoke.| He left the U.S.| The end came.",
    "Mr. Smith met Gen. Lee at 5 p.m.| Police agreed.",
    "Acme Co. Ltd. was closed.| It owed Sdn. Bhd. partners.",
    "In Jan. 2024 it began.| By Feb.| The raids ended.",
    "Dato' Seri Ahmad berkata.| Insp. Tan mengesahkan.",
    "Version 2.0 of the site cost $1.5 million.| It failed.",
    "See kompas.com and u.n. pages.| Then stop.",
    "What now?!| Nobody knows.",
    "1. Polisi datang.| Mereka pergi.",
    "Harga naik 3,5 persen.| Turun 1.000 rupiah.",
    "– Dia pergi.| – Kami tinggal.",
    "PT. Maju Jaya dan CV. Abadi terlibat.| Keduanya tutup.",
    "他来了。|他走了。",
    "តើអ្នក។|ចាស។",
    "Ia lahir 3 Agu. 1999.| Kini dewasa.",
    "S.H., M.H. hadir.",
    "tiba di Kab. Bogor, Kec. Cibinong.| Lalu pulang.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_sentences(marked: str) -> None:
    assert _split(marked.replace("|", "")) == [piece.strip() for piece in marked.split("|")]


def test_a_newline_always_ends_a_sentence() -> None:
    assert _split("Judul tanpa titik\nIsi pertama. Isi kedua\n\n  Akhir ") == [
        "Judul tanpa titik",
        "Isi pertama.",
        "Isi kedua",
        "Akhir",
    ]


def test_paragraphs_are_stripped_lines() -> None:
    text = "a b \n\n  c\r\nd"
    assert [text[start:end] for start, end in texts.paragraphs(text)] == ["a b", "c", "d"]


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Kam\u00adboja", "Kamboja"),
        ("a\u200bb\u200e\u202ec\ufeff", "abc"),
        ("a\u00a0 \u2009b\tc", "a b c"),
        (" a \r\n\r\n b\x0b\u2028c ", "a\nb\nc"),
        ("e\u0301", "\u00e9"),
        ("x\x00\x07y\ud800z", "xyz"),
        ("\n \n", ""),
    ],
)
def test_normalise(raw: str, clean: str) -> None:
    assert texts.normalise(raw) == clean


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đà Nẵng", "da nang"),
        ("Jum\u2019at", "jum'at"),
        ("CAFÉ", "cafe"),
        ("Straße", "straße"),
        ("İstanbul", "istanbul"),
        ("\uff21\uff11", "a1"),
        ("Sihanoukville\u00a0KH", "sihanoukville kh"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert texts.fold(text) == folded


TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(list(" .!?\n\"”)('Aa1,–DrNo"))))


@given(TEXT)
def test_sentences_tile_the_text(text: str) -> None:
    spans = texts.sentences(text)
    end = 0
    for span in spans:
        assert not text[end : span.start].strip()
        piece = text[span.start : span.end]
        assert piece
        assert piece == piece.strip()
        assert "\n" not in piece
        end = span.end
    assert not text[end:].strip()


@given(st.integers(0, 10**9), st.sampled_from([".", ","]), st.integers(0, 999))
def test_numbers_are_never_split(left: int, mark: str, right: int) -> None:
    number = f"{left}{mark}{right:03d}"
    assert _split(f"Ada {number} kasus. Dan {number}. Selesai.") == [
        f"Ada {number} kasus.",
        f"Dan {number}.",
        "Selesai.",
    ]


@given(TEXT)
def test_normalising_twice_is_once(text: str) -> None:
    once = texts.normalise(text)
    assert texts.normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n\n" not in once
    assert "  " not in once


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    folded = texts.fold(text)
    assert len(folded) == len(text)
    assert texts.fold(folded) == folded
