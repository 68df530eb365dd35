"""The language of a text: neighbours told apart, scripts, and what is too short to tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import language

TEXTS = {
    "id": "Tiga puluh warga tiba di bandara pada Kamis sore. Mereka bekerja di sebuah kantor karena dijanjikan uang "
    "yang besar, tetapi polisi menyebut perusahaan itu tidak punya izin.",
    "ms": "Tiga puluh orang tiba di lapangan terbang pada petang Khamis. Mereka bekerja di sebuah pejabat kerana "
    "dijanjikan wang yang besar, tetapi polis berkata syarikat itu tiada lesen.",
    "en": "Thirty people arrived at the airport on Thursday. They had worked in an office because they were "
    "promised good money, but police said that the company had no licence.",
    "jv": "Telung puluh wong teka ing bandara dina Kemis sore. Wong-wong iku nyambut gawe ing kantor amarga dijanjeni "
    "dhuwit akeh, nanging perusahaan kuwi ora duwe ijin lan wis ditutup.",
    "su": "Tilu puluh jalma datang ka bandara poé Kemis. Maranéhna digawé di kantor anu teu boga ijin, sareng aya "
    "nu teu dibayar ti bulan kamari jeung can bisa mulang ka imah.",
    "tl": "Tatlumpung tao ang dumating sa paliparan noong Huwebes. Nagtrabaho sila sa isang opisina dahil pinangakuan "
    "ng malaking sahod, pero walang lisensya ang kompanya.",
    "vi": "Ba mươi người đã đến sân bay vào chiều thứ Năm. Họ làm việc trong một văn phòng vì được hứa trả lương cao, "
    "nhưng công ty đó không có giấy phép.",
    "th": "ชาวบ้านสามสิบคนเดินทางถึงสนามบินเมื่อบ่ายวันพฤหัสบดี",
    "km": "មនុស្សសាមសិបនាក់បានមកដល់ព្រលានយន្តហោះ",
    "my": "လူသုံးဆယ် လေဆိပ်သို့ ရောက်ရှိခဲ့သည်",
    "lo": "ສາມສິບຄົນມາຮອດສະໜາມບິນໃນວັນພະຫັດ",
    "zh": "周四下午三十人抵达机场，警方说该公司没有执照",
    "ja": "木曜日の午後、三十人が空港に到着しました",
    "ko": "목요일 오후 서른 명이 공항에 도착했습니다",
}


@pytest.mark.parametrize("code", TEXTS)
def test_each_language_is_told(code: str) -> None:
    assert language.detect(TEXTS[code]) == code


@pytest.mark.parametrize("text", ["", "   ", "12.345", "Foto", "WNI di Kamboja", "ok", "KBRI"])
def test_too_short_to_tell(text: str) -> None:
    assert language.detect(text) == "und"


def test_a_quoted_name_in_another_script_does_not_decide() -> None:
    assert language.detect(TEXTS["id"] + " Kota itu bernama แม่สอด.") == "id"
    assert language.detect(TEXTS["en"] + " It calls itself 亚太新城.") == "en"


def test_the_rest_of_the_text_still_decides_behind_a_foreign_name() -> None:
    assert language.detect(TEXTS["th"] + " KK Park") == "th"


def test_a_malay_headline_with_one_indonesian_word_stays_malay() -> None:
    text = (
        "Polis tahan suspek kes syarikat palsu di Kota Bharu, wang mangsa lesap, kata ketua jabatan"
    )
    assert language.detect(text) == "ms"


def test_mark_words_belong_to_one_language_only() -> None:
    assert not language.INDONESIAN & language.MALAY


def test_only_the_opening_is_looked_at() -> None:
    assert language.detect(TEXTS["id"] * 30 + TEXTS["en"] * 60) == "id"


@given(st.text(max_size=200))
def test_every_text_gets_a_code(text: str) -> None:
    code = language.detect(text)
    assert code == "und" or (len(code) == 2 and code.isascii() and code.islower())


@given(st.sampled_from(["id", "ms", "en", "th", "zh"]), st.integers(0, 10))
def test_blank_lines_change_nothing(code: str, n: int) -> None:
    assert language.detect("\n" * n + TEXTS[code] + " \n" * n) == code
