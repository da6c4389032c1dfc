"""Handing a case that one holds back to the bot, with what it should do, and taking it again.

The person is asked by a message under the contact rule; what they answer goes on flowing into the case.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.contacts.models import Contact
from core.crypto.data_keys import DataKeys
from core.errors import InvalidInputError
from core.languages import Language, in_language
from core.messages.content import Button, Content, Text
from referrals.cases import held, write_to_person
from referrals.live import announce_change
from referrals.thread import add_mark


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


async def take_from_bot(session: AsyncSession, *, referral_id: UUID, account_id: UUID) -> None:
    """Go on with the person oneself; twice is the same as once. Raises as `referrals.cases.held`."""
    referral = await held(session, referral_id, account_id)
    if referral.bot_dialogue is None:
        return
    referral.bot_dialogue = None
    await session.flush()
    await add_mark(session, referral_id, account_id, "staff_again")
    await announce_change(session, referral_id)
