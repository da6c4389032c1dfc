"""Ready answers with places to be filled: a starter set as data, and what supervisors write over it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import InvalidInputError, NotFoundError
from core.ids import new_id
from core.languages import WHOLE
from referrals.desk.models import CannedAnswer
from referrals.desk.sealed import plain

LONGEST_TITLE = 60
LONGEST_BODY = 1_000
_PLACE = re.compile(r"\{([^{}\n]{0,40})\}")


class CannedTextError(InvalidInputError):
    """A title or text that is empty or too long."""

    code = "canned_text"


class CannedPlaceError(InvalidInputError):
    """A place in braces that is none of ours."""

    code = "canned_place"


class Starter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer of the starter set."""

    language: str
    title: str
    body: str


class _Set(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # Names of places by language.
    places: dict[str, tuple[str, ...]]
    answer: tuple[Starter, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """A ready answer as it is picked; `id` is None for one of the starter set."""

    id: UUID | None
    title: str
    language: str
    body: str


@cache
def starter_set() -> _Set:
    """Raises msgspec.ValidationError for a wrong file."""
    return msgspec.convert(
        tomllib.loads(resources.files(__package__).joinpath("canned.toml").read_text("utf-8")), _Set
    )


def places() -> frozenset[str]:
    """Return every name that may stand in braces."""
    return frozenset(name for names in starter_set().places.values() for name in names)


def places_in(body: str) -> tuple[str, ...]:
    """Return what stands in braces, each once, in order."""
    return tuple(dict.fromkeys(_PLACE.findall(body)))


async def list_canned(session: AsyncSession) -> list[Ready]:
    """Return every ready answer: staff's own, and those of the starter set that nobody wrote over or dropped."""
    rows = (await session.scalars(sa.select(CannedAnswer).order_by(CannedAnswer.changed_at))).all()
    found = {
        (one.language, one.title): Ready(None, one.title, one.language, one.body)
        for one in starter_set().answer
    }
    for row in rows:
        found.pop((row.language, row.title), None)
        if row.dropped_at is None:
            found[row.language, row.title] = Ready(row.id, row.title, row.language, row.body)
    return sorted(found.values(), key=lambda one: (WHOLE.index(one.language), one.title))


async def write_canned(
    session: AsyncSession, account_id: UUID, *, title: str, language: str, body: str
) -> UUID:
    """Write a ready answer, over the one of the same title where there is one; return its id.

    Raises CannedTextError, CannedPlaceError, InvalidInputError for an unknown language.
    """
    name, words = " ".join(plain(title).split()), plain(body)
    if not 1 <= len(name) <= LONGEST_TITLE or not 1 <= len(words) <= LONGEST_BODY:
        raise CannedTextError(f"a title has 1 to {LONGEST_TITLE} characters, a text 1 to {LONGEST_BODY}")
    if language not in WHOLE:
        raise InvalidInputError("choose a language")
    if set(places_in(words)) - places() or "{" in _PLACE.sub("", words) or "}" in _PLACE.sub("", words):
        raise CannedPlaceError("use only the named places")
    standing = await session.scalar(
        sa.select(CannedAnswer)
        .where(CannedAnswer.title == name, CannedAnswer.language == language)
        .order_by(CannedAnswer.changed_at.desc())
        .limit(1)
        .with_for_update()
    )
    row = standing or CannedAnswer(id=new_id(), title=name, language=language)
    row.body, row.by, row.changed_at, row.dropped_at = words, account_id, utc_now(), None
    session.add(row)
    await session.flush()
    return row.id


async def drop_canned(session: AsyncSession, account_id: UUID, *, title: str, language: str) -> None:
    """Take a ready answer away, also one of the starter set. Raises NotFoundError."""
    if (language, title) not in {(one.language, one.title) for one in await list_canned(session)}:
        raise NotFoundError("no such ready answer")
    rows = await session.scalars(
        sa.select(CannedAnswer).where(CannedAnswer.title == title, CannedAnswer.language == language)
    )
    now, standing = utc_now(), rows.all()
    for row in standing:
        row.dropped_at, row.by, row.changed_at = now, account_id, now
    if not standing:
        session.add(
            CannedAnswer(
                id=new_id(), title=title, language=language, body="-", by=account_id, changed_at=now,
                dropped_at=now,
            )
        )  # fmt: skip
    await session.flush()
