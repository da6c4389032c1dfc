import pytest

from nlp.judgement import judge
from nlp.prepared import prepare
from nlp.verdict import CAUTION, DANGER, choose_band, study_text


def test_bands_follow_the_score() -> None:
    assert choose_band(DANGER, offer=True) == "danger"
    assert choose_band(CAUTION, offer=True) == "caution"
    assert choose_band(CAUTION - 0.01, offer=True) == "unclear"
    assert choose_band(0.99, offer=False) == "not_an_offer"


@pytest.mark.parametrize(
    "text",
    [
        "เปิดรับพนักงานเสิร์ฟ ร้านอาหารย่านอารีย์ เงินเดือน 12,000 + ทิป สนใจโทร 02-123-4567",
        "โรงงานรับพนักงานฝ่ายผลิต ค่าแรง 370 บาท/วัน มีโอที ประกันสังคม รถรับส่ง",
        "บริษัท กขค จำกัด รับสมัครพนักงานขับรถ 15 อัตรา เงินเดือน 15,000 บาท โทร 081-111-2222",
        "กรมการจัดหางาน รับสมัครคนทำงานมาเก๊า 50 อัตรา เงินเดือนสูง สมัครด่วน",
        "ต้องการแม่บ้านอยู่ประจำ เงินเดือน 12000 มีที่พัก",
        "กระทรวงแรงงาน เปิดรับสมัครคนไทยฝึกงานญี่ปุ่น 3 ปี สมัครฟรี",
    ],
)
def test_a_genuine_looking_offer_is_unclear_and_never_more(text: str) -> None:
    assert judge(text).band == "unclear"


@pytest.mark.parametrize(
    "text",
    [
        "สวัสดีค่ะ",
        "วันนี้ไปสมัครงานมา ตื่นเต้นมาก",
        "บริการนี้ฟรีไหมคะ",
        "เตือนภัย อย่าหลงเชื่องานแพ็คของที่บ้าน เก็บค่ามัดจำ",
        "ตำรวจจับแก๊งหลอกคนไปทำงานปอยเปต",
        "ช่วยด้วย โดนขังอยู่",
        "เหนื่อยกับงานมาก หัวหน้าบ่นทุกวัน",
        "",
        "😀😀😀",
    ],
)
def test_talk_warnings_news_and_pleas_are_no_offers(text: str) -> None:
    judgement = judge(text)
    assert judgement.band == "not_an_offer"
    assert judgement.indicators == ()


def test_a_question_about_an_offer_described_in_words_is_judged() -> None:
    assert judge("งานแอดมินที่ปอยเปตจริงไหมคะ").band in {"danger", "caution"}


def test_a_study_keeps_no_signs_of_a_warning() -> None:
    assert study_text(prepare("เตือนภัย รับซื้อบัญชีธนาคารผิดกฎหมาย")).indicators == ()
