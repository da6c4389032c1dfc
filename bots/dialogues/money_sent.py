"""Money, an account number or an ID that is already with the deceiver: whom to call comes before anything else."""

import msgspec

from bots.copy import copy
from bots.dialogues import staff
from bots.dialogues.numbers import freezing_bubble, say_number
from bots.dialogues.speech import buttons, content, move, text
from bots.engine.events import Event
from bots.engine.steps import Facts, Language, State, Step
from core.languages import in_language
from core.messages.content import Button, Card, Text
from nlp.losses import loss_in
from referrals.directory.hotlines import hotline

_NUMBER = "1441"
_FEW_WORDS = 100  # characters
_KEPT = ("abroad", "judged_at", "band", "kinds", "score")


def is_told(event: Event) -> bool:
    """Whether the person writes that something is gone; what a picture shows may be another's words."""
    return event.kind == "text" and loss_in(event.text) is not None


def is_all(event: Event) -> bool:
    """Whether that is all that is written: a few words are no offer, whatever they were taken for."""
    return len(event.text) <= _FEW_WORDS and is_told(event)


def call_first(language: Language, facts: Facts) -> Text:
    """The number that can have an account frozen, before whatever else is answered."""
    return freezing_bubble(language, facts)


def answer(state: State, event: Event, facts: Facts) -> Step:
    """The number first, then what to do at once; staff who are reading along have it too."""
    card = whom_to_call(state.language, event, facts)
    if facts.open_referral is not None:
        passed, said = staff.pass_on(state, facts), text(state.language, "staff.passed_on")
        told = content(state.language, card, said, choices=("s1:status", "c1:cancel"), sensitive=True)
        return msgspec.structs.replace(passed, reply=told)
    kept = {key: state.data[key] for key in _KEPT if key in state.data} if state.dialogue == "offer" else {}
    moved = move(state, "offer", "told", **kept, money=True)
    return Step(moved, content(state.language, card, notice="verdict", sensitive=True))


def whom_to_call(language: Language, event: Event, facts: Facts) -> Card:
    loss = loss_in(event.text) or "money"
    found = hotline(_NUMBER)
    call = Button(
        copy().say(language, "offer.call_button", name=in_language(found.name, language)), phone=found.number
    )
    return Card(
        band="neutral",
        title=copy().say(language, f"offer.lost.{loss}.title"),
        lead=copy().say(language, f"offer.lost.{loss}.lead", number=say_number(language, found, facts)),
        steps=(
            *copy().lines(language, f"offer.lost.{loss}.steps"),
            copy().say(language, "offer.lost.impostors"),
        ),
        # Telegram has no button that calls: the number would stand there a second time.
        buttons=(
            *(() if facts.channel == "telegram" else (call,)),
            *buttons(language, "s1:report", "m1:staff"),
        ),
    )
