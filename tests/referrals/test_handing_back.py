from uuid import UUID

import pytest
import sqlalchemy as sa

from bots.dialogues.routing import PRESSES
from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.data_keys import DataKey, DataKeys
from core.crypto.sealing import context
from core.db.database import Database
from core.errors import InvalidInputError
from core.ids import new_id
from core.messages.content import Content, decode_envelope
from core.messages.models import Message
from core.messages.wording import LABEL_GRAPHEMES, count_graphemes, never_at_a_glance, never_said
from referrals.cases import answer, read_case
from referrals.handing_back import bot_tasks, hand_to_bot, take_from_bot
from referrals.models import Referral
from referrals.queue import HeldError, claim
from referrals.reaching import BlockedError
from tests.referrals.conftest import Refer

NOTICE = "มีข้อความใหม่ถึงคุณ"


@pytest.fixture
async def held(database: Database, refer: Refer, anong: UUID) -> UUID:
    referral_id = await refer("Dao", words="ช่วยด้วย")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    return referral_id


async def hand(
    database: Database, keys: DataKeys, referral_id: UUID, account: UUID, dialogue: str = "intake"
) -> None:
    async with database.unit_of_work() as session:
        await hand_to_bot(
            session, keys, referral_id=referral_id, account_id=account, dialogue=dialogue, notice=NOTICE,
            form_id=new_id(),
        )  # fmt: skip


async def messages(database: Database, keys: DataKeys) -> list[Content]:
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.select(Message.id, Message.content, DataKey.id.label("key_id"), DataKey.wrapped)
            .join(ChannelIdentity, ChannelIdentity.id == Message.identity_id)
            .join(Contact, Contact.id == ChannelIdentity.contact_id)
            .join(DataKey, DataKey.id == Contact.data_key_id)
            .order_by(Message.id)
        )
        return [
            decode_envelope(
                row.content.open(keys.open(row.key_id, row.wrapped), context("message", "content", row.id))
            ).content
            for row in rows
        ]


def test_every_button_is_one_that_the_bot_knows_and_tells_nothing_at_a_glance() -> None:
    assert set(bot_tasks()) == {"intake", "lessons", "status"}
    for name, task in bot_tasks().items():
        assert task.press in PRESSES, name
        for language in ("th", "en"):
            assert not never_said(task.says[language]), name
            assert not never_at_a_glance(task.button[language]), name
            assert count_graphemes(task.button[language]) <= LABEL_GRAPHEMES, name


async def test_the_person_gets_a_button_of_the_named_dialogue_once(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    for _ in range(2):
        await hand(database, keys, held, anong)
    (content,) = await messages(database, keys)
    assert [button.data for button in content.choices] == ["r1:go_on"]
    assert (content.notice, content.sensitive) == (NOTICE, True)
    async with database.unit_of_work() as session:
        case = await read_case(session, keys, held, anong, oversees=False)
    assert case.referral.bot_dialogue == "intake"
    assert (case.lines[-1].mark, case.lines[-1].changes) == ("bot", ("intake",))


async def test_staff_take_it_back_at_any_time_or_by_answering(
    database: Database, keys: DataKeys, held: UUID, anong: UUID
) -> None:
    await hand(database, keys, held, anong)
    async with database.unit_of_work() as session:
        for _ in range(2):
            await take_from_bot(session, referral_id=held, account_id=anong)
    async with database.unit_of_work() as session:
        case = await read_case(session, keys, held, anong, oversees=False)
        assert case.referral.bot_dialogue is None
        assert [line.mark for line in case.lines].count("staff_again") == 1
    await hand(database, keys, held, anong, "status")
    async with database.unit_of_work() as session:
        await answer(
            session,
            keys,
            referral_id=held,
            account_id=anong,
            text="อยู่ตรงนี้แล้ว",
            notice=NOTICE,
            form_id=new_id(),
        )
        assert await session.scalar(sa.select(Referral.bot_dialogue)) is None


async def test_only_the_holder_hands_over_and_only_what_there_is_to_whom_it_reaches(
    database: Database, keys: DataKeys, held: UUID, anong: UUID, boon: UUID
) -> None:
    with pytest.raises(HeldError):
        await hand(database, keys, held, boon)
    with pytest.raises(InvalidInputError):
        await hand(database, keys, held, anong, "everything")
    async with database.unit_of_work() as session:
        await session.execute(sa.update(ChannelIdentity).values(blocked_at=utc_now()))
    with pytest.raises(BlockedError):
        await hand(database, keys, held, anong)
    assert await messages(database, keys) == []
