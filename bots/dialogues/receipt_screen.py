"""What an open report shows in the chat, and what can be pressed below it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from bots.copy import copy
from bots.dialogues.dates import say_day
from bots.dialogues.speech import text
from bots.engine.steps import Language
from core.messages.content import Bubble, Text
from referrals.tracked import Tracked

Screen = Literal["menu", "adding", "agencies", "rules", "erase", "erasing", "kept"]
# The agencies that the questions name (`referrals/questionnaires/questions/wishes.toml`, C2).
AGENCIES = ("msdhs", "police", "labour", "consular", "ngo")
RULES = ("never", "day", "evening", "any")
_ROLES = frozenset({"hotline_officer", "supervisor", "partner_officer"})


def agency_choices() -> Mapping[str, tuple[str, bool]]:
    """Press code → the agency, and whether it may learn of the report."""
    return {f"k1:{side}.{one}": (one, side == "on") for one in AGENCIES for side in ("on", "off")}


def rule_choices() -> Mapping[str, str]:
    """Press code → the name of a rule about writing first."""
    return {f"k1:rule.{name}": name for name in RULES}


def menu_of(screen: Screen, found: Tracked) -> tuple[str, ...]:
    """Press codes below what is shown, the likely ones first."""
    match screen:
        case "adding":
            return ("k1:status", "k1:done")
        case "agencies":
            granted = {one.agency for one in found.agencies if one.granted}
            offered = tuple(f"k1:{'off' if one in granted else 'on'}.{one}" for one in AGENCIES)
            return (*offered, "k1:status")
        case "rules":
            return (*rule_choices(), "k1:status")
        case "erase":
            return ("k1:status", "k1:erase.yes")
        case "erasing":
            return ("k1:keep", "k1:status", "k1:done")
        case "kept":
            return ("k1:status", "k1:done")
        case "menu":
            return _main(found)


def _main(found: Tracked) -> tuple[str, ...]:
    add = () if found.stage == "closed" else ("k1:add", "k1:agencies", "k1:rules")
    here = () if found.mine else ("k1:move",)
    end = "k1:erase" if found.erase_at is None else "k1:keep"
    return ("k1:status", *add, "k1:who", *here, end, "k1:done")


def show_answers(language: Language, found: Tracked, now: datetime) -> tuple[Bubble, ...]:
    """Where it stands, the newest answers of staff each with its time, and when it will be erased."""
    erased: tuple[Bubble, ...] = ()
    if found.erase_at is not None and found.held:
        erased = (text(language, "receipt.erased_after"),)
    elif found.erase_at is not None:
        erased = (text(language, "receipt.erased_at", at=_at(language, found.erase_at, now)),)
    answers = tuple(Text(f"{_at(language, one.at, now)}\n{one.text}") for one in found.answers)
    return (text(language, f"receipt.stage.{found.stage}"), *answers, *erased)


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
