"""The people of a case, as figures need them: numbers and codes, never a name."""

import re
import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.tracks.errors import StepError
from referrals.tracks.models import CasePerson

MOST_PERSONS = 500
UNKNOWN = "unknown"
# ISO 3166-1 alpha-2, small; "xx" is stateless.
_COUNTRY = re.compile(r"[a-z]{2}", re.ASCII)


class PersonCodes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be said of a person."""

    age_bands: tuple[str, ...]
    sexes: tuple[str, ...]
    forms: tuple[str, ...]


@cache
def person_codes() -> PersonCodes:
    """Return the codes; raises msgspec.ValidationError for a wrong file."""
    text = resources.files(__package__).joinpath("people.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), PersonCodes)


async def check_person(session: AsyncSession, referral_id: UUID, number: int | None) -> None:
    """Refuse a step about somebody who is not of the case; whom the report is about (1) always is. Raises StepError."""
    if number in (None, 1):
        return
    known = sa.select(CasePerson.number).where(
        CasePerson.referral_id == referral_id, CasePerson.number == number
    )
    if not 1 <= (number or 0) <= MOST_PERSONS or await session.scalar(known) is None:
        raise StepError("unknown_person", "no such person in this case; add them first", "person")


async def keep_first_person(
    session: AsyncSession, referral_id: UUID, number: int | None, now: datetime
) -> None:
    """Let figures know whom the report is about, once a step speaks of them."""
    if number == 1:
        await session.execute(
            insert(CasePerson)
            .values(referral_id=referral_id, number=1, changed_at=now)
            .on_conflict_do_nothing()
        )


async def read_people(session: AsyncSession, referral_id: UUID) -> list[CasePerson]:
    """Return the people of a case by number."""
    rows = await session.scalars(
        sa.select(CasePerson).where(CasePerson.referral_id == referral_id).order_by(CasePerson.number)
    )
    return list(rows)


async def describe_person(
    session: AsyncSession,
    referral_id: UUID,
    number: int | None,
    *,
    age_band: str = UNKNOWN,
    sex: str = UNKNOWN,
    nationality: str = UNKNOWN,
    forms: Sequence[str] = (),
    now: datetime,
) -> int:
    """Say of a person what figures count; without a number it is one more. Returns the number; raises StepError."""
    codes = person_codes()
    for name, value, known in (("age_band", age_band, codes.age_bands), ("sex", sex, codes.sexes)):
        if value not in known:
            raise StepError("unknown_value", f"{name}: one of {', '.join(known)}", name)
    if nationality != UNKNOWN and not _COUNTRY.fullmatch(nationality):
        raise StepError(
            "unknown_value", "nationality: two small letters such as th; xx is stateless", "nationality"
        )
    if set(forms) - set(codes.forms):
        raise StepError("unknown_value", f"forms: of {', '.join(codes.forms)}", "forms")
    last = await session.scalar(
        sa.select(sa.func.max(CasePerson.number)).where(CasePerson.referral_id == referral_id)
    )
    number = max(last or 0, 1) + 1 if number is None else number
    # Whom the report is about is there by itself, everybody else one after the other.
    if not 1 <= number <= min(max(last or 0, 1) + 1, MOST_PERSONS):
        raise StepError("unknown_person", f"people are numbered from 1, at most {MOST_PERSONS}", "person")
    said = {
        "age_band": age_band, "sex": sex, "nationality": nationality, "forms": sorted(set(forms)), "changed_at": now,
    }  # fmt: skip
    await session.execute(
        insert(CasePerson)
        .values(referral_id=referral_id, number=number, **said)
        .on_conflict_do_update(index_elements=["referral_id", "number"], set_=said)
    )
    return number
