"""Every lure has a name, and every sign that speaks of a lure stands under one."""

from nlp.judgement import judge
from nlp.signs import SIGNS
from screening.kinds import _KIND_OF_SIGN, NAMES, kind_of
from tests.screening.conftest import OFFER


def test_kinds_speak_of_signs_that_exist() -> None:
    assert set(_KIND_OF_SIGN) <= {sign.code for sign in SIGNS}
    assert set(_KIND_OF_SIGN.values()) < set(NAMES)


def test_the_strongest_sign_that_has_a_kind_decides() -> None:
    assert kind_of(judge(OFFER)) == "scam_centre"
    assert kind_of(judge("รับสมัครคนแพ็กสบู่ที่บ้าน รายได้วันละ 900 บาท")) == "home_work"


def test_terms_count_only_where_no_work_is_known() -> None:
    assert kind_of(judge("รับสมัครคนแพ็กสบู่ที่บ้าน รายได้วันละ 900 บาท มัดจำค่าอุปกรณ์ก่อน 300 บาท")) == "home_work"
    assert kind_of(judge("รับคนงาน รายได้ 20,000 บาท ต้องโอนค่าสมัคร 500 บาทก่อนเริ่มงาน")) == "advance_fee"
