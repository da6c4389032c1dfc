"""What a turn writes down when a person leaves behind the decoy face or comes back."""

import sqlalchemy as sa

from bots.dispatch.ground import Ground
from bots.engine.steps import ClearChatEffect, CodeWordEffect, HidingEffect
from core.clock import utc_now
from core.jobs.queue import enqueue
from core.messages.models import Message
from referrals.hiding import note_hiding, set_code_word

# What answered the person before they left; what staff wrote goes on waiting instead.
_ANSWERS = ("answer", "crisis")


async def clear_chat(ground: Ground, _effect: ClearChatEffect) -> None:
    """Send nothing any more that was asked for before, and have the chat cleared where the platform lets us."""
    await ground.session.execute(
        sa.update(Message)
        .where(
            Message.identity_id == ground.person.identity_id,
            Message.state == "pending",
            Message.batch_id.is_(None),
            Message.kind.in_(_ANSWERS),
        )
        .values(state="skipped", reason="left", finished_at=utc_now())
    )
    if ground.person.channel == "telegram":
        await enqueue(ground.session, "clear_chat", [ground.item.row_id])


async def note_for_staff(ground: Ground, effect: HidingEffect) -> None:
    await note_hiding(ground.session, ground.person.identity_id, hidden=effect.hidden)


async def keep_code_word(ground: Ground, effect: CodeWordEffect) -> None:
    await set_code_word(ground.session, ground.keys.keyset, ground.person.identity_id, effect.word)
