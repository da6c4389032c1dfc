"""What to do now, by the kind of danger: a few lines that may be read over a shoulder, more when asked for."""

from collections.abc import Iterable, Mapping
from functools import partial

import msgspec

from bots.dialogues.numbers import known_kinds, numbers_bubble, shown_for, verified_bubbles
from bots.dialogues.speech import content, tell, text
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, Language, State, Step
from core.messages.content import Text
from referrals.directory.hotlines import all_hotlines

DO, CHECKED, ALONE, COMPANY = "c1:do", "c1:checked", "c1:alone", "c1:company"
# Of several kinds the first decides what is said: whoever may harm themselves, then children, then who can't leave.
KINDS = (
    "suicide", "child_abuse", "detention", "sexual_violence", "domestic_violence", "elder_abuse", "trafficking",
    "forced_labour", "danger",
)  # fmt: skip


def first_kind(kinds: Iterable[str]) -> str:
    found = frozenset(kinds)
    return next((kind for kind in KINDS if kind in found), "danger")


def now_bubble(language: Language, kinds: Iterable[str]) -> Text:
    """Two or three very short lines that name nothing of what it is about."""
    return text(language, f"crisis.now.{first_kind(kinds)}")


def tell_what_to_do(state: State, _event: Event, facts: Facts) -> Step:
    """Asked for by somebody who can read in peace: the plainer words, and the numbers."""
    kinds, language = known_kinds(state, facts) or frozenset({"danger"}), state.language
    kind = first_kind(kinds)
    abroad = bool(state.data.get("abroad"))
    key = "crisis.suicide.numbers" if kind == "suicide" else "crisis.urgent.numbers"
    bubbles = (
        text(language, f"crisis.care.{kind}"),
        numbers_bubble(language, key, kinds, facts, abroad=abroad),
    )
    return Step(state, content(language, *bubbles, choices=(CHECKED,), sensitive=True), crisis=True)


def tell_when_checked(state: State, _event: Event, facts: Facts) -> Step:
    """On which day each of the numbers that were shown was last verified; all of them where no need is known."""
    kinds = known_kinds(state, facts) | ({"money_sent"} if state.data.get("money") else frozenset())
    abroad = bool(state.data.get("abroad"))
    shown = shown_for(kinds, facts, abroad=abroad) if kinds or abroad else all_hotlines()
    return Step(state, content(state.language, *verified_bubbles(state.language, shown), sensitive=True))


def stay_with(company: str, state: State, event: Event, facts: Facts) -> Step:
    """What helps who is alone, or in company; the same words out of the blue are met with the offer of a person."""
    if event.kind == "text" and "suicide" not in known_kinds(state, facts):
        return tell(state, "crisis.concern.offer", choices=("m1:staff", "c1:numbers"), sensitive=True)
    said = tell(state, f"crisis.suicide.{company}", choices=(DO, "c1:numbers"), sensitive=True)
    return msgspec.structs.replace(said, crisis=True)


PRESSES: Mapping[str, Answer] = {
    DO: tell_what_to_do,
    CHECKED: tell_when_checked,
    ALONE: partial(stay_with, "alone"),
    COMPANY: partial(stay_with, "company"),
}
