"""The queue and the case page among a million reports and ten million messages, asked over HTTP as a browser asks.

The million are rows as they would lie there after years: nearly all ended, a few thousand waiting or held. The pages of
cases are of reports that were opened as a turn opens them, with a thread that can be read.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import httpx
import sqlalchemy as sa

from app.main import create_app
from app.runtime import Runtime
from benchmarks.plans import Plan, plans_of, written
from benchmarks.processes import Bench, bench
from benchmarks.storing import drop_indexes, p95
from benchmarks.texts import OFFERS
from core.accounts.demo import ensure_demo_accounts
from core.accounts.invitations import add_account
from core.accounts.models import Account
from core.accounts.sessions import start_session
from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import parse_keyset
from core.crypto.sealing import context, seal
from core.ids import new_id
from core.settings import Settings
from referrals.intake import append_citizen_words, open_referral
from referrals.listing.filters import VIEWS, View
from referrals.queue import claim

REPORTS = 1_000_000
_MESSAGES_EACH = 10
_ASKED = 60
_OFFICERS = 40
_READABLE = 100
_LINES = 12
_INDEXED = (
    "data_key", "contact", "channel_identity", "referral", "referral_entry", "message", "audit_event",
)  # fmt: skip


class Desk(NamedTuple):
    """Rows stored, and 95th percentiles in ms: of each list of the queue, and of a case page."""

    reports: int
    messages: int
    queue: dict[View, float]
    case: float


# Ids that say nothing of time, so that no index is read in the order in which it was written.
_DATA_KEYS = """
INSERT INTO data_key (id, purpose, master, created_at, destroyed_at)
SELECT gen_random_uuid(), 'case', 'none', now() - interval '5 years' * random(), now() FROM generate_series(1, $1::int)
"""
_CONTACTS = """
INSERT INTO contact (id, data_key_id, created_at) SELECT gen_random_uuid(), id, created_at FROM data_key WHERE master = 'none'
"""
_IDENTITIES = """
INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at)
SELECT gen_random_uuid(), id, CASE WHEN random() < 0.8 THEN 'line' ELSE 'telegram' END, uuid_send(id),
       decode(repeat('00', 64), 'hex'), created_at
FROM contact
"""
# One in five hundred waits, one in five hundred is held by somebody, the others have ended.
_REFERRALS = """
INSERT INTO referral (id, contact_id, identity_id, data_key_id, channel, source, state, priority, kinds, reasons, rules,
                      receipt_key, opened_at, claimed_by, claimed_at, first_answer_at, closed_at, closed_as, last_entry_at,
                      place, terms_of)
SELECT gen_random_uuid(), contact_id, identity_id, data_key_id, channel, 'report', state,
       (ARRAY['P0', 'P1', 'P1', 'P2', 'P2', 'P2', 'P3', 'P3', 'P3', 'P3'])[1 + floor(random() * 10)::int],
       ARRAY[(ARRAY['detention', 'domestic_violence', 'trafficking', 'child_abuse', 'danger'])[1 + floor(random() * 5)::int]],
       '{can_talk}', 'benchmark', uuid_send(gen_random_uuid()), at,
       CASE WHEN state <> 'open' THEN holders[1 + floor(random() * cardinality(holders))::int] END,
       CASE WHEN state <> 'open' THEN at END, CASE WHEN state <> 'open' THEN at + interval '5 minutes' END,
       CASE WHEN state = 'closed' THEN at + interval '2 days' END, CASE WHEN state = 'closed' THEN 'helped' END, at,
       'province:TH-' || (10 + floor(random() * 60)::int), at
FROM (SELECT c.id AS contact_id, i.id AS identity_id, c.data_key_id, i.channel, $1::uuid[] AS holders,
             CASE WHEN n % 500 = 0 THEN 'open' WHEN n % 500 = 1 THEN 'claimed' ELSE 'closed' END AS state,
             CASE WHEN n % 500 < 2 THEN now() - interval '3 days' * random()
                  ELSE now() - interval '3 days' - interval '5 years' * random() END AS at
      FROM (SELECT *, row_number() OVER () AS n FROM contact) c JOIN channel_identity i ON i.contact_id = c.id) people
"""
_ENTRIES = """
INSERT INTO referral_entry (id, referral_id, author, body, at)
SELECT gen_random_uuid(), r.id, CASE WHEN n = 2 THEN 'staff' ELSE 'citizen' END, decode(repeat('00', 96), 'hex'),
       r.opened_at + n * interval '1 minute'
FROM referral r, generate_series(1, 3) n
"""
_MESSAGES = """
INSERT INTO message (id, identity_id, channel, lane, kind, state, created_at, finished_at)
SELECT gen_random_uuid(), i.id, i.channel, 'reply', 'answer', 'sent', i.created_at, i.created_at
FROM channel_identity i, generate_series(1, $1::int) n
"""
_AUDIT = """
INSERT INTO audit_event (stream, number, at, actor_id, action, object_kind, object_id, outcome, previous, hash)
SELECT 100, row_number() OVER (), r.opened_at, r.claimed_by, 'referral.read', 'referral', r.id, 'ok', ''::bytea, ''::bytea
FROM referral r, generate_series(1, 2) n
"""


async def measure_desk(reports: int = REPORTS, plans: Path | None = None) -> Desk:
    """Fill, then open pages; `plans` is a file into which goes how PostgreSQL finds what they show."""
    async with bench() as ground:
        keys = DataKeys(parse_keyset((ground.folder / "keyset.json").read_text()))
        async with ground.database.unit_of_work() as session:
            await ensure_demo_accounts(session, keys)
            for number in range(_OFFICERS):
                address = f"officer{number}@rootan.test"
                await add_account(session, keys, email=address, name=f"O{number}", role="hotline_officer")
        connection = await asyncpg.connect(ground.database.asyncpg_address)
        try:
            await _fill(connection, reports)
        finally:
            await connection.close()
        officer, token = await _sign_in(ground)
        readable = [await _readable(ground, keys, officer) for _ in range(_READABLE)]
        if plans is not None:
            found = await _plans(ground, keys, token, readable[0])
            await asyncio.to_thread(plans.write_text, _written(found, reports), "utf-8")
        async with _browser(ground, token) as browser:
            queue = {
                view: await p95(partial(_page, browser, f"/console/referrals?view={view}"), _ASKED)
                for view in VIEWS
            }
            case = await p95(
                lambda n: _page(browser, f"/console/referrals/{readable[n % len(readable)]}", n), _ASKED
            )
    return Desk(reports, reports * _MESSAGES_EACH, queue, case)


async def _fill(connection: Any, reports: int) -> None:
    await connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
    officers = await connection.fetch(
        "SELECT id FROM account WHERE role IN ('hotline_officer', 'supervisor')"
    )
    definitions = await drop_indexes(connection, _INDEXED)
    for statement, *values in (
        (_DATA_KEYS, reports),
        (_CONTACTS,),
        (_IDENTITIES,),
        (_REFERRALS, [row["id"] for row in officers]),
        (_ENTRIES,),
        (_MESSAGES, _MESSAGES_EACH),
        (_AUDIT,),
        *((definition,) for definition in definitions),
        ("VACUUM (ANALYZE)",),
    ):
        await connection.execute(statement, *values)


async def _sign_in(ground: Bench) -> tuple[UUID, str]:
    async with ground.database.unit_of_work() as session:
        officer = await session.scalar(sa.select(Account.id).where(Account.email == "anong@rootan.test"))
        if officer is None:
            raise RuntimeError("there is no hotline officer among the accounts")
        return officer, await start_session(session, officer, confirmed=True)


async def _readable(ground: Bench, keys: DataKeys, officer: UUID) -> UUID:
    """A claimed report with a thread, as turns leave it."""
    async with ground.database.unit_of_work() as session:
        key_row, key = keys.row("contact")
        session.add(key_row)
        await session.flush()
        contact_id, identity_id, now = new_id(), new_id(), utc_now()
        address = Box(seal(key, b"U" * 33, context("channel_identity", "address", identity_id)))
        session.add(Contact(id=contact_id, data_key_id=key_row.id, created_at=now))
        await session.flush()
        session.add(
            ChannelIdentity(
                id=identity_id, contact_id=contact_id, channel="line", address_key=identity_id.bytes, address=address,
                created_at=now,
            )
        )  # fmt: skip
        await session.flush()
        referral_id = await open_referral(
            session, keys, contact_id=contact_id, identity_id=identity_id, channel="line", source="report",
            priority="P1", kinds=("detention",), reasons=("can_talk",), receipt=identity_id.hex,
        )  # fmt: skip
        words = [(new_id(), f"{OFFERS[n % len(OFFERS)]} {n}") for n in range(_LINES)]
        await append_citizen_words(session, keys, identity_id=identity_id, words=words)
        await claim(session, referral_id, officer)
    return referral_id


@asynccontextmanager
async def _browser(ground: Bench, token: str) -> AsyncIterator[httpx.AsyncClient]:
    port = await ground.start_service(workers=0)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", cookies={"rootan": token}, timeout=60
    ) as client:
        yield client


async def _plans(ground: Bench, keys: DataKeys, token: str, case: UUID) -> list[Plan]:
    app = create_app(Runtime(Settings(data_dir=ground.folder / "var"), ground.database, keys))
    pages = {f"Queue: {view}": f"/console/referrals?view={view}" for view in VIEWS}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1", cookies={"rootan": token}
    ) as browser:
        return await plans_of(browser, ground.database, pages | {"Case": f"/console/referrals/{case}"})


def _written(plans: list[Plan], reports: int) -> str:
    return written(
        plans,
        f"# How the desk finds its rows\n\nAmong {reports:,} reports with {reports * _MESSAGES_EACH:,} messages, as"
        " `python -m benchmarks.desk --plans docs/plans.md` writes it: each statement of the queue and of a case page"
        " that takes a millisecond or more, where first asked, with its whole time.\n",
    )


async def _page(browser: httpx.AsyncClient, address: str, _: int) -> None:
    answer = await browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Ask the desk's pages among many stored reports.")
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--plans", type=Path, help="write how PostgreSQL finds the pages' rows to this file")
    given = parser.parse_args()
    print(asyncio.run(measure_desk(given.reports, given.plans)))


if __name__ == "__main__":
    main()
