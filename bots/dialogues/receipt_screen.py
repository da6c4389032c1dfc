"""What an open report shows in the chat, and what can be pressed below it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bots.copy import copy
from bots.dialogues.case_screen import GOT
from bots.dialogues.dates import say_day
from bots.dialogues.speech import text
from bots.engine.steps import Language
from core.messages.content import Bubble, Text
from referrals.tracked import Tracked

Screen = Literal["menu", "adding", "agencies", "rules", "erase", "erasing", "kept", "case", "payment"]
# The agencies that the questions name (`referrals/questionnaires/questions/wishes.toml`, C2).
AGENCIES = ("msdhs", "police", "labour", "consular", "ngo")
RULES = ("never", "day", "evening", "any")
_CASE = ("k1:case", "k1:money", "k1:rights", "k1:ask", "k1:status", "k1:done")
# One call to LINE takes so many bubbles.
_MOST_BUBBLES = 5
_ROLES = frozenset({"hotline_officer", "supervisor", "partner_officer"})


def agency_choices() -> Mapping[str, tuple[str, bool]]:
    """Press code → the agency, and whether it may learn of the report."""
    return {f"k1:{side}.{one}": (one, side == "on") for one in AGENCIES for side in ("on", "off")}


def rule_choices() -> Mapping[str, str]:
    """Press code → the name of a rule about writing first."""
    return {f"k1:rule.{name}": name for name in RULES}


_SAME_FOR_ALL: Mapping[Screen, tuple[str, ...]] = {
    "adding": ("k1:status", "k1:done"),
    "rules": (*rule_choices(), "k1:status"),
    "erase": ("k1:status", "k1:erase.yes"),
    "erasing": ("k1:keep", "k1:status", "k1:done"),
    "kept": ("k1:status", "k1:done"),
    "case": _CASE,
    "payment": (*GOT, *_CASE),
}


def menu_of(screen: Screen, found: Tracked) -> tuple[str, ...]:
    """Press codes below what is shown, the likely ones first."""
    if screen == "menu":
        return _main(found)
    if screen == "agencies":
        granted = {one.agency for one in found.agencies if one.granted}
        return (*(f"k1:{'off' if one in granted else 'on'}.{one}" for one in AGENCIES), "k1:status")
    return _SAME_FOR_ALL[screen]


def _main(found: Tracked) -> tuple[str, ...]:
    add = () if found.stage == "closed" else ("k1:add", "k1:agencies", "k1:rules")
    here = () if found.mine else ("k1:move",)
    end = "k1:erase" if found.erase_at is None else "k1:keep"
    return ("k1:status", "k1:case", *add, "k1:who", *here, end, "k1:done")


def show_answers(language: Language, found: Tracked, now: datetime) -> tuple[Bubble, ...]:
    """Where it stands, the newest answers of staff each with its time, and when it will be erased."""
    erased: tuple[Bubble, ...] = ()
    if found.erase_at is not None and found.held:
        erased = (text(language, "receipt.erased_after"),)
    elif found.erase_at is not None:
        erased = (text(language, "receipt.erased_at", at=_at(language, found.erase_at, now)),)
    more = () if found.progress.is_empty else (text(language, "case.more"),)
    money = found.progress.money
    asked = 1 if money is not None and money.asked is not None else 0
    # A question that follows needs its place.
    room = _MOST_BUBBLES - 1 - len(erased) - len(more) - asked
    answers = tuple(Text(f"{_at(language, one.at, now)}\n{one.text}") for one in found.answers[-room:])
    return (text(language, f"receipt.stage.{found.stage}"), *answers, *more, *erased)


def show_viewings(language: Language, found: Tracked, now: datetime) -> Bubble:
    """Who opened the report, by role and time, never by name."""
    if not found.viewings:
        return text(language, "receipt.nobody")
    lines = "\n".join(f"• {_role(language, one.role)} {_at(language, one.at, now)}" for one in found.viewings)
    return text(language, "receipt.who", lines=lines)


def _role(language: Language, role: str) -> str:
    return copy().say(language, f"receipt.roles.{role if role in _ROLES else 'other'}")


def _at(language: Language, moment: datetime, now: datetime) -> str:
    """A moment in the time zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    return copy().say(language, "receipt.at", day=say_day(language, local.date()), clock=f"{local:%H.%M}")
