import pytest

from nlp.indicators import find_credits
from nlp.judgement import judge
from nlp.prepared import prepare
from nlp.signs import CREDITS, SIGNS
from nlp.verdict import study_text

FIRES = [(sign.code, text) for sign in SIGNS for text in sign.must_fire]
SILENT = [(sign.code, text) for sign in SIGNS for text in sign.must_not_fire]


@pytest.mark.parametrize(("code", "text"), FIRES)
def test_a_sign_fires_on_its_examples(code: str, text: str) -> None:
    assert code in {sign.code for sign in judge(text).indicators}


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_a_sign_stays_silent_on_its_counterexamples(code: str, text: str) -> None:
    assert code not in {sign.code for sign in judge(text).indicators}


def test_there_are_enough_signs_and_each_is_complete() -> None:
    assert len(SIGNS) >= 30
    assert len({sign.code for sign in SIGNS}) == len(SIGNS)
    for sign in SIGNS:
        assert len(sign.must_fire) >= 2
        assert len(sign.must_not_fire) >= 2
        assert sign.name
        assert sign.reason
        assert sign.source
        assert sign.since == "2026.11.1"
        assert 0 < sign.weight < 4


def test_no_word_to_citizens_calls_an_offer_safe_or_a_person_a_victim() -> None:
    said = " ".join(sign.name + sign.reason for sign in SIGNS)
    assert "ปลอดภัย" not in said
    assert "เหยื่อ" not in said
    assert "\n" not in said


def test_signs_come_strongest_first_and_quote_the_text() -> None:
    text = "🔥รับแอดมิน ป อ ย เ ป ต เดือนละ ๓๕,๐๐๐ บาท ไม่ต้องใช้พาสปอร์ต แอดไลน์ id: job8899"
    found = judge(text).indicators
    assert "wording" not in {sign.code for sign in found}
    assert [sign.weight for sign in found] == sorted((sign.weight for sign in found), reverse=True)
    assert all(sign.evidence == text[sign.start : sign.end] != "" for sign in found)
    assert any("ป อ ย เ ป ต" in sign.evidence for sign in found)


def test_what_is_quoted_stays_in_its_line() -> None:
    found = judge("ทำงานที่ปอยเปต\nเงินเดือน 35,000 บาท\nรับแอดมิน").indicators
    assert "scam_hub_place" in {sign.code for sign in found}
    assert [sign.evidence for sign in found if "\n" in sign.evidence] == []


@pytest.mark.parametrize("word", ["ด่วน", "ฟรี", "ที่พักฟรี", "รายได้สูง"])
@pytest.mark.parametrize(
    "advert",
    [
        "ร้านข้าวแกงป้าแดง หน้าตลาดบางพลี รับคนเสิร์ฟ 2 คน {} วันละ 400 เดินมาคุยที่ร้านได้เลย",
        "โรงงานรับพนักงานฝ่ายผลิต {} ค่าแรง 370 บาท/วัน มีโอที ประกันสังคม รถรับส่ง",
    ],
)
def test_a_word_that_genuine_notices_share_never_decides_alone(advert: str, word: str) -> None:
    assert judge(advert.format(word)).band == "unclear"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("official_link", "สมัครที่ https://toea.doe.go.th"),
        ("licence_named", "ใบอนุญาตจัดหางานเลขที่ น.988/2543"),
        ("employer_and_landline", "บริษัท กขค จำกัด โทร 02-123-4567"),
        ("social_security", "มีประกันสังคมและโบนัส"),
    ],
)
def test_features_of_genuine_offers_give_a_small_credit(code: str, text: str) -> None:
    study = study_text(prepare(text))
    assert code in {credit.code for credit in find_credits(study.prepared, study.facts)}
    assert next(credit for credit in CREDITS if credit.code == code).weight < 0
