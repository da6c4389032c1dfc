"""A flood of pictures: beyond what one report holds nothing is promised, and nobody is answered for each of them."""

import msgspec

from bots.dialogues.speech import text
from bots.engine.steps import EvidenceEffect, ReadPictureEffect, Step
from referrals.evidence import MOST_PIECES


def within_room(step: Step, pieces: int) -> tuple[Step, int]:
    """The step as it may stand for a report that holds `pieces`, and how many it holds then.

    What comes beyond is still noted, so that staff see how much it was; that there is no room is told once, by the job.
    """
    brought = [len(effect.messages) or 1 for effect in step.effects if isinstance(effect, EvidenceEffect)]
    if not brought or pieces < MOST_PIECES:
        return step, pieces + sum(brought)
    effects = tuple(effect for effect in step.effects if not isinstance(effect, ReadPictureEffect))
    reply = step.reply
    if reply is not None:
        promise = text(step.state.language, "evidence.kept")
        left = tuple(bubble for bubble in reply.bubbles if bubble != promise)
        reply = msgspec.structs.replace(reply, bubbles=left) if left else None
    return msgspec.structs.replace(step, effects=effects, reply=reply), pieces
