"""In a group: the verdict on an offer to whoever asks for it, one line to whoever calls us for anything else, and silence
otherwise (invariant 6). Nothing personal is said here, nothing that is said here is kept.

Who may switch warnings on: on Telegram a keeper of the group, of whom the platform tells; LINE knows no keepers, so there
two members say it within ten minutes (docs/decisions/0017).
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from bots.copy import LANGUAGES, copy
from bots.dialogues.offer import is_offer
from bots.dialogues.quoting import LEARNED
from bots.dialogues.words import as_whole_message
from bots.engine.events import Event
from bots.engine.steps import AskKeeperEffect, Facts, GroupWarnsEffect, State, Step
from core.messages.content import Content, Text
from nlp.findings import Band, Judgement

MOST_REASONS = 2
CONFIRM_SECONDS = 600.0
# One warning says it for a while; an offer that is posted again and again must not make us shout.
QUIET_SECONDS = 600.0
# More words than this beside a quoted message are talk to us.
_FEW_WORDS = 40
_WITH_KEEPERS = "telegram"
Switch = Literal["on", "off"]
_ADVICE: Mapping[Band, str] = {
    "danger": "offer.danger.lead",
    "caution": "offer.caution.lead",
    "unclear": "offer.do.name_it",
}


def answer(state: State, event: Event, facts: Facts) -> Step:
    """Whatever is said to us in a group, and what came of it."""
    if event.standby:
        return Step(state)
    if event.kind == "warning":
        return _warn(state, event, facts)
    if event.kind == "keeper":
        return _hear_keeper(state, event, facts)
    if event.kind == "join" or (event.kind == "press" and event.addressed):
        return _say(state, "group.come_over")
    if event.kind == "text" and event.addressed:
        return _called(state, event, facts)
    return Step(state)


def _called(state: State, event: Event, facts: Facts) -> Step:
    if facts.crisis.level != "none":
        return _say(state, "group.come_over")
    switch = _switch(event.text)
    if switch is not None:
        return _wish(state, event, facts, switch)
    command, rest = _command(event.text)
    if event.quoted and len(rest) <= _FEW_WORDS:
        return _judge(state, facts)
    if command and not rest:
        return _say(state, "group.how")
    return _judge(state, facts) if command or is_offer(facts) else _say(state, "group.come_over")


def _command(said: str) -> tuple[bool, str]:
    """Whether it begins with the command to check, and what stands behind."""
    for word in sorted(_words("check"), key=len, reverse=True):
        if said.casefold().startswith(word):
            return True, said[len(word) :].strip()
    return False, said


def _switch(said: str) -> Switch | None:
    plain = as_whole_message(said)
    if plain in _words("switch_on"):
        return "on"
    return "off" if plain in _words("switch_off") else None


def _words(kind: Literal["check", "switch_on", "switch_off"]) -> frozenset[str]:
    return frozenset(word for language in LANGUAGES for word in copy().lines(language, f"group.{kind}"))


def _judge(state: State, facts: Facts) -> Step:
    """The band in word and sign, why, and what to do; never who sent it to whom."""
    judgement = facts.judgement
    if judgement is None:
        return _say(state, "group.how")
    if judgement.band == "not_an_offer":
        return _say(state, "group.nothing")
    return _tell(state, _verdict(state, judgement.band, reasons_of(judgement)))


def reasons_of(judgement: Judgement) -> tuple[str, ...]:
    """Why an offer is judged so, the strongest first: reasons of ours, none of its words."""
    signs = [sign for sign in judgement.indicators if sign.weight > 0 and sign.reason]
    strongest = sorted(signs, key=lambda sign: (sign.code == LEARNED, -sign.weight, sign.start))
    return tuple(dict.fromkeys(sign.reason for sign in strongest))[:MOST_REASONS]


def _verdict(state: State, band: Band, reasons: tuple[str, ...]) -> str:
    title, advice = (copy().say(state.language, key) for key in (f"offer.{band}.title", _ADVICE[band]))
    return "\n".join((title, *(f"• {reason}" for reason in reasons), advice))


def _warn(state: State, event: Event, facts: Facts) -> Step:
    """Somebody posted an offer of danger; `event.data` holds the reasons, a line each, and never their words."""
    now = facts.now.timestamp()
    last = state.data.get("warned_at")
    if isinstance(last, int | float) and 0 <= now - last < QUIET_SECONDS:
        return Step(state)
    reasons = tuple(filter(None, event.data.split("\n")))[:MOST_REASONS]
    warned = _with(state, warned_at=now)
    return _tell(warned, _verdict(state, "danger", reasons), copy().say(state.language, "group.posted"))


def _wish(state: State, event: Event, facts: Facts, switch: Switch) -> Step:
    """Somebody wants warnings on or off: ask whether they keep the group, or wait for a second member."""
    now = facts.now.timestamp()
    wish = {"switch": switch, "by": event.author, "message": event.message, "at": now}
    if facts.channel == _WITH_KEEPERS:
        return Step(_with(state, wish=wish), effects=(AskKeeperEffect(),))
    waiting = state.data.get("wish")
    agreed = (
        isinstance(waiting, dict)
        and waiting["switch"] == switch
        and event.author not in {"", waiting["by"]}
        and now - waiting["at"] <= CONFIRM_SECONDS
    )
    if agreed:
        return _set(state, switch)
    if not event.author:
        return _say(state, "group.unknown_member")
    return _say(_with(state, wish=wish), f"group.confirm.{switch}")


def _hear_keeper(state: State, event: Event, facts: Facts) -> Step:
    """The platform told whether who asked keeps the group; it counts for what that very message asked."""
    wish = state.data.get("wish")
    if not isinstance(wish, dict) or wish["message"] != event.message:
        return Step(state)
    if facts.now.timestamp() - wish["at"] > CONFIRM_SECONDS:
        return Step(_with(state, wish=None))
    if event.data != "yes":
        return _say(_with(state, wish=None), "group.not_keeper")
    if wish["switch"] != "on":
        return _set(state, "off")
    # Telegram passes talk to others on to administrators alone.
    return _set(state, "on", copy().say(state.language, "group.as_keeper"))


def _set(state: State, switch: Switch, *more: str) -> Step:
    step = _tell(_with(state, wish=None), copy().say(state.language, f"group.{switch}"), *more)
    return msgspec.structs.replace(step, effects=(GroupWarnsEffect(switch == "on"),))


def _with(state: State, **changes: object) -> State:
    data = {name: value for name, value in {**state.data, **changes}.items() if value is not None}
    return msgspec.structs.replace(state, data=data)


def _say(state: State, key: str) -> Step:
    return _tell(state, copy().say(state.language, key))


def _tell(state: State, *lines: str) -> Step:
    bubbles = tuple(Text(line) for line in lines)
    return Step(state, Content(bubbles, notice=copy().say(state.language, "notices.message")))
