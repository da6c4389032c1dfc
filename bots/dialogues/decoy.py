"""The decoy face: small talk and tips for looking for work, for whoever holds the phone now.

It never speaks of reports, staff, numbers, codes or what was said before, and judges no offer: a verdict on the words of
the man who reads along would tell him what this chat is for. A cry for help reaches staff without a sign of it
(invariant 6). How it opens again: docs/decisions/0016.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import regex

from bots.copy import LANGUAGES, copy, whole_messages
from bots.dialogues import menu, news
from bots.dialogues.speech import LEAVE, buttons, tell
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import (
    Effect,
    Facts,
    HidingEffect,
    Language,
    OpenReferralEffect,
    PrivateEffect,
    State,
    Step,
)
from core.messages.content import Bubble, Content, Text
from referrals.code_words import as_code_word

HOME = "d1:home"
_TIPS = ("letter", "interview", "first_day", "chat")
_CHOICES = (*(f"d1:{topic}" for topic in _TIPS), HOME)
_SMALL_TALK = ("weather", "food", "tired", "who", "thanks", "bye")
_RECEIPT = regex.compile(r"\d{16}")
_BETWEEN_DIGITS = regex.compile(r"[\s\-.]")
# Without a word and without the receipt: the label of the way out, typed so often in a row.
KNOCKS = 3
_KNOCKS_WITHIN = 600.0
# Whoever hammers on the way out must not come back in by it.
_KNOCKS_AFTER = 60.0
# So many lines in ten minutes are more than small talk: for the rest of them no word opens, and guessing takes days.
_MOST_TRIES, _TRIES_WITHIN = 20, 600.0
# With nothing to hide the face is over after so long: the way out has a harmless name, and many press it for it.
NOTHING_TO_HIDE_SECONDS = 3_600.0
INTAKE = "intake"
# In `data`: nothing was hidden when the person left, and nothing came to be since.
BARE = "bare"
_HEARD = frozenset({"text", "edit"})
_ANSWERED = frozenset(
    {"text", "press", "picture", "sticker", "location", "audio", "file", "contact_card", "follow"}
)


def answer(state: State, event: Event, facts: Facts) -> Step:
    """Open the true face for who knows the word; else hear a crisis in silence, and talk of the weather."""
    step = _answer(state, event, facts)
    if step.wanted or not _digits(event.text) or PrivateEffect() in step.effects:
        return step
    # Whatever code it is, it opens something somewhere: staff have no use for it.
    return msgspec.structs.replace(step, effects=(*step.effects, PrivateEffect()))


def _answer(state: State, event: Event, facts: Facts) -> Step:
    if event.kind == "text":
        state = _counted(state, facts)
        if "own_receipt" not in facts.fetched and _may_be_receipt(state, event, facts):
            return Step(state, wanted=frozenset({"own_receipt"}), about=_digits(event.text))
        if (_knows_word(state, event) and not _tried_too_often(state)) or facts.own_receipt:
            return _open(state, facts)
        if _is_knock(state, event, facts):
            return _knock(state, facts)
    effects = _raised(event, facts)
    if effects:
        state = msgspec.structs.replace(state, data={**state.data, BARE: False})
    if event.kind == "press":
        return _answer_press(state, event, facts)
    if event.kind not in _ANSWERED:
        return Step(state, effects=effects)
    return _talk(state, event, facts, effects)


def home(state: State, *first: Bubble) -> Content:
    """The first thing that shows, and all that shows where the rest could be deleted."""
    return _content(state.language, *first, Text(copy().say(state.language, "decoy.home")))


def lift(state: State, facts: Facts) -> State:
    """The state with the face taken off where it never hid anything.

    A report that was closed meanwhile doesn't count as nothing: what staff wrote last still waits behind the face.
    """
    if not state.decoy or state.data.get(BARE) is not True or facts.open_referral is not None:
        return state
    if facts.now.timestamp() - _number(state.data, "since") < NOTHING_TO_HIDE_SECONDS:
        return state
    return msgspec.structs.replace(state, decoy=False, dialogue="", step="", data={}, aside=None)


def _knows_word(state: State, event: Event) -> bool:
    return bool(state.code_word) and as_code_word(event.text) == state.code_word


def _counted(state: State, facts: Facts) -> State:
    now, since = facts.now.timestamp(), _number(state.data, "tried_at")
    fresh = now - since > _TRIES_WITHIN
    tries = 1 if fresh else int(_number(state.data, "tries")) + 1
    data = {**state.data, "tries": tries, "tried_at": now if fresh else since}
    return msgspec.structs.replace(state, data=data)


def _tried_too_often(state: State) -> bool:
    return _number(state.data, "tries") > _MOST_TRIES


def _may_be_receipt(state: State, event: Event, facts: Facts) -> bool:
    """Where a word was chosen only the word opens: the receipt may still stand in a chat that can't be deleted."""
    no_word = not state.code_word and facts.open_referral is not None
    return no_word and _RECEIPT.fullmatch(_digits(event.text)) is not None


def _digits(said: str) -> str:
    """The receipt as it may be typed: in fours, with dashes, in Thai digits."""
    plain = _BETWEEN_DIGITS.sub("", said)
    return str(int(plain)).zfill(len(plain)) if plain.isdecimal() and len(plain) == 16 else ""


def _is_knock(state: State, event: Event, facts: Facts) -> bool:
    if state.code_word or facts.now.timestamp() - _number(state.data, "since") < _KNOCKS_AFTER:
        return False
    labels = {copy().say(language, f"buttons.labels.{LEAVE}").casefold() for language in LANGUAGES}
    return as_whole_message(event.text) in labels


def _knock(state: State, facts: Facts) -> Step:
    now, first = facts.now.timestamp(), _number(state.data, "knocked_at")
    goes_on = now - first <= _KNOCKS_WITHIN
    knocks = int(_number(state.data, "knocks")) + 1 if goes_on else 1
    if knocks >= KNOCKS:
        return _open(state, facts)
    data = {**state.data, "knocks": knocks, "knocked_at": first if goes_on and knocks > 1 else now}
    knocked = msgspec.structs.replace(state, data=data)
    return Step(knocked, home(knocked), effects=(PrivateEffect(),))


def _open(state: State, facts: Facts) -> Step:
    """The true face again, where the person left it."""
    aside = state.aside
    opened = msgspec.structs.replace(state, decoy=False, dialogue="", step="", data={}, puzzled=0)
    choices: tuple[str, ...] = ("s1:status",) if facts.open_referral is not None else ()
    if aside is not None and aside.dialogue == INTAKE:
        # A report stays aside: who is near may have changed, so it is taken up by its own way.
        choices = ("r1:go_on", *choices)
    elif aside is not None:
        opened = msgspec.structs.replace(
            opened, dialogue=aside.dialogue, step=aside.step, data=aside.data, aside=None
        )
    effects: tuple[Effect, ...] = (HidingEffect(hidden=False), PrivateEffect())
    # On LINE the word stays in sight until the person takes it back.
    keys = ("leaving.back", "leaving.take_away") if facts.channel == "line" else ("leaving.back",)
    return tell(opened, *keys, choices=choices, effects=effects, sensitive=True)


def _raised(event: Event, facts: Facts) -> tuple[Effect, ...]:
    """Staff learn of it, and that they must not answer in the open; here help can't be offered, so it is opened."""
    level, standing = facts.crisis.level, facts.open_referral
    if level == "none" or event.kind not in _HEARD:
        return ()
    highest = level == "urgent" or (standing is not None and standing.priority == "P0")
    priority: Literal["P0", "P1"] = "P0" if highest else "P1"
    reasons = ("crisis_words" if level == "urgent" else "concern_words", "in_decoy")
    kinds = tuple(sorted(facts.crisis.kinds))
    return (OpenReferralEffect(priority, "crisis", kinds=kinds, reasons=reasons, receipt=facts.receipt),)


def _answer_press(state: State, event: Event, facts: Facts) -> Step:
    topic = event.data.removeprefix("d1:")
    if event.data in _CHOICES and topic in _TIPS:
        return _tip(state, topic)
    if event.data == LEAVE and facts.now.timestamp() - _number(state.data, "since") < _KNOCKS_AFTER:
        # A double tap: the chat is to hold one line, not two.
        return Step(state)
    return Step(_calm(state), home(state))


def _talk(state: State, event: Event, facts: Facts, effects: tuple[Effect, ...]) -> Step:
    said = as_whole_message(event.text)
    code = whole_messages().get(said, "")
    if code == "n1:stop":
        # The right to be left alone holds behind every face; the words are the decoy's.
        consent = news.stop(state, event, msgspec.structs.replace(facts, open_referral=None)).effects
        return _say(state, "decoy.stopped", effects=(*effects, *consent))
    if code in _CHOICES and code != HOME:
        return _tip(state, code.removeprefix("d1:"))
    if code in {HOME, "m1:menu", "m1:start", LEAVE} or event.kind == "follow":
        return Step(_calm(state), home(state), effects=effects)
    if event.kind != "text":
        return _say(state, "decoy.seen", effects=effects)
    topic = next((one for one in _SMALL_TALK if _is_about(one, event.text)), None)
    # To a cry for help no joke about food; what it gets instead is said to anybody.
    if topic is not None and not effects:
        return _say(state, f"decoy.talk.{topic}", effects=effects)
    return _next_of(state, "decoy.other", effects)


def _is_about(topic: str, said: str) -> bool:
    words = (word for language in LANGUAGES for word in copy().lines(language, f"decoy.hears.{topic}"))
    return any(word in said.casefold() for word in words)


def _tip(state: State, topic: str) -> Step:
    return _next_of(state, f"decoy.tips.{topic}")


def _next_of(state: State, key: str, effects: tuple[Effect, ...] = ()) -> Step:
    """One after the other, so that no answer comes twice in a row."""
    lines, turn = copy().lines(state.language, key), int(_number(state.data, "turn"))
    said = Text(lines[turn % len(lines)])
    moved = msgspec.structs.replace(_calm(state), data={**_calm(state).data, "turn": turn + 1})
    return Step(moved, _content(state.language, said), effects=effects)


def _say(state: State, key: str, effects: tuple[Effect, ...] = ()) -> Step:
    said = Text(copy().say(state.language, key))
    return Step(_calm(state), _content(state.language, said), effects=effects)


def _calm(state: State) -> State:
    """Anything else between them ends a row of knocks."""
    rest = {name: value for name, value in state.data.items() if name not in {"knocks", "knocked_at"}}
    return msgspec.structs.replace(state, data=rest)


def _content(language: Language, *bubbles: Bubble) -> Content:
    notice = copy().say(language, "notices.message")
    return Content(bubbles, choices=buttons(language, *_CHOICES), notice=notice, harmless=True)


def _number(data: Mapping[str, Any], name: str) -> float:
    found = data.get(name)
    return float(found) if isinstance(found, int | float) else 0.0


# Outside of the decoy face: an old button of it, or its words typed.
PRESSES: Mapping[str, Answer] = dict.fromkeys(_CHOICES, menu.show)
