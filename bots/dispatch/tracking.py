"""Facts about receipts and about what is held of a person; asked for rarely, so one person at a time."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from bots.dispatch.turn import Want
from bots.engine.holdings import Holdings
from core.clock import bangkok, utc_now
from core.contacts.subjects import SUBJECTS
from core.crypto.data_keys import DataKeys
from referrals.progress_reading import read_progress
from referrals.receipts import open_by_word, read_opened, track
from referrals.report_erasure import erases_late
from referrals.slowing import source_key
from referrals.tracked import Tracked

_HELD = """
SELECT t.created_at, t.minor,
  (SELECT count(*) FROM screening s WHERE s.contact_id = t.id) AS checked,
  (SELECT count(*) FROM screening s JOIN screening_text x ON x.screening_id = s.id WHERE s.contact_id = t.id) AS texts,
  (SELECT coalesce(array_agg(ROW(r.state, r.priority, r.closed_at)), '{}')
   FROM referral r JOIN data_key k ON k.id = r.data_key_id
   WHERE r.contact_id = t.id AND k.wrapped IS NOT NULL) AS reports,
  (SELECT coalesce(array_agg(topic), '{}') FROM consent WHERE contact_id = t.id AND granted) AS granted,
  (SELECT coalesce(array_agg(topic), '{}') FROM consent WHERE contact_id = t.id AND NOT granted) AS stopped,
  coalesce((SELECT may_write_first FROM contact_rule WHERE contact_id = t.id), false) AS may_write_first,
  (SELECT due_at FROM erasure_request WHERE contact_id = t.id AND done_at IS NULL AND taken_back_at IS NULL LIMIT 1)
    AS forgotten_at
FROM contact t WHERE t.id = $1
"""


async def find_tracked(
    session: AsyncSession, connection: Any, keys: DataKeys, wants: list[Want]
) -> dict[Want, Tracked]:
    """Look up reports by code, by word, or again; the forms of `about` are those of `bots.dialogues.receipt`.

    How the case goes on is read only where the report lies open.
    """
    found = {want: await _track(connection, keys, want) for want in wants}
    return {want: await _with_progress(session, keys, one) for want, one in found.items()}


async def _with_progress(session: AsyncSession, keys: DataKeys, found: Tracked) -> Tracked:
    if found.referral is None or not found.opened:
        return found
    progress = await read_progress(session, keys, found.referral, bangkok(utc_now()).date())
    return msgspec.structs.replace(found, progress=progress)


async def _track(connection: Any, keys: DataKeys, want: Want) -> Tracked:
    person, now = want.person, utc_now()
    source = source_key(keys.keyset, person.channel, person.address_key)
    form, _, what = want.about.partition(":")
    if form == "code":
        return await track(
            connection, keys, source=source, code=what, identity_id=person.identity_id, now=now
        )
    report, _, word = what.partition(" ")
    if form == "read":
        return await read_opened(connection, keys, UUID(report), person.identity_id)
    return await open_by_word(
        connection, keys, source=source, referral_id=UUID(report), word=word, identity_id=person.identity_id, now=now
    )  # fmt: skip


async def find_holdings(connection: Any, _keys: DataKeys, wants: list[Want]) -> dict[Want, Holdings]:
    return {want: _held(await connection.fetchrow(_HELD, want.person.contact_id)) for want in wants}


def _held(row: Any) -> Holdings:
    reports = row["reports"]
    return Holdings(
        known_since=row["created_at"],
        checked=row["checked"],
        texts=row["texts"],
        reports=len(reports),
        open_reports=sum(state in ("open", "claimed") for state, _, _ in reports),
        takes_news="campaigns" in row["granted"],
        stopped=tuple(one for one in SUBJECTS if one in row["stopped"]),
        may_write_first=row["may_write_first"],
        minor=row["minor"],
        forgotten_at=row["forgotten_at"],
        forgets_late=any(erases_late(*report) for report in reports),
    )
