"""Changing the directory of hotlines: adding, editing, verifying again, handing over, withdrawing.

Supervisors do this (`hotlines.write`): they answer for what citizens read, and know whether somebody picks up. Whoever
runs the machine and makes accounts does not also decide which number people in danger call.
"""

from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.models import Account
from core.accounts.roster import scopes_held
from core.clock import bangkok, utc_now
from core.errors import ConflictError
from core.ids import new_id
from core.permissions import Scope
from referrals.directory.hotlines import Hotline
from referrals.hotline_desk.book import Entry, find_entry, read_book
from referrals.hotline_desk.checking import BadEntryError, EntryStaysError, check_entry
from referrals.hotline_desk.models import HotlineVersion

MAY_KEEP: Scope = "hotlines.write"
# What somebody acts on: who changes one of these has read it somewhere.
_FACTS = ("number", "always", "hours", "holidays", "only_in_thailand", "dialled_from_abroad")


class StaleEntryError(ConflictError):
    """Somebody else changed the entry meanwhile."""

    code = "stale_hotline"


async def add_hotline(session: AsyncSession, hotline: Hotline, *, owner_id: UUID | None, by: UUID) -> str:
    """Add an entry of staff's own, as read at its source today; returns its key.

    Raises BadEntryError, also for a number that is there already.
    """
    key = hotline.number
    today = bangkok(utc_now()).date()
    new = check_entry(msgspec.structs.replace(hotline, key=key, stays=False, verified_at=today))
    await _refuse_twice(session, key)
    await _write(session, Entry(new), "added", new, owner_id=owner_id, by=by)
    return key


async def edit_hotline(
    session: AsyncSession, key: str, hotline: Hotline, *, seen: int, owner_id: UUID | None, by: UUID
) -> None:
    """Let an entry say something else; `seen` is the version that was edited.

    A new number or new hours need the source at which they were read, and count as verified today; of anything else
    the day of verification stays. A mark is only lowered here. Raises NotFoundError, StaleEntryError, EntryStaysError,
    BadEntryError.
    """
    entry = await _current(session, key, seen)
    new = check_entry(_merged(entry.hotline, hotline))
    if new.number != entry.hotline.number:
        await _refuse_twice(session, new.number)
    if new != entry.hotline:
        await _write(session, entry, "edited", new, owner_id=owner_id, by=by)
    elif owner_id != entry.owner_id:
        await _write(session, entry, "handed", new, owner_id=owner_id, by=by)


def _merged(old: Hotline, given: Hotline) -> Hotline:
    checked = any(getattr(old, fact) != getattr(given, fact) for fact in _FACTS)
    return msgspec.structs.replace(
        given, key=old.key, stays=old.stays,
        source=given.source if checked else old.source,
        verified_at=bangkok(utc_now()).date() if checked else old.verified_at,
        mark=given.mark if old.mark == "V" or given.mark == "U" else old.mark,
    )  # fmt: skip


async def _refuse_twice(session: AsyncSession, number: str) -> None:
    if any(number in (entry.hotline.key, entry.hotline.number) for entry in await read_book(session)):
        raise BadEntryError("number: it stands in the directory already")


async def verify_hotline(session: AsyncSession, key: str, *, source: str, seen: int, by: UUID) -> None:
    """Note that an entry was checked today, at which source; it then counts as verified (mark V).

    Raises NotFoundError, StaleEntryError, BadEntryError without a source.
    """
    entry = await _current(session, key, seen)
    today = bangkok(utc_now()).date()
    new = check_entry(
        msgspec.structs.replace(entry.hotline, source=source.strip(), verified_at=today, mark="V")
    )
    await _write(session, entry, "verified", new, owner_id=entry.owner_id, by=by)


async def withdraw_hotline(session: AsyncSession, key: str, *, seen: int, by: UUID) -> None:
    """Tell citizens of an entry no longer; raises NotFoundError, StaleEntryError, EntryStaysError."""
    entry = await _current(session, key, seen)
    if entry.hotline.stays:
        raise EntryStaysError("this number is named by dialogues; edit it instead")
    if not entry.is_withdrawn:
        await _write(session, entry, "withdrawn", entry.hotline, owner_id=entry.owner_id, by=by)


async def restore_hotline(session: AsyncSession, key: str, *, seen: int, by: UUID) -> None:
    """Take a withdrawal back; raises NotFoundError, StaleEntryError."""
    entry = await _current(session, key, seen)
    if entry.is_withdrawn:
        await _write(session, entry, "restored", entry.hotline, owner_id=entry.owner_id, by=by)


async def _current(session: AsyncSession, key: str, seen: int) -> Entry:
    entry = await find_entry(session, key)
    if entry.version != seen:
        raise StaleEntryError("somebody changed this entry meanwhile; read it again")
    return entry


async def _write(
    session: AsyncSession, entry: Entry, act: str, new: Hotline, *, owner_id: UUID | None, by: UUID
) -> None:
    if owner_id is not None and owner_id not in {account.id for account in await keepers(session)}:
        raise BadEntryError("owner: somebody who may keep the directory")
    row = {
        "id": new_id(), "key": new.key, "number": entry.version + 1, "act": act, "owner_id": owner_id,
        "content": msgspec.to_builtins(new, order="sorted"), "made_by": by, "made_at": utc_now(),
    }  # fmt: skip
    written = await session.scalar(
        insert(HotlineVersion)
        .values(row)
        .on_conflict_do_nothing(index_elements=["key", "number"])
        .returning(HotlineVersion.id)
    )
    if written is None:
        raise StaleEntryError("somebody changed this entry meanwhile; read it again")


async def keepers(session: AsyncSession) -> list[Account]:
    """Return who may keep the directory, by name."""
    accounts = await session.scalars(
        sa.select(Account).where(Account.disabled_at.is_(None)).order_by(Account.name, Account.id)
    )
    return [account for account in accounts if MAY_KEEP in scopes_held(account)]
