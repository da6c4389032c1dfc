"""Places in answers: said in words, and their time zone. What somebody typed is read in `place_finding.py`.

Codes: "province:TH-10" (ISO 3166-2:TH), "country:KH" (ISO 3166-1), "geo:13.75,100.50" (latitude, longitude), "sea",
"thailand", "abroad".
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from referrals.questionnaires.questionnaire import Answers

# Where a person may have said where they are, the most exact first.
_ASKED = ("G4p", "G4c", "G4", "G4b")


def point_answer(latitude: float, longitude: float) -> tuple[str, ...] | None:
    """A pin, to about 10 m, as an answer; with "abroad" where it is surely outside Thailand; None for no such point."""
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    south, north, west, east = place_table()["thailand"]["box"]
    within = south <= latitude <= north and west <= longitude <= east
    return (f"geo:{latitude:.4f},{longitude:.4f}", *(() if within else ("abroad",)))


def place_of(answers: Answers) -> str | None:
    """Where the person concerned is, as exactly as it may be stored in the open: never a pin."""
    said = [code for asked in _ASKED for code in answers.get(asked, ())]
    return next((code for code in said if code.startswith(("province:", "country:"))), None) or next(
        (code for code in said if code in {"sea", "thailand", "abroad"}), None
    )


def say_place(code: str, language: str = "th") -> str:
    """The place in Thai, or in English for every other language; raises KeyError for a code that is not one."""
    kind, _, name = code.partition(":")
    at = 0 if language == "th" else 1
    if kind in {"province", "country"}:
        return str(place_table()[kind][name][at])
    return str(place_table()["words"][kind][at]).format(point=name)


@cache
def every_place(language: str = "th") -> tuple[tuple[str, str], ...]:
    """Provinces, then countries, each as (code, name) in the order of a dictionary, to choose from."""
    return tuple(
        (code, say_place(code, language))
        for kind in ("province", "country")
        for code in sorted(
            (f"{kind}:{name}" for name in place_table()[kind]),
            key=lambda code: _collated(say_place(code, language)),
        )
    )


def _collated(name: str) -> str:
    """A Thai vowel written before its consonant is sorted behind it."""
    return name[1] + name[0] + name[2:] if name[0] in "เแโใไ" and len(name) > 1 else name


def zone_of(code: str) -> str | None:
    """Name of the time zone (IANA) of a place in Thailand or a country; None where the place doesn't tell."""
    kind, _, name = code.partition(":")
    if kind in {"province", "thailand"}:
        return "Asia/Bangkok"
    return str(place_table()["country"][name][2]) if kind == "country" else None


@cache
def place_table() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("places.toml").read_text("utf-8"))
