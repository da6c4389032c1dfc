"""What staff write down about an agency, checked field by field."""

from dataclasses import dataclass
from datetime import date

import regex

from core.errors import InvalidInputError
from referrals.agencies.kinds import AGENCY_KINDS
from referrals.agencies.templates import templates
from referrals.questionnaires.places import say_place

LONGEST_NAME = 200
LONGEST_BASIS = 500
# Thirty days of eight hours: an agency that answers later does not answer.
MOST_HOURS = 240
DAY_MINUTES = 24 * 60
_PROVINCE = "province:"
_PHONE = regex.compile(r"\+?[0-9][0-9 \-]{2,19}")
_ALL_WEEK = frozenset(range(7))


class ParticularsError(InvalidInputError):
    """A field that can't be kept as it was given; `code` names it: "agency_name", "agency_hours" …"""

    def __init__(self, field: str, what_to_do: str) -> None:
        super().__init__(what_to_do)
        self.code = f"agency_{field}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """An agency as staff describe it.

    `province` as in the directory of places ("province:TH-50"), None for the whole country. `answers_within` are hours
    of its own duty. Duty: minutes of the Bangkok day, days of the week with Monday as 0. `basis` is the agreement under
    which data is shared, which holds through `basis_until`. `phone` is the public number of its desk.
    """

    kind: str
    name_th: str
    name_en: str
    template: str
    basis: str
    province: str | None = None
    answers_within: int = 24
    opens_minute: int = 510
    closes_minute: int = 990
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    basis_until: date | None = None
    phone: str | None = None

    @property
    def is_round_the_clock(self) -> bool:
        """Whether it works at any hour of any day, holidays too."""
        return (self.opens_minute, self.closes_minute) == (0, DAY_MINUTES) and set(self.weekdays) >= _ALL_WEEK


def check(said: Particulars) -> None:
    """Raise ParticularsError for the first field that can't be kept."""
    if said.kind not in AGENCY_KINDS:
        raise ParticularsError("kind", f"kinds are {', '.join(AGENCY_KINDS)}")
    for name in (said.name_th, said.name_en):
        if not 1 <= len(name.strip()) <= LONGEST_NAME:
            raise ParticularsError("name", f"give both names, at most {LONGEST_NAME} characters")
    if said.template not in templates().template:
        raise ParticularsError("template", "choose which fields it may be given")
    if not 1 <= len(said.basis.strip()) <= LONGEST_BASIS:
        raise ParticularsError("basis", "say under which agreement data is shared")
    if said.province is not None and not _is_province(said.province):
        raise ParticularsError("province", "choose a province, or none for the whole country")
    if said.phone is not None and not _PHONE.fullmatch(said.phone):
        raise ParticularsError("phone", "give the number of its desk, as 0 2123 4567 or 1300")
    _check_duty(said)


def _check_duty(said: Particulars) -> None:
    if not 1 <= said.answers_within <= MOST_HOURS:
        raise ParticularsError("answers_within", f"it answers within 1 to {MOST_HOURS} hours of its duty")
    if not 0 <= said.opens_minute < said.closes_minute <= DAY_MINUTES:
        raise ParticularsError("hours", "its duty begins before it ends, within one day")
    if not said.weekdays or not set(said.weekdays) <= _ALL_WEEK:
        raise ParticularsError("weekdays", "choose the days on which it works")


def _is_province(code: str) -> bool:
    try:
        say_place(code)
    except KeyError:
        return False
    return code.startswith(_PROVINCE)
