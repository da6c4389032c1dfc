from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.contacts.models import BroadcastHold, ChannelIdentity
from core.crypto.data_keys import DataKeys, destroy_data_key
from core.db.database import Database, driver_connection
from core.errors import InvalidInputError, KeyDestroyedError, NotFoundError
from core.ids import new_id
from core.messages.models import Message
from core.messages.wording import never_said
from referrals.cases import BlankError, Case, answer, read_case
from referrals.closing import (
    OUTCOMES,
    WAITS,
    AnotherOpenError,
    ClosingGoneError,
    ClosingWaitsError,
    NotEndedError,
    OwnClosingError,
    ReasonError,
    Wish,
    approve_closing,
    close_case,
    endings,
    refuse_closing,
    reopen_case,
    takes_approval,
)
from referrals.desk.models import ReferralTask
from referrals.desk.tasks import TaskDayError, today
from referrals.intake import HELD_AFTER_CLOSING, open_referral
from referrals.models import Referral, ReferralEntry
from referrals.queue import EndedError, HeldError, claim
from referrals.receipts import track
from referrals.teams.models import StaffAlert
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer

NOTICE = "มีข้อความใหม่ถึงคุณ"
WORDS = "เราปิดรายการนี้แล้ว เขียนมาได้อีก"


@pytest.fixture
async def held(database: Database, refer: Refer, anong: UUID) -> UUID:
    """Dao's referral, held by Anong."""
    return await _hold(database, await refer("Dao", words="ช่วยด้วย"), anong)


@pytest.fixture
async def urgent(database: Database, refer: Refer, anong: UUID) -> UUID:
    """Fah's urgent one, held by Anong too."""
    return await _hold(database, await refer("Fah", "P0", words="ช่วยด้วย"), anong)


async def _hold(database: Database, referral_id: UUID, account: UUID) -> UUID:
    async with database.unit_of_work() as session:
        await claim(session, referral_id, account)
    return referral_id


async def close(
    database: Database, keys: DataKeys, referral_id: UUID, account: UUID, outcome: str = "advised", text: str = "",
    follow_up_on: date | None = None,
) -> bool:  # fmt: skip
    async with database.unit_of_work() as session:
        return await close_case(
            session, keys, referral_id=referral_id, account_id=account, wish=Wish(outcome, text, follow_up_on),
            notice=NOTICE, form_id=new_id(),
        )  # fmt: skip


async def approve(database: Database, keys: DataKeys, referral_id: UUID, account: UUID) -> None:
    async with database.unit_of_work() as session:
        await approve_closing(
            session, keys, referral_id=referral_id, account_id=account, notice=NOTICE, form_id=new_id()
        )


async def reopen(
    database: Database, keys: DataKeys, referral_id: UUID, account: UUID, why: str = "เขาเขียนมาอีก", *, oversees: bool = False
) -> None:  # fmt: skip
    async with database.unit_of_work() as session:
        await reopen_case(
            session, keys, referral_id=referral_id, account_id=account, why=why, oversees=oversees
        )


async def _read(database: Database, keys: DataKeys, referral_id: UUID, viewer: UUID) -> Case:
    async with database.unit_of_work() as session:
        return await read_case(session, keys, referral_id, viewer, oversees=True)


async def _told(database: Database, keys: DataKeys, referral_id: UUID, code: str) -> list[str]:
    """What the person reads by receipt."""
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        found = await track(
            await driver_connection(session), keys, source=b"source", code=code, identity_id=referral.identity_id,
            now=utc_now(),
        )  # fmt: skip
    return [one.text for one in found.answers]


def test_every_outcome_says_its_end_in_both_languages_and_promises_nothing() -> None:
    assert set(endings()) == set(OUTCOMES)
    for outcome, ending in endings().items():
        for words in (ending.th, ending.en):
            assert words, outcome
            assert not never_said(words), outcome


def test_urgent_cases_and_some_outcomes_take_a_supervisor() -> None:
    assert takes_approval("advised", "P0")
    assert takes_approval("advised", "P1")
    assert not takes_approval("advised", "P2")
    assert takes_approval("unreachable", "P3")


async def test_closing_holds_broadcasts_for_a_time_and_shows_in_the_thread(
    database: Database, keys: DataKeys, held: UUID, anong: UUID, boon: UUID, standing_clock: MovableClock
) -> None:
    for account, outcome, error in (
        (anong, "won", InvalidInputError),
        (boon, "helped", HeldError),
    ):
        with pytest.raises(error):
            async with database.unit_of_work() as session:
                await close_case(
                    session,
                    keys,
                    referral_id=held,
                    account_id=account,
                    wish=Wish(outcome),
                    notice=NOTICE,
                    form_id=new_id(),
                )
    assert await close(database, keys, held, anong, "advised")
    case = await _read(database, keys, held, anong)
    assert case.is_over
    assert case.lines[-1].mark == "closed"
    assert case.lines[-1].who == "Anong"
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(BroadcastHold.until)) == utc_now() + HELD_AFTER_CLOSING
    with pytest.raises(EndedError):
        await close(database, keys, held, anong)


async def test_closing_one_of_two_keeps_broadcasts_held(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    async with database.unit_of_work() as session:
        first = await session.get_one(Referral, held)
        identity = await session.get_one(ChannelIdentity, first.identity_id)
        key_row, _ = keys.row("case")
        session.add(key_row)
        other = ChannelIdentity(
            id=new_id(), contact_id=first.contact_id, channel="telegram", address_key=b"other",
            address=identity.address, created_at=utc_now(),
        )  # fmt: skip
        session.add(other)
        await session.flush()
        session.add(
            Referral(
                id=new_id(), contact_id=first.contact_id, identity_id=other.id, data_key_id=key_row.id,
                channel="telegram", source="crisis", state="open", priority="P0", kinds=[], reasons=[], rules="1",
                receipt_key=b"other", opened_at=utc_now() - timedelta(days=1), last_entry_at=utc_now(),
            )
        )  # fmt: skip
    assert await close(database, keys, held, anong, "helped")
    async with database.unit_of_work() as session:
        holds = (await session.execute(sa.select(BroadcastHold.contact_id, BroadcastHold.until))).all()
    assert [hold.until for hold in holds] == [None]


async def test_the_closing_words_go_out_as_an_answer_and_stand_under_the_receipt(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    assert await close(database, keys, held, anong, text=WORDS)
    async with database.unit_of_work() as session:
        message = (await session.scalars(sa.select(Message))).one()
    assert (message.kind, message.author_id) == ("staff", anong)
    assert await _told(database, keys, held, "Dao") == [WORDS]


async def test_whoever_blocked_us_finds_the_closing_words_by_receipt_alone(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(ChannelIdentity).values(blocked_at=utc_now()))
    assert await close(database, keys, held, anong, text=WORDS)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    assert await _told(database, keys, held, "Dao") == [WORDS]


async def test_words_with_an_unfilled_place_or_a_day_gone_by_close_nothing(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    with pytest.raises(BlankError):
        await close(database, keys, held, anong, text="ถึง {เวลา}")
    with pytest.raises(TaskDayError):
        await close(database, keys, held, anong, follow_up_on=today() - timedelta(days=1))
    assert not (await _read(database, keys, held, anong)).is_over


async def test_an_urgent_case_waits_for_another_person_who_may_let_it_be_closed(
    database: Database, keys: DataKeys, urgent: UUID, anong: UUID, boon: UUID
) -> None:
    assert not await close(database, keys, urgent, anong, "helped", WORDS)
    assert not (await _read(database, keys, urgent, anong)).is_over
    async with database.unit_of_work() as session:
        alerts = (await session.scalars(sa.select(StaffAlert))).all()
        assert [(one.account_id, one.kind) for one in alerts] == [(boon, WAITS)]
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    with pytest.raises(OwnClosingError):
        await approve(database, keys, urgent, anong)
    with pytest.raises(ClosingWaitsError):
        await close(database, keys, urgent, anong, "advised")
    await approve(database, keys, urgent, boon)
    case = await _read(database, keys, urgent, anong)
    assert (case.referral.closed_as, case.lines[-1].mark, case.lines[-1].who) == ("helped", "closed", "Boon")
    assert await _told(database, keys, urgent, "Fah") == [WORDS]
    with pytest.raises(EndedError):
        await approve(database, keys, urgent, boon)


async def test_a_refused_closing_goes_on_with_the_reason_in_its_thread(
    database: Database, keys: DataKeys, urgent: UUID, anong: UUID, boon: UUID
) -> None:
    await close(database, keys, urgent, anong, "helped", WORDS, today())
    for why, error in ((" ", ReasonError), ("ก" * 501, ReasonError)):
        with pytest.raises(error):
            async with database.unit_of_work() as session:
                await refuse_closing(session, keys, referral_id=urgent, account_id=boon, why=why)
    async with database.unit_of_work() as session:
        await refuse_closing(session, keys, referral_id=urgent, account_id=boon, why="ยังไม่ได้คุยกับบ้านพัก")
    case = await _read(database, keys, urgent, anong)
    assert case.is_held_by_viewer
    assert (case.lines[-1].mark, case.lines[-1].text) == ("closing_refused", "ยังไม่ได้คุยกับบ้านพัก")
    assert (case.referral.closing_text, case.referral.follow_up_on) == (None, None)
    with pytest.raises(ClosingGoneError):
        await approve(database, keys, urgent, boon)


async def test_a_day_to_look_again_becomes_a_task_of_whoever_held_it(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    day = today() + timedelta(days=30)
    await close(database, keys, held, anong, follow_up_on=day)
    async with database.unit_of_work() as session:
        task = (await session.scalars(sa.select(ReferralTask))).one()
    assert (task.account_id, task.due_on, task.what) == (anong, day, None)


async def test_a_reopened_case_is_held_by_whoever_reopened_it_and_holds_broadcasts_again(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    await close(database, keys, held, anong, text=WORDS, follow_up_on=today())
    await reopen(database, keys, held, anong)
    case = await _read(database, keys, held, anong)
    assert case.is_held_by_viewer
    assert (case.lines[-1].mark, case.lines[-1].text) == ("reopened", "เขาเขียนมาอีก")
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(BroadcastHold.until)) is None
        assert await session.scalar(sa.select(ReferralTask.done_by)) == anong
        await answer(
            session, keys, referral_id=held, account_id=anong, text="สวัสดีค่ะ", notice=NOTICE, form_id=new_id()
        )


async def test_a_case_is_not_reopened_without_reason_right_or_end(
    database: Database, keys: DataKeys, held: UUID, anong: UUID, boon: UUID
) -> None:
    with pytest.raises(NotEndedError):
        await reopen(database, keys, held, anong)
    await close(database, keys, held, anong)
    with pytest.raises(ReasonError):
        await reopen(database, keys, held, anong, " ")
    with pytest.raises(NotFoundError):
        await reopen(database, keys, held, boon)
    await reopen(database, keys, held, boon, oversees=True)
    assert (await _read(database, keys, held, boon)).is_held_by_viewer


async def test_who_wrote_again_and_opened_another_report_is_worked_on_there(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    await close(database, keys, held, anong)
    async with database.unit_of_work() as session:
        ended = await session.get_one(Referral, held)
        await open_referral(
            session, keys, contact_id=ended.contact_id, identity_id=ended.identity_id, channel="line",
            source="staff_request", priority="P2", kinds=(), reasons=(), receipt="again",
        )  # fmt: skip
    with pytest.raises(AnotherOpenError):
        await reopen(database, keys, held, anong)


async def test_an_erased_case_is_not_reopened(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    await close(database, keys, held, anong)
    async with database.unit_of_work() as session:
        await destroy_data_key(session, (await session.get_one(Referral, held)).data_key_id)
    with pytest.raises(KeyDestroyedError):
        await reopen(database, keys, held, anong)


async def test_closing_words_and_reasons_are_unreadable_by_sql(
    database: Database, keys: DataKeys, urgent: UUID, anong: UUID, boon: UUID
) -> None:
    await close(database, keys, urgent, anong, "helped", WORDS)
    async with database.unit_of_work() as session:
        await refuse_closing(session, keys, referral_id=urgent, account_id=boon, why=WORDS)
        await session.flush()
        bodies = (
            await session.scalars(sa.select(ReferralEntry.body).where(ReferralEntry.author == "system"))
        ).all()
    assert any(body is not None for body in bodies)
    assert not any(body is not None and WORDS.encode() in body.sealed for body in bodies)
