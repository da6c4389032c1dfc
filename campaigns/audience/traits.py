"""What is known of a person for campaigns: their province, how they want to be called, the words they are found under.

Tags are words of staff's own, about lists and entry points; each is of many people, and none is shown with a person.
"""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

import regex
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.models import ContactTag, ContactTrait
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.sealing import context, seal
from core.errors import CryptoError, InvalidInputError
from referrals.questionnaires.places import every_place

LONGEST_TAG = 40
LONGEST_NAME = 40
_ISO = "province:TH-"
_PRINTABLE = regex.compile(r"[^\p{C}]+")
# So many rows of three values a statement, below PostgreSQL's limit of 32,767 values.
_AT_ONCE = 5_000


class TagError(InvalidInputError):
    code = "tag"


class ProvinceError(InvalidInputError):
    code = "province"


class CallNameError(InvalidInputError):
    code = "call_name"


def tidy_tag(tag: str) -> str:
    """Raises TagError."""
    tidy = " ".join(tag.split())
    if not 1 <= len(tidy) <= LONGEST_TAG or not _PRINTABLE.fullmatch(tidy):
        raise TagError(f"a tag has 1 to {LONGEST_TAG} characters")
    return tidy


def tidy_province(province: str) -> str:
    """Return the number alone, of "TH-10" as of "10"; raises ProvinceError."""
    code = province.strip().upper().removeprefix("TH-")
    if code not in _provinces():
        raise ProvinceError("give a province as its number of ISO 3166-2:TH, such as 10")
    return code


@cache
def _provinces() -> frozenset[str]:
    return frozenset(code.removeprefix(_ISO) for code, _ in every_place() if code.startswith(_ISO))


def tidy_name(name: str) -> str:
    """Raises CallNameError."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= LONGEST_NAME or not _PRINTABLE.fullmatch(tidy):
        raise CallNameError(f"a name has 1 to {LONGEST_NAME} characters")
    return tidy


async def add_tag(session: AsyncSession, contact_ids: Sequence[UUID], tag: str) -> None:
    """Let people be found under a tag; doing it twice is the same as once. Raises TagError."""
    tidy, now = tidy_tag(tag), utc_now()
    for start in range(0, len(contact_ids), _AT_ONCE):
        some = contact_ids[start : start + _AT_ONCE]
        await session.execute(
            insert(ContactTag)
            .values([{"contact_id": contact_id, "tag": tidy, "at": now} for contact_id in some])
            .on_conflict_do_nothing()
        )


def seal_name(key: bytes, contact_id: UUID, name: str) -> Box:
    return Box(seal(key, name.encode(), context("contact_trait", "name", contact_id)))


def read_name(trait: ContactTrait, key: bytes) -> str | None:
    """How the person wants to be called; None where they never said, or it opens no more."""
    if trait.name is None:
        return None
    try:
        return trait.name.open(key, context("contact_trait", "name", trait.contact_id)).decode()
    except CryptoError:
        return None
