"""Answers to campaigns: what the presses of a batch of turns mean, and keeping what was answered, in a few statements."""

from collections.abc import Iterable
from typing import Any

from bots.dispatch.turn import Turn, Want
from bots.engine.steps import CampaignAnswerEffect
from campaigns.answers import Answer, add_answers, read_asked
from campaigns.plans.presses import decode_press
from campaigns.plans.questions import Asked
from core.clock import utc_now
from core.crypto.data_keys import DataKeys


async def find_asked(connection: Any, _keys: DataKeys, wants: list[Want]) -> dict[Want, Asked | None]:
    found: dict[Want, Asked | None] = dict.fromkeys(wants)
    pressed = [(want, press) for want in wants if (press := decode_press(want.about)) is not None]
    if pressed:
        people = [(want.person.contact_id, press) for want, press in pressed]
        found |= zip((want for want, _ in pressed), await read_asked(connection, people), strict=True)
    return found


async def keep_answers(connection: Any, turns: Iterable[Turn]) -> None:
    answers = [
        Answer(
            turn.person.contact_id,
            effect.campaign,
            effect.question,
            effect.choice,
            effect.right,
            effect.province,
        )
        for turn in turns
        for _, effect in turn.effects
        if isinstance(effect, CampaignAnswerEffect)
    ]
    if answers:
        await add_answers(connection, answers, utc_now())
