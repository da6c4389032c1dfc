import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact
from core.crypto.data_keys import DataKey, DataKeys, destroy_data_key
from core.crypto.sealing import context
from core.db.database import Database
from core.errors import ConflictError, KeyDestroyedError, NotFoundError
from core.ids import new_id
from core.messages.content import Text, decode_envelope
from core.messages.models import Message
from referrals.cases import (
    LONGEST_ANSWER,
    AnswerLengthError,
    Case,
    NotClaimedError,
    answer,
    read_case,
    send_again,
)
from referrals.intake import cancel_referral
from referrals.models import Referral, ReferralEntry
from referrals.queue import HeldError, claim
from tests.referrals.conftest import Refer

NOTICE = "มีข้อความใหม่ถึงคุณ"


@pytest.fixture
async def held(database: Database, refer: Refer, anong: UUID) -> UUID:
    """Dao's referral, held by Anong."""
    referral_id = await refer("Dao", words="ช่วยด้วย")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    return referral_id


async def _read(
    database: Database, keys: DataKeys, referral_id: UUID, viewer: UUID, *, oversees: bool = False
) -> Case:
    async with database.unit_of_work() as session:
        return await read_case(session, keys, referral_id, viewer, oversees=oversees)


async def _answer(
    database: Database,
    keys: DataKeys,
    referral_id: UUID,
    account: UUID,
    text: str = "สวัสดีค่ะ",
    form_id: UUID | None = None,
) -> UUID:
    async with database.unit_of_work() as session:
        return await answer(
            session, keys, referral_id=referral_id, account_id=account, text=text, notice=NOTICE,
            form_id=form_id or new_id(),
        )  # fmt: skip


async def _set_state(database: Database, state: str) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Message).values(state=state))


async def test_an_answer_is_one_sensitive_message_and_one_sealed_line(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    entry_id = await _answer(database, keys, held, anong, " ตอนนี้พิมพ์สะดวกไหม\r\nตอบเมื่อสะดวกได้ค่ะ ")
    words = "ตอนนี้พิมพ์สะดวกไหม\nตอบเมื่อสะดวกได้ค่ะ"
    async with database.unit_of_work() as session:
        message = (await session.scalars(sa.select(Message))).one()
        entry = await session.get_one(ReferralEntry, entry_id)
        referral = await session.get_one(Referral, held)
        contact = await session.get_one(Contact, referral.contact_id)
        key = await keys.load(session, contact.data_key_id)
        case_key = await keys.load(session, referral.data_key_id)
    assert (message.kind, message.lane, message.state, message.author_id) == (
        "staff", "hotline", "pending", anong,
    )  # fmt: skip
    assert message.content is not None
    content = decode_envelope(message.content.open(key, context("message", "content", message.id))).content
    assert (content.bubbles, content.sensitive, content.notice) == ((Text(words),), True, NOTICE)
    assert entry.body is not None
    assert entry.body.open(case_key, context("referral_entry", "body", entry.id)).decode() == words
    assert (entry.author, entry.message_id) == ("staff", message.id)
    assert referral.first_answer_at is not None


async def test_the_job_that_delivers_carries_the_id_alone(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    await _answer(database, keys, held, anong)
    async with database.unit_of_work() as session:
        jobs = (
            await session.execute(sa.text("SELECT entrypoint, convert_from(payload, 'UTF8') FROM pgqueuer"))
        ).all()
        message_id = await session.scalar(sa.select(Message.id))
    assert [tuple(job) for job in jobs] == [("deliver", f'["{message_id}"]')]


async def test_only_the_holder_answers(
    database: Database, keys: DataKeys, refer: Refer, held: UUID, anong: UUID, boon: UUID
) -> None:
    with pytest.raises(HeldError) as refused:
        await _answer(database, keys, held, boon)
    assert refused.value.holder == "Anong"
    unclaimed = await refer("Ek")
    with pytest.raises(NotClaimedError):
        await _answer(database, keys, unclaimed, anong)
    with pytest.raises(NotFoundError):
        await _answer(database, keys, new_id(), anong)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


@pytest.mark.parametrize("text", ["", " \n\t ", "\0\0", "x" * (LONGEST_ANSWER + 1)])
async def test_an_answer_has_a_length(
    database: Database, keys: DataKeys, held: UUID, anong: UUID, text: str
) -> None:
    with pytest.raises(AnswerLengthError):
        await _answer(database, keys, held, anong, text)


async def test_the_longest_answer_passes(database: Database, keys: DataKeys, held: UUID, anong: UUID) -> None:
    await _answer(database, keys, held, anong, "ก" * LONGEST_ANSWER)


async def test_a_form_sent_twice_at_once_is_one_answer(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    form_id = new_id()
    entries = await asyncio.gather(*(_answer(database, keys, held, anong, form_id=form_id) for _ in range(5)))
    assert len(set(entries)) == 1
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


@pytest.mark.parametrize("state", ["pending", "sending", "sent", "resent", "skipped"])
async def test_what_arrived_or_is_under_way_is_not_sent_again(
    database: Database, keys: DataKeys, held: UUID, anong: UUID, state: str
) -> None:
    entry_id = await _answer(database, keys, held, anong)
    await _set_state(database, state)
    with pytest.raises(ConflictError):
        async with database.unit_of_work() as session:
            await send_again(
                session, keys, referral_id=held, entry_id=entry_id, account_id=anong, notice=NOTICE
            )


@pytest.mark.parametrize("state", ["unknown", "failed"])
async def test_what_did_not_surely_arrive_is_sent_again_once(
    database: Database, keys: DataKeys, held: UUID, anong: UUID, state: str
) -> None:
    entry_id = await _answer(database, keys, held, anong)
    await _set_state(database, state)

    async def again() -> None:
        async with database.unit_of_work() as session:
            await send_again(
                session, keys, referral_id=held, entry_id=entry_id, account_id=anong, notice=NOTICE
            )

    ended = await asyncio.gather(again(), again(), again(), return_exceptions=True)
    assert ended.count(None) == 1
    async with database.unit_of_work() as session:
        assert sorted(await session.scalars(sa.select(Message.state))) == sorted(["pending", state])


async def test_the_persons_own_words_cannot_be_sent_to_them(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    async with database.unit_of_work() as session:
        entry_id = await session.scalar(sa.select(ReferralEntry.id).where(ReferralEntry.author == "citizen"))
    assert entry_id is not None
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await send_again(
                session, keys, referral_id=held, entry_id=entry_id, account_id=anong, notice=NOTICE
            )


async def test_words_are_shown_to_the_holder_and_to_supervisors_of_a_held_case(
    database: Database, keys: DataKeys, refer: Refer, held: UUID, anong: UUID, boon: UUID
) -> None:
    def texts(case: Case) -> list[str]:
        return [line.text for line in case.lines if line.text]

    assert texts(await _read(database, keys, held, anong)) == ["ช่วยด้วย"]
    assert texts(await _read(database, keys, held, boon)) == []
    assert texts(await _read(database, keys, held, boon, oversees=True)) == ["ช่วยด้วย"]
    unclaimed = await refer("Ek", words="ยังไม่มีใครรับ")
    assert texts(await _read(database, keys, unclaimed, boon, oversees=True)) == []


async def test_an_erased_case_keeps_its_times_and_loses_its_words(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, held)
        await destroy_data_key(session, referral.data_key_id)
    case = await _read(database, keys, held, anong)
    assert [(line.author, line.text) for line in case.lines] == [("citizen", None), ("system", None)]


async def test_an_erased_person_cannot_be_answered(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, held)
        contact = await session.get_one(Contact, referral.contact_id)
        await destroy_data_key(session, contact.data_key_id)
    with pytest.raises(KeyDestroyedError):
        await _answer(database, keys, held, anong)


async def test_a_line_moved_to_another_row_does_not_open(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    first = await _answer(database, keys, held, anong, "หนึ่ง")
    second = await _answer(database, keys, held, anong, "สอง")
    async with database.unit_of_work() as session:
        body = await session.scalar(sa.select(ReferralEntry.body).where(ReferralEntry.id == first))
        await session.execute(sa.update(ReferralEntry).where(ReferralEntry.id == second).values(body=body))
    with pytest.raises(Exception, match="does not open"):
        await _read(database, keys, held, anong)


async def test_a_wish_to_cancel_shows_in_the_thread(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, held)
        await cancel_referral(session, referral.identity_id)
    case = await _read(database, keys, held, anong)
    assert case.lines[-1].mark == "cancelled"
    assert not case.is_over


async def test_no_words_are_readable_by_raw_sql(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    await _answer(database, keys, held, anong, "คำตอบลับเฉพาะ")
    async with database.unit_of_work() as session:
        tables = await session.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for table in tables.all():
            rows = str((await session.execute(sa.text(f'SELECT t::text FROM "{table}" t'))).all())
            for canary in ("ช่วยด้วย", "คำตอบลับเฉพาะ"):
                assert canary not in rows
                assert canary.encode().hex() not in rows
        assert await session.scalar(sa.select(sa.func.count()).select_from(DataKey)) > 0
