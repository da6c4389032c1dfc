from uuid import UUID

import pytest

from app.console.report_view import say_reason
from app.faces.provinces import load_map
from core.contacts.wishes import set_contact_rule
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.models import Referral
from referrals.questionnaires.reading import load_questionnaire
from referrals.reports import Given, record_agency_consent, store_answers
from tests.app.conftest import Browser

ANSWERS = {
    "G1": ("no",), "G2": ("self",), "G3": ("no",), "G4": ("province:TH-50",), "P5q": ("cannot",),
    "C3": ("skip",), "M7": ("yes",), "X1": ("text:อยู่ห้อง <b>1905</b>",),
}  # fmt: skip


@pytest.fixture
async def reported(database: Database, keys: DataKeys, referral_id: UUID) -> UUID:
    """Dao's referral with her answers."""
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await store_answers(
            session, keys, identity_id=referral.identity_id, questionnaire=load_questionnaire("report"),
            answers=[Given(question, codes, new_id()) for question, codes in ANSWERS.items()],
        )  # fmt: skip
        await record_agency_consent(
            session, referral.identity_id, "police", granted=True, with_identity=False, wording="1"
        )
    return referral_id


async def test_whoever_holds_the_case_reads_answers_unknowns_and_wishes(
    anong: Browser, reported: UUID
) -> None:
    before = (await anong.get(f"/console/referrals/{reported}")).text
    assert "คำตอบของผู้แจ้ง" not in before
    await anong.post(f"/console/referrals/{reported}/claim")
    page = (await anong.get(f"/console/referrals/{reported}")).text
    for shown in (
        "ถ้าอยากเลิกและออกมาวันนี้ ทำได้ไหม", "ไม่ได้", "เชียงใหม่", "อย่าทักก่อน", "ตำรวจ: ยอม ไม่ส่งชื่อ",
        "ยังไม่รู้ ถามต่อข้อนี้ก่อน", "ออกไปข้างนอกเองได้ไหม", "น่าจะเข้าข่าย ม.6/1",
    ):  # fmt: skip
        assert shown in page
    assert "อยู่ห้อง &lt;b&gt;1905&lt;/b&gt;" in page


async def test_hours_are_shown_as_chosen(anong: Browser, reported: UUID, database: Database) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, reported)
        await set_contact_rule(
            session, referral.contact_id, may_write_first=True, from_minute=17 * 60 + 30, until_minute=21 * 60
        )
    await anong.post(f"/console/referrals/{reported}/claim")
    assert "17:30–21:00" in (await anong.get(f"/console/referrals/{reported}")).text


async def test_a_new_answer_and_a_pin_appear_on_a_page_that_is_open(
    anong: Browser, reported: UUID, database: Database, keys: DataKeys
) -> None:
    await anong.post(f"/console/referrals/{reported}/claim")
    page = (await anong.get(f"/console/referrals/{reported}")).text
    seen = page.partition("?seen=")[2].partition('"')[0]
    assert (await anong.get(f"/console/referrals/{reported}/thread?seen={seen}")).status_code == 204
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, reported)
        await store_answers(
            session, keys, identity_id=referral.identity_id, questionnaire=load_questionnaire("report"),
            answers=[Given("G4", ("geo:13.6543,102.5501",), new_id())],
        )  # fmt: skip
    fresh = await anong.get(f"/console/referrals/{reported}/thread?seen={seen}")
    assert fresh.status_code == 200
    assert 'hx-swap-oob="true"' in fresh.text
    assert "13.6543,102.5501" in fresh.text


async def test_a_case_without_a_report_says_what_to_do(anong: Browser, referral_id: UUID) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert "ยังไม่ได้ตอบคำถามสักข้อ" in page
    assert "การกระทำ" not in page


def test_reasons_of_triage_and_of_the_conversation_both_have_words() -> None:
    assert say_reason("danger_now") == "มีคนกำลังถูกทำร้าย ถูกขัง หรือป่วยหนัก"
    assert say_reason("asked_for_staff") == "ขอคุยกับเจ้าหน้าที่"
    assert say_reason("invented_tomorrow") == "เหตุอื่น"


@pytest.mark.skipif(load_map() is None, reason="the map is missing: run `make setup`")
async def test_the_province_that_was_told_is_marked_on_the_map(anong: Browser, reported: UUID) -> None:
    assert "<svg viewBox" not in (await anong.get(f"/console/referrals/{reported}")).text
    await anong.post(f"/console/referrals/{reported}/claim")
    page = (await anong.get(f"/console/referrals/{reported}")).text
    known = load_map()
    assert known is not None
    assert f'<path class="here" d="{known.outlines["TH-50"]}"/>' in page


async def test_the_report_is_read_in_the_language_of_whoever_reads(anong: Browser, reported: UUID) -> None:
    await anong.post(f"/console/referrals/{reported}/claim")
    await anong.post("/console/language", language="en", back="/console")
    page = (await anong.get(f"/console/referrals/{reported}")).text
    for shown in ("May come under s. 6/1", "Chiang Mai", "Waits until they open it"):
        assert shown in page
