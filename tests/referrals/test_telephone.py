import asyncio
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact, ContactRule
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.messages.models import Message
from referrals.cases import answer
from referrals.models import AgencyConsent, Referral, ReferralEntry
from referrals.questionnaires.reading import load_questionnaire
from referrals.queue import claim
from referrals.reaching import ByPhoneError
from referrals.receipts import open_by_word, track
from referrals.reports import read_report
from referrals.telephone import (
    CHAT_ONLY,
    LONGEST_STORY,
    Call,
    NothingToldError,
    NumberError,
    Opened,
    PhoneOpenError,
    StoryLengthError,
    open_by_phone,
    opened_lately,
    questions_for,
    read_number,
    receipt_of,
)
from referrals.telephone_reading import hear, read_answers
from referrals.triage.assessment import judge
from tests.conftest import MovableClock

ANSWERS = {
    "G1": ["no"], "G2": ["self"], "G3": ["no"], "G4": ["เชียงใหม่"], "P5q": ["cannot"], "C3": ["hours"],
    "C3h": ["18.00-20.00"], "T": ["work"], "G5": ["working"], "M2": ["they"], "M5": ["hurt", "authorities"], "C1": ["refer"],
    "C2": ["police", "msdhs"], "C2n": ["withheld"],
}  # fmt: skip


async def take(
    database: Database, keys: DataKeys, account: UUID, call: Call, form_id: UUID | None = None
) -> Opened | None:
    async with database.unit_of_work() as session:
        return await open_by_phone(session, keys, account_id=account, call=call, form_id=form_id or new_id())


async def test_a_call_becomes_a_report_like_one_from_a_chat_held_by_who_took_it(
    database: Database, keys: DataKeys, anong: UUID
) -> None:
    answers = read_answers(ANSWERS)
    opened = await take(database, keys, anong, Call(answers, "ออกไปไหนไม่ได้มาสองเดือน"))
    assert opened is not None
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, opened.referral_id)
        assert (referral.channel, referral.source, referral.state) == ("phone", "report", "claimed")
        assert (referral.claimed_by, referral.place) == (anong, "province:TH-50")
        assert referral.awaits_since is None
        judged = judge(load_questionnaire(), answers, referral.kinds)
        assert referral.priority == judged.priority != "P3"
        assert "forced_labour_6_1" in referral.bands
        report = await read_report(session, keys, referral)
        assert {question: told.codes for question, told in report.answers.items()} == answers
        rule = await session.get_one(ContactRule, referral.contact_id)
        assert (rule.may_write_first, rule.from_minute, rule.until_minute) == (True, 18 * 60, 20 * 60)
        consents = (await session.scalars(sa.select(AgencyConsent))).all()
        assert {(one.agency, one.granted, one.with_identity) for one in consents} == {
            ("police", True, False),
            ("msdhs", True, False),
        }
        marks = await session.scalars(sa.select(ReferralEntry.mark).where(ReferralEntry.author == "system"))
        assert list(marks) == ["called", "claimed"]


async def test_words_of_danger_in_the_story_raise_it_as_in_a_chat(
    database: Database, keys: DataKeys, anong: UUID
) -> None:
    asks, pleads = "อยากถามเรื่องสัญญาจ้าง", "ช่วยด้วย เขาขังหนูไว้ในห้อง ออกไปไม่ได้ โดนตีทุกวัน"
    plain = await take(database, keys, anong, Call({}, asks, heard=hear(asks)))
    grave = await take(database, keys, anong, Call({}, pleads, heard=hear(pleads)))
    assert plain is not None
    assert grave is not None
    async with database.unit_of_work() as session:
        calm = await session.get_one(Referral, plain.referral_id)
        urgent = await session.get_one(Referral, grave.referral_id)
        assert urgent.kinds
        assert urgent.priority < calm.priority == "P3"


async def test_the_receipt_read_out_shows_the_status_and_the_code_word_the_notes(
    database: Database, keys: DataKeys, anong: UUID
) -> None:
    opened = await take(database, keys, anong, Call({"G1": ("no",)}, code_word="มะม่วง"))
    assert opened is not None
    assert len(opened.receipt) == 16
    assert opened.receipt.isdigit()
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        where: dict[str, Any] = {"source": b"s", "identity_id": new_id(), "now": utc_now()}
        found = await track(connection, keys, code=opened.receipt, **where)
        assert (found.referral, found.stage, found.opened) == (opened.referral_id, "held", False)
        opened_up = await open_by_word(
            connection, keys, referral_id=opened.referral_id, word=" มะม่วง ", **where
        )
        assert opened_up.opened


async def test_nothing_can_be_sent_to_somebody_who_called(
    database: Database, keys: DataKeys, anong: UUID
) -> None:
    opened = await take(database, keys, anong, Call({}, "เล่าทางโทรศัพท์"))
    assert opened is not None
    with pytest.raises(ByPhoneError):
        async with database.unit_of_work() as session:
            await answer(
                session, keys, referral_id=opened.referral_id, account_id=anong, text="สวัสดี", notice="-",
                form_id=new_id(),
            )  # fmt: skip
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


async def test_a_number_is_kept_sealed_and_found_again_with_its_caller(
    database: Database, keys: DataKeys, anong: UUID, boon: UUID
) -> None:
    opened = await take(database, keys, anong, Call({}, "ครั้งแรก", "081-234-5678"))
    assert opened is not None
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, opened.referral_id)
        assert await read_number(session, keys, referral) == "+66812345678"
        row = str((await session.execute(sa.text("SELECT c::text FROM channel_identity c"))).all())
        assert "812345678" not in row
    with pytest.raises(PhoneOpenError):
        await take(database, keys, boon, Call({}, "โทรมาอีก", "0812345678"))
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, opened.referral_id)).state = "closed"
    again = await take(database, keys, boon, Call({}, "โทรมาอีก", "+66 81 234 5678"))
    assert again is not None
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 1
        assert await session.scalar(sa.select(sa.func.count()).select_from(ChannelIdentity)) == 1


async def test_without_a_number_there_is_none_to_read(
    database: Database, keys: DataKeys, anong: UUID
) -> None:
    opened = await take(database, keys, anong, Call({}, "ไม่บอกเบอร์"))
    assert opened is not None
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, opened.referral_id)
        assert await read_number(session, keys, referral) == ""


async def test_a_form_pressed_twice_at_once_opens_one_report_with_one_code(
    database: Database, keys: DataKeys, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    form_id = new_id()
    opened = await asyncio.gather(
        *(take(database, keys, anong, Call({}, "ครั้งเดียว"), form_id) for _ in range(3))
    )
    (first,) = [one for one in opened if one is not None]
    assert first.receipt == receipt_of(keys, form_id)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Referral)) == 1
        assert await opened_lately(session, form_id, anong) == first.referral_id
        assert await opened_lately(session, form_id, boon) is None
        standing_clock.advance(minutes=11)
        assert await opened_lately(session, form_id, anong) is None


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (Call({}), NothingToldError),
        (Call({}, " \n"), NothingToldError),
        (Call({}, "ก" * (LONGEST_STORY + 1)), StoryLengthError),
        (Call({}, "x", code_word="ก" * 41), StoryLengthError),
        (Call({}, "x", "เบอร์แม่"), NumberError),
        (Call({}, "x", "12"), NumberError),
    ],
)
async def test_a_call_that_can_not_be_kept_opens_nothing(
    database: Database, keys: DataKeys, anong: UUID, call: Call, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await take(database, keys, anong, call)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Referral)) == 0


def test_what_no_longer_applies_is_neither_asked_nor_kept() -> None:
    everything = {one.id for one in questions_for({})}
    job = {one.id for one in questions_for({"G2": ("job_check",)})}
    assert "M2" in everything
    assert not job >= {"G3", "M2"}
    assert CHAT_ONLY.isdisjoint(everything | job)
    assert read_answers({"G2": ["job_check"], "M2": ["they"]}) == {"G2": ("job_check",)}


async def test_the_call_is_claimed_like_any_other(database: Database, keys: DataKeys, anong: UUID) -> None:
    opened = await take(database, keys, anong, Call({}, "x"))
    assert opened is not None
    async with database.unit_of_work() as session:
        await claim(session, opened.referral_id, anong)
