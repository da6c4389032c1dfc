"""Finding a report by its 16-digit code, and opening more of it by the code word that the person chose.

The code is stored as a keyed hash. A wrong code, one of a report whose words are gone, and one of an erased report take
the same way through the same statements.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.crypto.sealing import context, open_sealed
from referrals.code_words import code_word_key
from referrals.models import OPEN_STATES
from referrals.openings import goes_on, note_opening, opening_key
from referrals.report_erasure import erases_late
from referrals.slowing import (
    guess_at,
    note_wrong_try,
    note_wrong_word,
    seconds_to_wait,
    seconds_to_wait_for_word,
)
from referrals.tracked import Agreed, StaffAnswer, Stage, Tracked, Viewing

# What fits a chat; the newest are shown.
MOST_ANSWERS = 3
MOST_VIEWINGS = 5
# Several openings of a role within this many seconds are told as one.
_ONE_LOOK = 900
_NO_KEY = bytes(16)

_FOUND = """
SELECT r.id, r.state, r.priority, r.first_answer_at, r.identity_id, r.contact_id, r.code_word_key, r.erase_at,
       r.closed_at, r.kept_for IS NOT NULL AND r.kept_until IS NULL AS held, k.id AS key_id, k.wrapped
FROM referral r JOIN data_key k ON k.id = r.data_key_id
WHERE k.wrapped IS NOT NULL AND
"""
_BY_CODE = _FOUND + "r.receipt_key = $1"
_BY_ID = _FOUND + "r.id = $1"
# What staff wrote to the person, and what they noted for them to read.
_ANSWERS = """
SELECT id, body, at, stands FROM (
  SELECT id, body, at, 'referral_entry' AS stands FROM referral_entry
  WHERE referral_id = $1 AND author = 'staff' AND body IS NOT NULL
  UNION ALL
  SELECT id, body, at, 'referral_note' FROM referral_note
  WHERE referral_id = $1 AND level = 'citizen' AND body IS NOT NULL) AS told
ORDER BY at DESC, id DESC LIMIT $2
"""
_VIEWINGS = """
SELECT e.at, a.role FROM audit_event e JOIN account a ON a.id = e.actor_id
WHERE e.object_kind = 'referral' AND e.object_id = $1 AND e.outcome = 'ok'
  AND e.action IN ('referral.read', 'referral.refresh')
ORDER BY e.at DESC LIMIT 200
"""
_AGENCIES = """
SELECT DISTINCT ON (agency) agency, granted, with_identity FROM agency_consent
WHERE referral_id = $1 ORDER BY agency, id DESC
"""
_RULE = "SELECT may_write_first, from_minute, until_minute FROM contact_rule WHERE contact_id = $1"


def receipt_key(keyset: Keyset, code: str) -> bytes:
    """The blind index under which a receipt code is kept."""
    return keyset.index("receipt", code)


def matches_code_word(keyset: Keyset, referral_id: UUID, stored: bytes | None, word: str) -> bool:
    """Tell whether the word is the report's; takes as long where none was chosen."""
    given = code_word_key(keyset, referral_id, word)
    return hmac.compare_digest(stored or _NO_KEY, given) and stored is not None


async def track(
    connection: Any, keys: DataKeys, *, source: bytes, code: str, identity_id: UUID, now: datetime
) -> Tracked:
    """Look up a code (16 digits): the bare status, and all of it in the chat it was told in where no word guards it."""
    if wait := await seconds_to_wait(connection, source, now):
        return Tracked(wait=wait)
    row = await connection.fetchrow(_BY_CODE, receipt_key(keys.keyset, code))
    if row is None:
        await note_wrong_try(connection, source, now)
        return Tracked()
    mine = row["identity_id"] == identity_id
    if mine and row["code_word_key"] is None:
        return await _opened(connection, keys, row, identity_id)
    return _status(row, identity_id)


async def open_by_word(
    connection: Any,
    keys: DataKeys,
    *,
    source: bytes,
    referral_id: UUID,
    word: str,
    identity_id: UUID,
    now: datetime,
) -> Tracked:
    """Say the code word of a report that was found by its code; a wrong word leaves its bare status."""
    if wait := await seconds_to_wait(connection, source, now):
        return Tracked(wait=wait)
    row = await connection.fetchrow(_BY_ID, referral_id)
    stored = row and row["code_word_key"]
    is_elsewhere = row is not None and row["identity_id"] != identity_id
    guess = guess_at(keys.keyset, source, referral_id)
    if is_elsewhere and (wait := await seconds_to_wait_for_word(connection, guess, now)):
        return Tracked(wait=wait)
    if matches_code_word(keys.keyset, referral_id, stored, word):
        await note_opening(connection, opening_key(keys.keyset, referral_id, identity_id, stored), now)
        return await _opened(connection, keys, row, identity_id)
    await note_wrong_try(connection, source, now)
    if is_elsewhere:
        await note_wrong_word(connection, guess, now)
    return Tracked() if row is None else _status(row, identity_id)


async def read_opened(connection: Any, keys: DataKeys, referral_id: UUID, identity_id: UUID) -> Tracked:
    """Read a report again that this conversation opened a short while ago, by the word that it still has.

    Where no word guards it, it opens in its own chat alone.
    """
    row = await connection.fetchrow(_BY_ID, referral_id)
    if row is None:
        return Tracked()
    stored = row["code_word_key"]
    if stored is None:
        may_read = row["identity_id"] == identity_id
    else:
        may_read = await goes_on(
            connection, opening_key(keys.keyset, referral_id, identity_id, stored), utc_now()
        )
    return await _opened(connection, keys, row, identity_id) if may_read else Tracked()


def _status(row: Any, identity_id: UUID) -> Tracked:
    return Tracked(referral=row["id"], stage=_stage(row), mine=row["identity_id"] == identity_id)


def _stage(row: Any) -> Stage:
    if row["state"] not in OPEN_STATES:
        return "closed"
    if row["first_answer_at"] is not None:
        return "answered"
    return "held" if row["state"] == "claimed" else "waiting"


async def _opened(connection: Any, keys: DataKeys, row: Any, identity_id: UUID) -> Tracked:
    referral_id = row["id"]
    rule = await connection.fetchrow(_RULE, row["contact_id"])
    agencies = await connection.fetch(_AGENCIES, referral_id)
    return Tracked(
        referral=referral_id,
        stage=_stage(row),
        mine=row["identity_id"] == identity_id,
        opened=True,
        answers=await _answers(connection, keys, row),
        viewings=_looks(await connection.fetch(_VIEWINGS, referral_id)),
        agencies=tuple(Agreed(a["agency"], a["granted"], a["with_identity"]) for a in agencies),
        may_write_first=bool(rule and rule["may_write_first"]),
        hours=_hours(rule),
        erase_at=row["erase_at"],
        erases_late=erases_late(row["state"], row["priority"], row["closed_at"]),
        held=row["held"],
    )


def _hours(rule: Any) -> tuple[int, int] | None:
    if rule is None or rule["from_minute"] is None or rule["until_minute"] is None:
        return None
    return rule["from_minute"], rule["until_minute"]


async def _answers(connection: Any, keys: DataKeys, row: Any) -> tuple[StaffAnswer, ...]:
    key = keys.open(row["key_id"], row["wrapped"])
    rows = await connection.fetch(_ANSWERS, row["id"], MOST_ANSWERS)
    return tuple(
        StaffAnswer(
            open_sealed(key, one["body"], context(one["stands"], "body", one["id"])).decode(
                "utf-8", "replace"
            ),
            one["at"],
        )
        for one in reversed(rows)
    )


def _looks(rows: Sequence[Any]) -> tuple[Viewing, ...]:
    """Newest first; a page that is kept open and redraws itself is one look."""
    looks: list[Viewing] = []
    last: dict[str, datetime] = {}
    for row in rows:
        later = last.get(row["role"])
        if later is None or (later - row["at"]).total_seconds() > _ONE_LOOK:
            looks.append(Viewing(row["role"], row["at"]))
        last[row["role"]] = row["at"]
    return tuple(looks[:MOST_VIEWINGS])
