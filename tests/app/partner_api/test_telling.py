"""Agencies are told that something changed: signed, without content, again until it arrives, never inside our own house."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.partner_api.telling import HookTelling
from app.runtime import Runtime
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.agencies.hook_posting import HookPoster
from referrals.agencies.hooks import MOST_TRIES, WAITS
from referrals.agencies.models import AgencyHook
from referrals.referring.finding import ByHotline
from referrals.referring.messages import write
from referrals.referring.models import AgencyReferral
from referrals.tracks.recording import By, NewStep, record
from tests.app.partner_api.conftest import Client, Connect, ReferTo, today
from tests.app.partner_api.receiver import Receiver, ToLoopback, is_signed, receiver
from tests.conftest import MovableClock

SECRET_WORDS = "คำที่ไม่ควรออกไปไหน"


@pytest.fixture
async def agency(tmp_path: Path) -> AsyncIterator[Receiver]:
    async with receiver(tmp_path) as found:
        yield found


@pytest.fixture
def telling(runtime: Runtime, agency: Receiver) -> HookTelling:
    """As a worker tells, but that every name is found on this machine, and that this machine may be called."""
    poster = HookPoster(trust=agency.trust, resolver=ToLoopback(), may_reach=lambda _address: True)
    return HookTelling(runtime, poster)


async def _add(client: Client, agency: Receiver) -> tuple[str, str]:
    made = await client.post("/hooks", {"address": agency.address})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["secret"]


async def _write(database: Database, keys: DataKeys, case_id: UUID) -> None:
    """As the hotline: a message, and a step told by another agency's clerk over the telephone."""
    async with database.unit_of_work() as session:
        row = await session.get_one(AgencyReferral, case_id)
        staff = ByHotline(row.referral_id, row.sent_by, oversees=True)
        await write(session, keys, case_id, staff, text=SECRET_WORDS, now=utc_now())
        new = NewStep(step="inquiry", track="prosecution", happened_on=utc_now().date(), note=SECRET_WORDS)
        await record(session, keys, row.referral_id, new, By(maker="hotline", source="manual"), now=utc_now())


async def test_what_others_change_is_told_once_signed_and_without_content(
    prosecutor: Client,
    connect: Connect,
    refer_to: ReferTo,
    case_id: UUID,
    agency: Receiver,
    telling: HookTelling,
    database: Database,
    keys: DataKeys,
) -> None:
    hook, secret = await _add(prosecutor, agency)
    police = await connect("police")
    await _add(police, agency)
    async with database.unit_of_work() as session:
        referral_id = (await session.get_one(AgencyReferral, case_id)).referral_id
    await _write(database, keys, case_id)
    await prosecutor.post(f"/cases/{case_id}/messages", {"text": "ของเราเอง"})
    await telling.tell_due()
    assert {(one["kind"], one["case"]) for one in agency.bodies} == {
        ("message.written", str(case_id)),
        ("prosecution.changed", str(case_id)),
    }
    for headers, body in agency.told:
        assert is_signed(headers, body, secret)
        assert not is_signed(headers, body + b" ", secret)
        stamp = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert abs(stamp - utc_now()) < timedelta(minutes=5)
        for hidden in (SECRET_WORDS.encode(), str(referral_id).encode(), b"inquiry"):
            assert hidden not in body
    await telling.tell_due()
    assert await HookTelling(telling._runtime, telling._poster).tell_due() == 0
    assert len(agency.told) == 2
    calls = (await prosecutor.get(f"/hooks/{hook}/calls")).json()["calls"]
    assert {(one["state"], one["last_status"], one["tries"]) for one in calls} == {("told", 204, 1)}
    assert (await police.get(f"/hooks/{hook}/calls")).status_code == 404
    replayed = await prosecutor.post(f"/hooks/{hook}/replay", {"since": "2000-01-01T00:00:00Z"})
    assert replayed.json() == {"calls": 2}
    await telling.tell_due()
    assert len(agency.told) == 4
    first, again = ({one["id"] for one in agency.bodies[at : at + 2]} for at in (0, 2))
    assert first == again


async def test_what_does_not_arrive_is_tried_again_later_and_given_up_in_the_end(
    prosecutor: Client, agency: Receiver, telling: HookTelling, standing_clock: MovableClock
) -> None:
    await prosecutor.sign_in()
    hook, secret = await _add(prosecutor, agency)
    await prosecutor.post(f"/hooks/{hook}/ping")
    agency.statuses = [500, 302] + [404] * (MOST_TRIES - 2)
    for tried, wait in enumerate((*WAITS, None), 1):
        assert await telling.tell_due() == 1
        assert len(agency.told) == tried
        assert await telling.tell_due() == 0
        if wait is not None:
            standing_clock.advance(seconds=wait.total_seconds())
    assert all(request["webhook-id"] == agency.told[0][0]["webhook-id"] for request, _ in agency.told)
    await prosecutor.sign_in()
    (seen,) = (await prosecutor.get("/hooks")).json()["hooks"]
    assert seen["stopped_for"] == "failing"
    await prosecutor.post(f"/hooks/{hook}/ping")
    assert await telling.tell_due() == 0
    assert (await prosecutor.post(f"/hooks/{hook}/resume")).status_code == 204
    assert await telling.tell_due() == 1
    headers, body = agency.told[-1]
    assert is_signed(headers, body, secret)
    (seen,) = (await prosecutor.get("/hooks")).json()["hooks"]
    assert (seen["stopped_for"], seen["waiting"]) == (None, 0)


async def test_an_address_that_is_gone_is_left_alone_and_an_ended_one_forgotten(
    prosecutor: Client, agency: Receiver, telling: HookTelling, database: Database
) -> None:
    hook, _ = await _add(prosecutor, agency)
    await prosecutor.post(f"/hooks/{hook}/ping")
    agency.statuses = [410]
    await telling.tell_due()
    (seen,) = (await prosecutor.get("/hooks")).json()["hooks"]
    assert (seen["stopped_for"], seen["waiting"]) == ("gone", 1)
    assert (await prosecutor.post(f"/hooks/{hook}/end")).status_code == 204
    assert (await prosecutor.get("/hooks")).json() == {"hooks": []}
    assert (await prosecutor.post(f"/hooks/{hook}/ping")).status_code == 404
    async with database.unit_of_work() as session:
        row = await session.get_one(AgencyHook, UUID(hook))
        alive = await session.scalar(
            sa.text("SELECT wrapped FROM data_key WHERE id = :id"), {"id": row.data_key_id}
        )
        stored = (await session.execute(sa.text("SELECT agency_hook::text FROM agency_hook"))).scalar_one()
    assert alive is None
    assert "agency.example" not in stored


async def test_a_name_that_leads_into_our_own_house_is_not_called(
    prosecutor: Client, agency: Receiver, runtime: Runtime
) -> None:
    hook, _ = await _add(prosecutor, agency)
    await prosecutor.post(f"/hooks/{hook}/ping")
    checked = HookTelling(runtime, HookPoster(trust=agency.trust, resolver=ToLoopback()))
    assert await checked.tell_due() == 1
    assert agency.told == []
    (seen,) = (await prosecutor.get("/hooks")).json()["hooks"]
    assert seen["stopped_for"] == "private_address"


async def test_an_unknown_certificate_is_no_answer(
    prosecutor: Client, agency: Receiver, runtime: Runtime
) -> None:
    hook, _ = await _add(prosecutor, agency)
    await prosecutor.post(f"/hooks/{hook}/ping")
    strict = HookTelling(runtime, HookPoster(resolver=ToLoopback(), may_reach=lambda _address: True))
    await strict.tell_due()
    assert agency.told == []
    (call,) = (await prosecutor.get(f"/hooks/{hook}/calls")).json()["calls"]
    assert (call["state"], call["last_status"]) == ("waiting", None)


async def test_only_public_https_addresses_are_taken_and_only_a_few(prosecutor: Client) -> None:
    for address in (
        "http://agency.example/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://db.internal/",
    ):
        refused = await prosecutor.post("/hooks", {"address": address})
        assert (refused.status_code, refused.json()["title"]) == (400, "hook_address")
    made = [await prosecutor.post("/hooks", {"address": f"https://a.example/{n}"}) for n in range(6)]
    assert [one.status_code for one in made] == [201] * 5 + [409]


async def test_an_address_for_trying_out_is_told_of_nothing_real(
    prosecutor: Client,
    connect: Connect,
    case_id: UUID,
    agency: Receiver,
    telling: HookTelling,
    database: Database,
    keys: DataKeys,
) -> None:
    trial = await connect("prosecutor", is_sandbox=True, agency_id=prosecutor.agency_id)
    hook, secret = await _add(trial, agency)
    await _write(database, keys, case_id)
    await prosecutor.post(f"/cases/{case_id}/prosecution", {"step": "to_prosecutor", "happened_on": today()})
    assert await telling.tell_due() == 0
    assert (await prosecutor.get("/hooks")).json() == {"hooks": []}
    assert (await prosecutor.post(f"/hooks/{hook}/ping")).status_code == 404
    assert (await trial.post(f"/hooks/{hook}/ping")).status_code == 201
    assert await telling.tell_due() == 1
    assert [one["kind"] for one in agency.bodies] == ["ping"]
    assert is_signed(*agency.told[0], secret)
