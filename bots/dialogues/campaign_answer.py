"""A press on an answer of a campaign: its kind word, and the answer kept once. Where the conversation stands is left alone."""

from bots.dialogues.speech import content, tell, text
from bots.engine.events import Event
from bots.engine.steps import CampaignAnswerEffect, Effect, Facts, State, Step
from campaigns.plans.presses import CampaignPress, decode_press
from campaigns.plans.questions import Asked
from core.languages import in_language
from core.messages.content import Bubble, Text


def press(state: State, event: Event, facts: Facts) -> Step | None:
    """None for a press that is none of a campaign's."""
    pressed = decode_press(event.data)
    if pressed is None:
        return None
    if "asked" not in facts.fetched:
        return Step(state, wanted=frozenset({"asked"}))
    if facts.asked is None:
        return tell(state, "campaign_answer.gone", choices=("m1:check",))
    told = _told(state, pressed, facts.asked)
    return Step(
        state, content(state.language, *told, choices=("m1:check",)), _kept(state, pressed, facts.asked)
    )


def _told(state: State, pressed: CampaignPress, asked: Asked) -> tuple[Bubble, ...]:
    """The kind word; to who answered otherwise before, which of the two counts."""
    reply = in_language(asked.reply, state.language).strip() if asked.reply else ""
    word = Text(reply) if reply else text(state.language, "campaign_answer.thanks")
    if asked.given in {"", pressed.choice}:
        return (word,)
    counts = "campaign_answer.changed" if asked.right is None else "campaign_answer.first_counts"
    return word, text(state.language, counts)


def _kept(state: State, pressed: CampaignPress, asked: Asked) -> tuple[Effect, ...]:
    """Nothing of who is under 18 by their own word: no campaign looks at what they do."""
    if state.minor or not asked.counts:
        return ()
    return (
        CampaignAnswerEffect(pressed.campaign, pressed.question, pressed.choice, asked.right, asked.province),
    )
