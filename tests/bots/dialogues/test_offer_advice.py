from datetime import datetime
from typing import get_args

import pytest

from bots.dialogues.offer_advice import MOST_TO_DO, SIGNS, Matter, OfferBand, advice, matters_of
from bots.engine.steps import Facts
from core.clock import BANGKOK
from nlp.judgement import Entity, Indicator, Judgement, judge
from nlp.signs import SIGNS as KNOWN
from tests.bots.dialogues.talk import CALM

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=BANGKOK)
SUNDAY_NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=BANGKOK)


def told(*matters: Matter, band: OfferBand = "danger", now: datetime = NOON, paid: bool = False) -> str:
    facts = Facts(now=now, crisis=CALM)
    return "\n".join(advice("th", band, facts, frozenset(matters), paid=paid))


def test_every_sign_that_makes_a_matter_is_one_that_we_find() -> None:
    codes = {sign.code for sign in KNOWN}
    assert {code for signs in SIGNS.values() for code in signs} <= codes
    assert set(SIGNS) == set(get_args(Matter))


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("งานกดไลก์รับเงินทันที ต้องเติมเงินก่อนถึงถอนได้", "task"),
        ("รับซื้อบัญชีธนาคาร เปิดบัญชีละ 1,000", "account"),
        ("รับน้อง ๆ อายุ 15 ปีขึ้นไป ทำงานร้านคาราโอเกะ", "minor"),
        ("รับแอดมินตอบแชทปอยเปต", "abroad"),
        ("แพ็กของที่บ้าน มีค่ามัดจำ 300 บาท", "money"),
    ],
)
def test_an_offer_is_known_for_what_it_is_about(text: str, matter: Matter) -> None:
    assert matter in matters_of(judge(text))


def test_a_sign_that_nobody_knows_yet_changes_nothing() -> None:
    sign = Indicator("from_tomorrow", "", "", 2.0, 0, 1, "")
    place = {"place": (Entity("ดูไบ", 0, 1, {"country": "AE"}),)}
    judged = Judgement("danger", 0.9, (sign,), place, CALM, "check_offer", "r", "m")
    assert matters_of(judged) == {"abroad"}


def test_abroad_brings_the_consular_number_and_the_list_of_licensed_companies() -> None:
    assert "02-572-8442 กรมการกงสุล (24 ชม.)" in told("abroad")
    assert "doe.go.th/ipd" in told("abroad")
    assert "02-572-8442" not in told("money")


def test_money_brings_the_number_that_freezes_accounts_unless_it_was_told_first() -> None:
    assert "1441" in told("money")
    assert "1441" not in told("money", paid=True)


def test_a_child_brings_the_social_centre_and_an_adult_to_tell() -> None:
    assert "บอกผู้ใหญ่ที่ไว้ใจ" in told("minor", band="caution")
    assert "1300" in told("minor", band="caution")
    assert told("minor").count("1300") == 1


def test_trouble_at_home_brings_the_social_centre_in_danger_only() -> None:
    assert "1300" in told()
    assert "1300" not in told(band="caution")


def test_there_is_never_more_to_do_than_can_be_read() -> None:
    lines = told(*SIGNS).splitlines()
    assert len([line for line in lines if not line.startswith("📞")]) == MOST_TO_DO
    assert len([line for line in lines if line.startswith("📞")]) <= 4


def test_a_closed_number_says_when_it_opens_and_one_that_is_always_open_says_so() -> None:
    lines = told("money", now=SUNDAY_NIGHT).splitlines()
    assert lines[-1].endswith("เปิดพรุ่งนี้ 8.30)")
    assert "1441 ศูนย์ AOC (24 ชม.)" in lines[-3]
