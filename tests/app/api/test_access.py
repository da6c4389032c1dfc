from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from app.api.mount import make_api, routes_of, scopes_of
from app.main import create_app
from app.runtime import Runtime
from core.accounts.models import Account, ApiToken, SignInAttempt
from core.accounts.tokens import OFFERED
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.db.database import Database
from core.ids import new_id
from core.permissions import ROLES, SCOPES, Role
from referrals.models import Referral
from tests.app.api.conftest import Client, Connect, audit_of
from tests.app.conftest import Browser, Demo, OpenBrowser
from tests.conftest import MovableClock
from tests.support.routes import address_of

WHOLE_API = 20


def _body_of(route: object) -> object:
    """A body that fits, so that only the token is at fault."""
    bodies = {
        "Words": {"text": "ก"}, "NoteWritten": {"text": "ก", "level": "me"}, "Closing": {"outcome": "helped"},
        "Reason": {"why": "ก"}, "Urgency": {"priority": "P1"}, "TaskGiven": {"text": "ก", "due_on": utc_now().date().isoformat()},
        "Offer": {"id": "1", "text": "ก"}, "CampaignWritten": {"title": "ก", "plan": {"steps": []}},
        "CampaignChanged": {"title": "ก", "plan": {"steps": []}, "revision": 1}, "Submission": {"revision": 1},
        "CampaignFile": {"format": "rootan-campaign", "version": 1, "title": "ก", "plan": {"steps": []}},
    }  # fmt: skip
    field = getattr(route, "body_field", None)
    return None if field is None else bodies[field.field_info.annotation.__name__]


async def _call(client: Client, route: object, objects: dict[str, UUID]) -> httpx.Response:
    address = address_of(route, objects).removeprefix("/v1")  # type: ignore[arg-type]
    if "GET" in route.methods:  # type: ignore[attr-defined]
        return await client.get(address)
    return await client.post(address, _body_of(route))


def test_every_route_says_what_a_token_must_be_made_for(runtime: Runtime) -> None:
    routes = routes_of(make_api(runtime))
    assert len(routes) >= WHOLE_API
    assert all(scopes_of(route) for route in routes)
    assert {scope for route in routes for scope in scopes_of(route)} == set(OFFERED)
    assert len({route.name for route in routes}) == len(routes)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_reaches_what_its_scopes_open_and_nothing_else(
    connect: Connect, runtime: Runtime, database: Database, referral_id: UUID, role: Role
) -> None:
    """Every route by every role that can have a token at all; refusals change nothing and leave their rows."""
    routes = routes_of(make_api(runtime))
    if not SCOPES[role] & set(OFFERED):
        assert role == "partner_officer"
        return
    client = await connect(role)
    wrong = []
    for route in routes:
        allowed = scopes_of(route) <= SCOPES[role]
        objects = {"referral_id": referral_id if not allowed else new_id()}
        response = await _call(client, route, objects)
        if (response.status_code == 403) == allowed or response.status_code in {401, 429, 500}:
            wrong.append((role, route.name, response.status_code))
    assert wrong == []
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        refused = list(
            await session.scalars(
                sa.select(AuditEvent.action).where(
                    AuditEvent.outcome == "refused", AuditEvent.object_id == referral_id
                )
            )
        )
    assert (referral.state, referral.priority) == ("open", "P0")
    closed = [r for r in routes if not scopes_of(r) <= SCOPES[role] and "{referral_id}" in r.path]
    assert len(refused) == len(closed)
    console = {getattr(route, "name", "") for route in create_app(runtime).routes}
    assert set(refused) <= console


async def test_administrators_and_auditors_read_no_case_whatever_their_token_says(
    connect: Connect, database: Database, referral_id: UUID, canary: str
) -> None:
    """Also when somebody wrote more scopes into the table than the role has."""
    for role in ("administrator", "auditor"):
        client = await connect(role)
        async with database.unit_of_work() as session:
            await session.execute(sa.update(ApiToken).values(scopes=sorted(OFFERED)))
        for part in ("", "/thread", "/report", "/notes", "/tasks"):
            response = await client.get(f"/referrals/{referral_id}{part}")
            assert response.status_code == 403
            assert canary not in response.text


async def test_a_token_for_less_does_less_and_its_refusal_is_audited(
    connect: Connect, database: Database, referral_id: UUID
) -> None:
    reader = await connect("supervisor", "referrals.read")
    assert (await reader.get(f"/referrals/{referral_id}")).status_code == 200
    refused = await reader.post(f"/referrals/{referral_id}/claim")
    assert (refused.status_code, refused.json()["title"]) == (403, "scope")
    assert await audit_of(database, referral_id) == [("referral.read", "ok"), ("referral.claim", "refused")]


async def test_without_a_token_nothing_opens(
    http: httpx.AsyncClient, runtime: Runtime, anong: Client
) -> None:
    for route in routes_of(make_api(runtime)):
        for headers in (
            {}, {"Authorization": "Bearer"}, {"Authorization": "Bearer "}, {"Authorization": f"Basic {anong.token}"},
        ):  # fmt: skip
            method = next(iter(route.methods or ()))
            key = {"Idempotency-Key": "k"}
            response = await http.request(
                method, f"/api{address_of(route)}", headers=headers | key, json=_body_of(route)
            )
            assert (response.status_code, response.json()["title"]) == (401, "token"), route.path
            assert response.headers["www-authenticate"] == "Bearer"


async def test_a_signed_in_browser_is_no_token(
    open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    await browser.sign_in(demo["supervisor"])
    assert (await browser.get("/console/referrals")).status_code == 200
    assert (await browser.get("/api/v1/referrals")).status_code == 401


async def test_a_token_is_no_session(anong: Client) -> None:
    response = await anong.http.get("/console/referrals", headers={"Authorization": f"Bearer {anong.token}"})
    assert response.headers["location"] == "/console/sign-in"


async def test_it_ends_when_the_person_signs_out_everywhere(
    open_browser: OpenBrowser, demo: Demo, anong: Client, standing_clock: MovableClock
) -> None:
    browser: Browser = open_browser()
    await browser.sign_in(demo["hotline_officer"])
    assert (await anong.get("/referrals")).status_code == 200
    assert (await browser.post("/console/sign-out-everywhere")).status_code == 303
    assert (await anong.get("/referrals")).status_code == 401


async def test_it_ends_with_the_account_and_sleeps_with_an_unconfirmed_role(
    anong: Client, database: Database
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(role_confirmed_by=None))
    assert (await anong.get("/referrals")).status_code == 403
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(disabled_at=sa.func.now()))
    assert (await anong.get("/referrals")).status_code == 401


async def test_guessing_is_slowed_without_holding_up_a_right_token(
    anong: Client, http: httpx.AsyncClient, database: Database, standing_clock: MovableClock
) -> None:
    stranger = Client(http, f"rootan_{'A' * 64}")
    statuses = [(await stranger.get("/referrals")).status_code for _ in range(7)]
    assert statuses == [401] * 5 + [429] * 2
    told = await stranger.get("/referrals")
    assert (told.json()["title"], int(told.headers["retry-after"]) >= 1) == ("slow_down", True)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(ApiToken).values(expires_at=standing_clock.moment.replace(year=2027)))
        assert await session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 5
    assert (await anong.get("/referrals")).status_code == 200


async def test_a_token_that_calls_too_often_is_told_when_to_come_back(
    anong: Client, database: Database, standing_clock: MovableClock
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(ApiToken).values(
                expires_at=standing_clock.moment.replace(year=2027),
                busy_until=standing_clock.moment.replace(minute=2),
            )
        )
    response = await anong.get("/referrals")
    assert (response.status_code, response.json()["title"]) == (429, "slow_down")
    assert 85 <= int(response.headers["retry-after"]) <= 95
    standing_clock.advance(seconds=95)
    assert (await anong.get("/referrals")).status_code == 200
