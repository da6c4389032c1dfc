"""Entry points of campaigns: what those open that a batch of turns used, and the notes of their use."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bots.dispatch.turn import Turn, Want
from bots.engine.steps import EnterEffect, Entry
from campaigns.entries import Reader, Use, find_opened, note_uses
from core.clock import utc_now


async def find_entries(session: AsyncSession, base_url: str, wants: list[Want]) -> dict[Want, Entry | None]:
    """What each opens; `about` is the language, "code" or "word", and what was sent."""
    asked = []
    for want in wants:
        language, kind, sent = want.about.split(" ", 2)
        asked.append((kind, sent, Reader(want.person.contact_id, language, want.person.key)))
    opened = await find_opened(session, base_url, asked)
    return {
        want: None if one is None else Entry(one.entry_id, one.content)
        for want, one in zip(wants, opened, strict=True)
    }


async def note_entries(session: AsyncSession, connection: Any, turns: Iterable[Turn]) -> None:
    uses = [
        Use(effect.entry, turn.person.contact_id, turn.state.minor)
        for turn in turns
        for _, effect in turn.effects
        if isinstance(effect, EnterEffect)
    ]
    if uses:
        await note_uses(session, connection, uses, utc_now())
