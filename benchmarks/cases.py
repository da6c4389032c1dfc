"""Timelines, the worklist "ordered and not paid" and the yearly report among 200,000 cases with 5,000,000 events.

The cases are rows as they would lie there after years, made set-wise: each goes a part of one long way, with corrections,
agencies that disagree and payments that never came. Timelines are of cases whose steps were recorded as staff record them.
Pages are asked over HTTP as a browser asks.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import httpx
import sqlalchemy as sa

from benchmarks.processes import Bench, bench
from benchmarks.storing import drop_indexes, p95
from core.accounts.demo import ensure_demo_accounts
from core.accounts.models import Account
from core.accounts.sessions import start_session
from core.clock import bangkok, utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import parse_keyset
from core.crypto.sealing import context, seal
from core.ids import new_id
from referrals.agencies.kinds import AGENCY_KINDS
from referrals.intake import open_referral
from referrals.questionnaires.places import every_place
from referrals.queue import claim
from referrals.tracks.events import By, NewStep
from referrals.tracks.recording import record

CASES = 200_000
# Each case takes 11 to 45 steps of the way; some lie still ahead, which leaves 25 in the mean.
_ASKED = 60
_READABLE = 60
# The report is counted anew for each of so many moments.
_YEARLY = 3
_INDEXED = (
    "data_key",
    "contact",
    "channel_identity",
    "referral",
    "case_event",
    "case_person",
    "case_standing",
)


class Cases(NamedTuple):
    """Rows stored; 95th percentiles in ms of a timeline and of the worklist's orders; the slowest report in seconds."""

    cases: int
    events: int
    timeline: float
    worklist: dict[str, float]
    yearly: float


# The way of a case: step, days after the one before, and what the step tells.
_WAY: tuple[tuple[str, int, str], ...] = (
    ("report.received", 0, ""), ("report.claimed", 0, ""), ("victim.possible", 0, "person"), ("victim.protected", 1, "person"),
    ("report.ready_to_refer", 1, ""), ("report.referred", 0, ""), ("referral.sent", 0, ""), ("referral.accepted", 1, ""),
    ("prosecution.complaint", 2, ""), ("victim.mdt_screening", 9, "person"), ("victim.identified", 3, "identified"),
    ("prosecution.inquiry", 5, ""), ("compensation.told_of_right", 2, ""), ("victim.assistance", 3, "person"),
    ("compensation.wish_stated", 9, "wish"), ("victim.assistance", 30, "person"), ("prosecution.to_prosecutor", 60, ""),
    ("compensation.assessed", 10, "assessed"), ("compensation.notified", 5, ""), ("prosecution.indicted", 30, "people"),
    ("compensation.claim_filed", 0, "money"), ("prosecution.trial", 40, ""), ("victim.assistance", 30, "person"),
    ("prosecution.judgment_1", 150, "judgment"), ("compensation.ordered", 0, "money"),
    ("compensation.order_final", 31, ""), ("compensation.execution_opened", 20, ""), ("prosecution.final", 0, "judgment"),
    *(("compensation.assets_traced", 90, "traced"),) * 7,
    *(("compensation.paid", 30, "payment"), ("compensation.receipt_confirmed", 3, "confirmed")) * 4,
    ("victim.assistance", 2, "person"), ("compensation.closed", 10, "closed"),
)  # fmt: skip

_KEYS = """
INSERT INTO data_key (id, purpose, master, created_at, destroyed_at)
SELECT gen_random_uuid(), 'case', 'none', now() - interval '7 years' * random(), now() FROM generate_series(1, $1::int)
"""
_CONTACTS = """
INSERT INTO contact (id, data_key_id, created_at) SELECT gen_random_uuid(), id, created_at FROM data_key WHERE master = 'none'
"""
_IDENTITIES = """
INSERT INTO channel_identity (id, contact_id, channel, address_key, address, created_at)
SELECT gen_random_uuid(), id, 'line', uuid_send(id), decode(repeat('00', 64), 'hex'), created_at FROM contact
"""
_CASES = """
INSERT INTO referral (id, contact_id, identity_id, data_key_id, channel, source, state, priority, kinds, reasons, rules,
                      receipt_key, opened_at, claimed_by, claimed_at, first_answer_at, closed_at, closed_as, last_entry_at,
                      place, terms_of)
SELECT gen_random_uuid(), contact_id, identity_id, data_key_id, 'line', 'report', state, 'P1', '{trafficking}', '{can_talk}',
       'benchmark', uuid_send(gen_random_uuid()), at, $1, at, at + interval '5 minutes',
       CASE WHEN state = 'closed' THEN at + interval '9 days' END, CASE WHEN state = 'closed' THEN 'helped' END, at,
       places[1 + floor(random() ^ 2 * cardinality(places))::int], at
FROM (SELECT c.id AS contact_id, i.id AS identity_id, c.data_key_id, c.created_at AS at, $2::text[] AS places,
             CASE WHEN random() < 0.01 THEN 'claimed' ELSE 'closed' END AS state
      FROM contact c JOIN channel_identity i ON i.contact_id = c.id) people
"""
_PEOPLE = """
INSERT INTO case_person (referral_id, number, age_band, sex, nationality, forms, changed_at)
SELECT id, n, (ARRAY['0-14', '15-17', '18-24', '25-34', 'unknown'])[1 + floor(random() * 5)::int],
       (ARRAY['female', 'male', 'unknown'])[1 + floor(random() * 3)::int],
       (ARRAY['th', 'th', 'mm', 'la', 'kh', 'vn', 'np', 'unknown'])[1 + floor(random() * 8)::int],
       ARRAY[(ARRAY['prostitution', 'forced_labour', 'begging'])[1 + floor(random() * 3)::int]], opened_at
FROM referral, generate_series(1, CASE WHEN random() < 0.2 THEN 2 ELSE 1 END) n
"""
# Ids of the way as the service makes them, by time, so that they stand in the order of recording.
_EVENTS = """
INSERT INTO case_event (id, referral_id, track, step, person, happened_on, recorded_at, agency_id, source, about_id, amount,
                        fund, item, outcome, people, months, details)
SELECT id, referral_id, track, step, CASE WHEN tells IN ('person', 'identified') THEN 1 END, at::date, at, agency_id, 'api',
       CASE WHEN tells = 'confirmed' THEN lag(id) OVER (PARTITION BY referral_id ORDER BY number) END,
       CASE WHEN tells IN ('money', 'assessed') THEN owed WHEN tells = 'payment' THEN owed / 5 END,
       CASE WHEN tells IN ('money', 'payment') THEN 'court' END, CASE WHEN tells = 'assessed' THEN 'wages' END,
       CASE tells WHEN 'identified' THEN 's6' WHEN 'wish' THEN 'yes' WHEN 'traced' THEN 'none_found'
         WHEN 'closed' THEN 'paid_part' WHEN 'judgment' THEN CASE WHEN owed % 10 < 8 THEN 'convicted' ELSE 'acquitted' END END,
       CASE WHEN tells IN ('people', 'judgment') THEN 1 + owed % 4 END, CASE WHEN tells = 'judgment' THEN owed % 300 END,
       decode(repeat('00', 96), 'hex')
FROM (
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) || '8'
          || substr(md5(random()::text), 1, 15))::uuid AS id, *
  FROM (
    SELECT c.id AS referral_id, w.number, w.track, w.step, w.tells,
           c.opened_at + make_interval(days => w.days::int, mins => w.number::int) AS at,
           c.owed, ($5::uuid[])[1 + (c.owed + w.number) % cardinality($5::uuid[])] AS agency_id
    FROM (SELECT id, opened_at, floor(11 + random() * 35)::int AS steps, floor(random() * 90000000)::bigint + 100 AS owed
          FROM referral) c
    JOIN unnest($1::int[], $2::text[], $3::text[], $4::int[], $6::text[]) AS w (number, track, step, days, tells)
      ON w.number <= c.steps
  ) told WHERE at < now()
) named
"""
_CORRECTIONS = """
INSERT INTO case_event (id, referral_id, track, step, person, happened_on, recorded_at, source, reverses_id)
SELECT gen_random_uuid(), referral_id, track, step, person, happened_on, recorded_at + interval '1 day', 'manual', id
FROM case_event WHERE step = 'assistance' AND random() < 0.02
"""
_DISPUTES = """
INSERT INTO case_event (id, referral_id, track, step, happened_on, recorded_at, agency_id, source, outcome, is_disputed)
SELECT gen_random_uuid(), referral_id, track, step, happened_on, recorded_at + interval '1 day', $1, 'api',
       CASE outcome WHEN 'convicted' THEN 'acquitted' ELSE 'convicted' END, true
FROM case_event WHERE step = 'judgment_1' AND random() < 0.01
"""
_STANDING = """
INSERT INTO case_standing (referral_id, event_id, victim, prosecution, compensation, ordered, paid, confirmed, owed,
                           ordered_on, final_on, last_paid_on, changed_at)
SELECT *, now() FROM (
  SELECT referral_id, (array_agg(id ORDER BY id DESC))[1],
         (array_agg(step ORDER BY id DESC) FILTER (WHERE track = 'victim'))[1],
         (array_agg(step ORDER BY id DESC) FILTER (WHERE track = 'prosecution'))[1],
         (array_agg(step ORDER BY id DESC) FILTER (WHERE track = 'compensation'))[1],
         coalesce(sum(amount) FILTER (WHERE step = 'ordered'), 0), coalesce(sum(amount) FILTER (WHERE step = 'paid'), 0),
         coalesce(sum(amount) FILTER (WHERE step = 'paid'), 0),
         greatest(coalesce(sum(amount) FILTER (WHERE step = 'ordered'), 0)
                  - coalesce(sum(amount) FILTER (WHERE step = 'paid'), 0), 0),
         min(happened_on) FILTER (WHERE step = 'ordered'), min(happened_on) FILTER (WHERE step = 'order_final'),
         max(happened_on) FILTER (WHERE step = 'paid')
  FROM case_event GROUP BY referral_id) derived
"""
_AGENCIES = """
INSERT INTO agency (id, code, kind, name_th, name_en, template, basis, created_at, changed_at)
SELECT gen_random_uuid(), kind, kind, kind, kind, kind, 'benchmark', now(), now() FROM unnest($1::text[]) kind
RETURNING id
"""


async def measure_cases(cases: int = CASES) -> Cases:
    """Fill, then open pages."""
    async with bench() as ground:
        keys = DataKeys(parse_keyset((ground.folder / "keyset.json").read_text()))
        async with ground.database.unit_of_work() as session:
            await ensure_demo_accounts(session, keys)
        supervisor, token = await _sign_in(ground)
        connection = await asyncpg.connect(ground.database.asyncpg_address)
        try:
            events = await _fill(connection, cases, supervisor)
        finally:
            await connection.close()
        readable = [await _readable(ground, keys, supervisor) for _ in range(_READABLE)]
        async with _browser(ground, token) as browser:
            timeline = await p95(
                lambda n: _page(browser, f"/console/referrals/{readable[n % len(readable)]}/tracks", n),
                _ASKED,
            )
            worklist = {
                order: await p95(partial(_page, browser, f"/console/owed?order={order}"), _ASKED)
                for order in ("oldest", "largest")
            }
            yearly = max([await _yearly(browser, days) for days in range(1, _YEARLY + 1)])
    return Cases(cases, events, timeline, worklist, yearly)


async def _fill(connection: Any, cases: int, supervisor: UUID) -> int:
    """Return how many events there are."""
    await connection.execute(
        "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'"
    )
    agencies = [row["id"] for row in await connection.fetch(_AGENCIES, list(AGENCY_KINDS))]
    provinces = [code for code, _ in every_place() if code.startswith("province:")]
    definitions = await drop_indexes(connection, _INDEXED)
    for statement, *values in (
        (_KEYS, cases),
        (_CONTACTS,),
        (_IDENTITIES,),
        (_CASES, supervisor, provinces),
        (_PEOPLE,),
        (_EVENTS, *_way(), agencies, [tells for *_, tells in _WAY]),
        (_CORRECTIONS,),
        (_DISPUTES, agencies[0]),
        (_STANDING,),
        *((definition,) for definition in definitions),
        ("VACUUM (ANALYZE)",),
    ):
        await connection.execute(statement, *values)
    return int(await connection.fetchval("SELECT count(*) FROM case_event"))


def _way() -> tuple[list[int], list[str], list[str], list[int]]:
    """Numbers, tracks, steps and days since the beginning."""
    days, since = 0, []
    for _, after, _ in _WAY:
        days += after
        since.append(days)
    parts = [step.split(".") for step, _, _ in _WAY]
    return list(range(1, len(_WAY) + 1)), [track for track, _ in parts], [code for _, code in parts], since


async def _sign_in(ground: Bench) -> tuple[UUID, str]:
    async with ground.database.unit_of_work() as session:
        supervisor = await session.scalar(sa.select(Account.id).where(Account.role == "supervisor").limit(1))
        if supervisor is None:
            raise RuntimeError("there is no supervisor among the accounts")
        return supervisor, await start_session(session, supervisor, confirmed=True)


async def _readable(ground: Bench, keys: DataKeys, supervisor: UUID) -> UUID:
    """A claimed report whose steps were recorded one by one."""
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
            priority="P1", kinds=("trafficking",), reasons=("can_talk",), receipt=identity_id.hex,
        )  # fmt: skip
        await claim(session, referral_id, supervisor)
    async with ground.database.unit_of_work() as session:
        by = By("hotline", "manual", account_id=supervisor)
        for new in _told():
            await record(session, keys, referral_id, new, by, now=utc_now())
    return referral_id


def _told() -> list[NewStep]:
    """Steps of a case up to its judgment, as staff type them in today, with court numbers."""
    today = bangkok(utc_now()).date()
    numbers = {"court": "ศาลอาญา", "black_case_no": "คม 1/2569"}
    told = [
        NewStep("possible", "victim", today, person=1),
        NewStep("mdt_screening", "victim", today, person=1),
        NewStep("identified", "victim", today, person=1, outcome="s6"),
        *(NewStep(step, "prosecution", today) for step in ("complaint", "inquiry", "to_prosecutor")),
        NewStep("indicted", "prosecution", today, people=2, details=numbers),
        NewStep("claim_filed", "compensation", today, amount=85_000_000, fund="court", details=numbers),
        NewStep("trial", "prosecution", today),
        NewStep(
            "ordered", "compensation", today, amount=85_000_000, fund="court", details={"court": "ศาลอาญา"}
        ),
        NewStep("judgment_1", "prosecution", today, outcome="convicted", people=2, months=96),
    ]
    told += [NewStep("told_of_right", "compensation", today - timedelta(days=n)) for n in range(7)]
    return told + [NewStep("assistance", "victim", today, person=1, note=f"ค่ารถ {n}") for n in range(7)]


@asynccontextmanager
async def _browser(ground: Bench, token: str) -> AsyncIterator[httpx.AsyncClient]:
    port = await ground.start_service(workers=0)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", cookies={"rootan": token}, timeout=120
    ) as client:
        yield client


async def _yearly(browser: httpx.AsyncClient, days: int) -> float:
    """Seconds of a report that nobody asked for yet: last year, by what was known some days ago."""
    today = bangkok(utc_now()).date()
    began = time.perf_counter()
    await _page(browser, f"/console/yearly?year={today.year - 1}&as_of={today - timedelta(days=days)}", 0)
    return time.perf_counter() - began


async def _page(browser: httpx.AsyncClient, address: str, _: int) -> None:
    answer = await browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Ask timelines, worklist and yearly report among many stored cases."
    )
    parser.add_argument("--cases", type=int, default=CASES)
    print(asyncio.run(measure_cases(parser.parse_args().cases)))


if __name__ == "__main__":
    main()
