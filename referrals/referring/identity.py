"""Who the person is: withheld until the agency that took the case on asks, and somebody who holds the case gives it.

Never along with the request, always with a reason, and with the person's consent to being named, else on a ground that a
supervisor answers for. Of a P0 it may be given before it was accepted: a patrol needs to know whom to look for. It may be
taken back, also by the person's own word: nobody reads it from then on, and what was read was read.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from referrals.agencies.templates import templates
from referrals.desk.sealed import open_words, plain, seal_words
from referrals.referring.consents import pass_consent
from referrals.referring.errors import FieldError, OverError
from referrals.referring.filling import from_text, to_text
from referrals.referring.finding import ByAgency, ByHotline, Found, find
from referrals.referring.links import end_standing
from referrals.referring.sending import TABLE
from referrals.referring.stepping import PENDING, WORKING, announce, begins_from, tell_agency, tell_hotline
from referrals.referring.wording import reason_of

ASKED, GIVEN, REFUSED = "agency_asks_identity", "agency_identity_given", "agency_identity_refused"
TAKEN_BACK = "agency_identity_taken_back"
LONGEST_PART = 300


async def ask_identity(
    session: AsyncSession, keys: DataKeys, request_id: UUID, agency: ByAgency, *, reason: str, now: datetime
) -> None:
    """Ask who the person is, with a reason; once refused it may be asked again with another.

    Raises NotFoundError, OverError, WordsLengthError.
    """
    why = reason_of(reason)
    found = await find(session, request_id, agency, lock=True)
    begins_from(found, WORKING)
    if found.row.identity in {"asked", "given"}:
        raise OverError("it was asked or given already")
    await _note(session, keys, found, {"asked": why})
    found.row.identity, found.row.identity_at = "asked", now
    await announce(session, found)
    await tell_hotline(session, found, ASKED)


async def give_identity(
    session: AsyncSession,
    keys: DataKeys,
    request_id: UUID,
    staff: ByHotline,
    *,
    who: Mapping[str, str],
    reason: str,
    ground: str = "",
    now: datetime,
) -> None:
    """Tell an agency who the person is, in parts of its template; what was given before is added to.

    Raises NotFoundError, OverError, FieldError, WordsLengthError, and as `packets.gate.pass_gate`.
    """
    why = reason_of(reason)
    found = await find(session, request_id, staff, lock=True)
    is_urgent = found.referral.priority == "P0"
    begins_from(found, (*PENDING, *WORKING) if is_urgent else WORKING)
    needed = await pass_consent(session, staff, found.agency.kind, with_identity=True, ground=ground)
    parts = _parts(found, who)
    row = found.row
    key = await keys.load(session, found.referral.data_key_id)
    shared = from_text(open_words(row.shared, key, TABLE, "shared", row.id))
    before = shared.get("who", {}) if row.identity == "given" else {}
    shared["who"] = {**before, **parts}
    row.shared = seal_words(to_text(shared), key, TABLE, "shared", row.id)
    await _note(session, keys, found, {"answered": why, "ground": needed or "", "taken_back": ""})
    row.identity, row.identity_at, row.identity_by = "given", now, staff.account_id
    row.identity_read_at = None
    # A packet that was made before lacks it.
    await end_standing(session, request_id, "withdrawn", now)
    await announce(session, found)
    await tell_agency(session, found, GIVEN)


async def take_identity_back(
    session: AsyncSession, keys: DataKeys, request_id: UUID, staff: ByHotline, *, reason: str, now: datetime
) -> None:
    """Let an agency read no more who the person is, also of a request that is done; it reads the reason.

    A packet behind a link, which may hold it, ends. Raises NotFoundError, OverError, WordsLengthError.
    """
    why = reason_of(reason)
    found = await find(session, request_id, staff, lock=True)
    if found.row.identity != "given":
        raise OverError("who the person is was not given, or was taken back already")
    await _note(session, keys, found, {"taken_back": why})
    row = found.row
    row.identity, row.identity_at, row.identity_by = "taken_back", now, staff.account_id
    await end_standing(session, request_id, "withdrawn", now)
    await announce(session, found)
    await tell_agency(session, found, TAKEN_BACK)


async def refuse_identity(
    session: AsyncSession, keys: DataKeys, request_id: UUID, staff: ByHotline, *, reason: str, now: datetime
) -> None:
    """Say no to an agency that asked who the person is; it reads the reason. Raises NotFoundError, OverError, WordsLengthError."""
    why = reason_of(reason)
    found = await find(session, request_id, staff, lock=True)
    if found.row.identity != "asked":
        raise OverError("nothing was asked, or it was answered")
    await _note(session, keys, found, {"answered": why})
    row = found.row
    row.identity, row.identity_at, row.identity_by = "refused", now, staff.account_id
    await announce(session, found)
    await tell_agency(session, found, REFUSED)


def _parts(found: Found, who: Mapping[str, str]) -> dict[str, str]:
    allowed = templates().template[found.agency.template].identity
    parts: dict[str, str] = {}
    for code, typed in who.items():
        if code not in allowed:
            raise FieldError("field_unknown", code, "this agency is not given this part of the identity")
        if said := plain(typed):
            parts[code] = said
        if len(said) > LONGEST_PART:
            raise FieldError("field_length", code, f"write at most {LONGEST_PART} characters")
    if not parts:
        raise FieldError("field_missing", "", "write who the person is")
    return parts


async def _note(session: AsyncSession, keys: DataKeys, found: Found, said: Mapping[str, str]) -> None:
    """Add to the reasons on both sides: one column holds the asking and the answer."""
    row = found.row
    key = await keys.load(session, found.referral.data_key_id)
    before = from_text(open_words(row.identity_reason, key, TABLE, "identity_reason", row.id))
    row.identity_reason = seal_words(to_text({**before, **said}), key, TABLE, "identity_reason", row.id)
