"""What stands in a field that an agency is given, in words; and what staff chose and typed when they referred."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from app.console.report_view import triage_word
from app.console.texts import say, say_or, spoken
from app.console.thai_time import day as say_day
from core.errors import TooLargeError
from referrals.agencies.templates import templates
from referrals.questionnaires.places import every_place, say_place

_MOST_FIELDS = 60
_LONGEST = 20_000
_WORDS = "w_"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen and typed, however wrong. `words` are by field, also of fields that are not ticked."""

    agency: str = ""
    fields: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    note: str = ""
    ground: str = ""
    ground_reason: str = ""
    after: str = ""
    looked: bool = False

    @property
    def agency_id(self) -> UUID | None:
        return read_id(self.agency)

    @property
    def after_id(self) -> UUID | None:
        return read_id(self.after)

    @property
    def chosen(self) -> dict[str, str]:
        """Field → staff's words, "" where the case fills it."""
        typed = self.words or {}
        known = templates().field
        return {
            code: typed.get(code, "") if code not in known or known[code].is_written else ""
            for code in self.fields
        }


def read_wish(form: FormData) -> Wish:
    """Take a form as it came; raises TooLargeError for what no page of ours sends."""
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    fields = tuple(dict.fromkeys(str(one) for one in form.getlist("fields")))
    if len(fields) > _MOST_FIELDS or any(len(text) > _LONGEST for text in texts.values()):
        raise TooLargeError("shorten what you wrote")
    return Wish(
        agency=texts.get("agency", ""), fields=fields,
        words={name[len(_WORDS):]: text for name, text in texts.items() if name.startswith(_WORDS)},
        note=texts.get("note", ""), ground=texts.get("ground", ""), ground_reason=texts.get("ground_reason", ""),
        after=texts.get("after", ""), looked=texts.get("looked") == "yes",
    )  # fmt: skip


def read_id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def say_value(code: str, value: Any) -> str:
    """Say what stands in a field; "" where nothing does."""
    match value:
        case str():
            return _one(code, value) if value else ""
        case list() if code == "people":
            return "\n".join(_person(person) for person in value)
        case list():
            return " · ".join(_one(code, str(one)) for one in value)
    return ""


def _one(code: str, value: str) -> str:
    say_it = _SAID.get(code)
    return say_it(value) if say_it else value


def _standing(value: str) -> str:
    track, _, step = value.partition(".")
    return f"{say(f'track.name.{track}')}: {say_or(f'step.{track}.{step}', 'step.other')}"


_SAID: Mapping[str, Callable[[str], str]] = {
    "kinds": lambda value: say_or(f"kind.{value}", "kind.other"),
    "priority": lambda value: f"{value} {say(f'priority.{value}')}",
    "place": lambda value: say_place(value, spoken.get()),
    "opened_on": lambda value: say_day(date.fromisoformat(value)),
    "bands": lambda value: triage_word("band", value),
    "signs": lambda value: triage_word("ilo", value),
    "under_18": lambda value: say_or(f"along_value.under_18_{value}", "along_value.unknown"),
    "contact_way": lambda value: say_or(f"along_value.contact_way_{value}", "along_value.unknown"),
    "standing": _standing,
}


def _person(person: Mapping[str, Any]) -> str:
    parts: Sequence[str] = [
        say("track.person", n=person.get("number", "-")),
        *(
            f"{say(f'person.{name}')} {say_or(f'person.{name}_{person.get(name)}', 'along_value.unknown')}"
            for name in ("age_band", "sex")
        ),
        f"{say('person.nationality')} {_nationality(str(person.get('nationality', '')))}",
        *(say_or(f"person.form_{form}", "step_outcome.other") for form in person.get("forms", ())),
    ]
    return " · ".join(parts)


def _nationality(code: str) -> str:
    try:
        return say_place(f"country:{code.upper()}", spoken.get())
    except KeyError:
        return say_or(f"person.nationality_{code}", "along_value.unknown")


def nationalities() -> list[tuple[str, str]]:
    """Nationalities to choose from, as (code, name): not known, Thai, stateless, then by country."""
    first = [(code, _nationality(code)) for code in ("unknown", "th", "xx")]
    countries = [code for code, _ in every_place(spoken.get()) if code.startswith("country:")]
    return [*first, *((code[8:].lower(), say_place(code, spoken.get())) for code in countries)]
