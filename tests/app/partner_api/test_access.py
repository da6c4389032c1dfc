"""Who may call what, generated: every route without a token, without its scope, and on another agency's case."""

from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from app.models import METADATA
from app.partner_api.mount import make_partner_api, routes_of, scopes_of
from app.runtime import Runtime
from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from referrals.agencies.models import AgencyProgram
from referrals.agencies.templates import templates
from tests.app.partner_api.conftest import Client, Connect, today

# What a call leaves of itself, and how often a program called.
_TRACES = {"audit_event", "audit_head", "sign_in_attempt"}
_TOKEN = "/v1/token"
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def _body_of(route: APIRoute, case_id: UUID) -> object:
    """A body that fits, so that only the caller is at fault."""
    reason, outcome = min(templates().decline), min(templates().outcome)
    bodies: Mapping[str, object] = {
        "Declined": {"reason": reason}, "Finished": {"outcome": outcome}, "Why": {"reason": "ก"}, "Words": {"text": "ก"},
        "NewEvent": {"step": "claim_filed", "happened_on": today(), "amount": 1, "fund": "court"},
        "Correction": {"reason": "ก"}, "NewAddress": {"address": "https://a.example/x"},
        "Since": {"since": "2026-01-01T00:00:00Z"},
        "NewFile": {"case": str(case_id), "slot": templates().template["prosecutor"].takes[0], "content": PICTURE},
    }  # fmt: skip
    field = route.body_field
    return None if field is None else bodies[field.field_info.annotation.__name__]


async def _call(client: Client, route: APIRoute, case_id: UUID) -> httpx.Response:
    path = route.path.removeprefix("/v1").replace("{case_id}", str(case_id))
    for name in ("event_id", "file_id", "hook_id"):
        path = path.replace(f"{{{name}}}", str(new_id()))
    if path == "/imports":
        return await client.send(path, b"", "text/csv")
    if "GET" in (route.methods or ()):
        return await client.get(path)
    return await client.post(path, _body_of(route, case_id))


async def _counts(database: Database) -> dict[str, int]:
    tables = sorted(set(METADATA.tables) - _TRACES)
    counted = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in tables)
    async with database.unit_of_work() as session:
        return {row.name: row.n for row in await session.execute(sa.text(counted))}


@pytest.fixture
def routes(runtime: Runtime) -> list[APIRoute]:
    found = [route for route in routes_of(make_partner_api(runtime)) if route.path != _TOKEN]
    assert len(found) >= 25
    return found


async def test_without_a_token_nothing_opens(http: httpx.AsyncClient, routes: list[APIRoute]) -> None:
    nobody = Client(http, new_id(), new_id(), "", "", token="")
    for route in routes:
        response = await _call(nobody, route, new_id())
        assert (response.status_code, response.json()["title"]) == (401, "token"), route.path


async def test_another_agencys_case_does_not_exist(
    connect: Connect, case_id: UUID, routes: list[APIRoute], database: Database
) -> None:
    """By an agency of the same kind, with every scope and right bodies: only whose case it is stands against it."""
    stranger = await connect("prosecutor")
    before = await _counts(database)
    about_a_case = [route for route in routes if "{" in route.path or route.path == "/v1/files"]
    assert len(about_a_case) >= 18
    for route in about_a_case:
        response = await _call(stranger, route, case_id)
        assert response.status_code == 404, (route.path, response.text)
    assert await _counts(database) == before


@pytest.mark.parametrize("scope", ["cases.read", "hooks.manage", "track.victim.write"])
async def test_a_token_opens_what_it_was_given_for_and_each_refusal_leaves_its_row(
    connect: Connect, routes: list[APIRoute], database: Database, scope: str
) -> None:
    client = await connect("prosecutor", scope)
    closed = [route for route in routes if not scopes_of(route) <= {scope}]
    assert closed
    before = await _counts(database)
    for route in closed:
        response = await _call(client, route, new_id())
        assert (response.status_code, response.json()["title"]) == (403, "scope"), route.path
    assert await _counts(database) == before
    async with database.unit_of_work() as session:
        refused = await session.scalar(
            sa.select(sa.func.count()).select_from(AuditEvent).where(
                AuditEvent.actor_id == client.program_id, AuditEvent.outcome == "refused"
            )
        )  # fmt: skip
    assert refused == len(closed)


async def test_a_token_loses_what_its_program_loses(prosecutor: Client, database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(AgencyProgram).values(scopes=["hooks.manage"]))
    assert (await prosecutor.get("/cases")).status_code == 403
    assert (await prosecutor.get("/hooks")).status_code == 200
