"""Handing a case that one holds back to the bot, with what it should do, and taking it again.

The person is asked by a message under the contact rule; what they answer goes on flowing into the case.
"""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Literal
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import Contact
from core.crypto.data_keys import DataKeys
from core.errors import InvalidInputError
from core.languages import Language, in_language
from core.messages.content import Button, Content, Text
from referrals.cases import held, write_to_person
from referrals.live import announce_change
from referrals.models import OPEN_STATES, Referral
from referrals.thread import add_mark

# Two nights: whoever can answer safely at one time of the day alone had two of them.
SILENT = timedelta(hours=48)
_AT_ONCE = 200


class BotTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dialogue that the bot can be handed; see bot_tasks.toml."""

    press: str
    says: dict[Language, str]
    button: dict[Language, str]


@cache
def bot_tasks() -> Mapping[str, BotTask]:
    """Return what the bot can be handed, by name; raises msgspec.ValidationError for a wrong file."""
    read = tomllib.loads(resources.files("referrals").joinpath("bot_tasks.toml").read_text("utf-8"))
    return msgspec.convert(read["dialogue"], dict[str, BotTask])


async def hand_to_bot(
    session: AsyncSession,
    keys: DataKeys,
    *,
    referral_id: UUID,
    account_id: UUID,
    dialogue: str,
    notice: str,
    form_id: UUID,
) -> None:
    """Let the bot go on with this person; handing over the same twice asks once.

    Raises InvalidInputError for an unknown dialogue, else as `referrals.cases.answer`.
    """
    task = bot_tasks().get(dialogue)
    if task is None:
        raise InvalidInputError("choose what the bot should do")
    referral = await held(session, referral_id, account_id)
    if referral.bot_dialogue == dialogue:
        return
    spoken = await session.scalar(sa.select(Contact.language).where(Contact.id == referral.contact_id))
    words = in_language(task.says, spoken or "th")
    button = Button(in_language(task.button, spoken or "th"), data=task.press)
    content = Content((Text(words),), choices=(button,), notice=notice, sensitive=True)
    await write_to_person(session, keys, referral, content, words, account_id=account_id, form_id=form_id)
    referral.bot_dialogue = dialogue
    await session.flush()
    await add_mark(session, referral_id, account_id, "bot", dialogue)


async def end_bot_task(
    session: AsyncSession, referral: Referral, mark: Literal["bot_done", "bot_silent"]
) -> None:
    """The bot is through with what it was handed, or nobody answers it; nothing where it was handed nothing."""
    if referral.bot_dialogue is None:
        return
    referral.bot_dialogue = None
    await session.flush()
    await add_mark(session, referral.id, None, mark)
    await announce_change(session, referral.id)


async def find_silent(session: AsyncSession) -> list[UUID]:
    """Return reports that the bot holds and in which nothing has happened for `SILENT`."""
    silent = await session.scalars(
        sa.select(Referral.id)
        .where(
            Referral.bot_dialogue.is_not(None),
            Referral.state.in_(OPEN_STATES),
            Referral.last_entry_at <= utc_now() - SILENT,
        )
        .order_by(Referral.id)
        .limit(_AT_ONCE)
    )
    return list(silent)


async def end_silent(session: AsyncSession, referral_id: UUID) -> bool:
    """Give a report back to staff whose person does not answer the bot; False where that changed meanwhile."""
    referral = await session.get_one(Referral, referral_id, with_for_update=True)
    if referral.bot_dialogue is None or referral.last_entry_at > utc_now() - SILENT:
        return False
    await end_bot_task(session, referral, "bot_silent")
    return True


async def take_from_bot(session: AsyncSession, *, referral_id: UUID, account_id: UUID) -> None:
    """Go on with the person oneself; twice is the same as once. Raises as `referrals.cases.held`."""
    referral = await held(session, referral_id, account_id)
    if referral.bot_dialogue is None:
        return
    referral.bot_dialogue = None
    await session.flush()
    await add_mark(session, referral_id, account_id, "staff_again")
    await announce_change(session, referral_id)
