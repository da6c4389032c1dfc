"""Who may call what, generated: every route of the application by every role, on one's own objects and on others'."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.examiner import Examiner
from app.main import create_app
from app.models import METADATA
from app.runtime import Runtime
from core.accounts.invitations import add_account
from core.accounts.models import Account
from core.accounts.roster import needs_confirmation
from core.accounts.sessions import read_session, start_session
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset
from core.db.database import Database
from core.ids import new_id
from core.permissions import ROLES, SCOPES, Role
from core.settings import Settings
from referrals.intake import append_citizen_words, open_referral
from referrals.models import Referral
from tests.support.cast import make_person
from tests.support.postgres import TestCluster
from tests.support.routes import Guarded, address_of, form_of, guarded
from tests.support.sowing import sow, table_of

ORIGIN = "http://127.0.0.1:8000"
# What a request may write although it is refused, or only looks.
_TRACES = frozenset({"audit_event", "audit_head", "account_session", "referral_presence"})
# These end the session that asks; they have tests of their own.
_FAREWELLS = frozenset({"account.sign_out", "account.sign_out_everywhere"})


@dataclass(frozen=True, slots=True)
class House:
    """One application on one database, with an account and a session for each role."""

    runtime: Runtime
    app: FastAPI
    client: httpx.AsyncClient
    accounts: dict[Role, UUID]
    tokens: dict[Role, str]
    forms: dict[Role, str]

    async def call(
        self, role: Role, route: Guarded, objects: dict[str, UUID], *, csrf: str | None = None
    ) -> httpx.Response:
        """Send what the route wants, as the browser of this role would."""
        token = self.forms[role] if csrf is None else csrf
        form = None if route.method == "GET" else form_of(route.route) | {"csrf": token}
        return await self.client.request(
            route.method, address_of(route.route, objects), data=form,
            headers={"Origin": ORIGIN, "Cookie": f"rootan={self.tokens[role]}"},
        )  # fmt: skip

    def routes(self) -> list[Guarded]:
        return [r for r in guarded(self.app) if not r.access.halfway and r.name not in _FAREWELLS]


@pytest.fixture(scope="module")
async def house(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    address = await cluster.copy()
    database, keys = Database(address), DataKeys(new_keyset())
    folder: Path = tmp_path_factory.mktemp("matrix")
    runtime = Runtime(Settings(data_dir=folder / "var", base_url=ORIGIN), database, keys)
    app = create_app(runtime, Examiner(runtime))
    accounts: dict[Role, UUID] = {}
    tokens: dict[Role, str] = {}
    forms: dict[Role, str] = {}
    for role in ROLES:
        async with database.unit_of_work() as session:
            account = await add_account(session, keys, email=f"{role}@rootan.test", name=role, role=role)
            account.password_hash, account.role_confirmed_by = "hash", new_id()
            accounts[role] = account.id
            tokens[role] = await start_session(session, account.id, confirmed=True)
            signed_in = await read_session(session, tokens[role])
            assert signed_in is not None
            forms[role] = signed_in.csrf
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield House(runtime, app, client, accounts, tokens, forms)
    await database.close()
    await cluster.drop(address)


async def _referral(house: House, name: str, holder: UUID | None) -> UUID:
    keys = house.runtime.keys
    async with house.runtime.database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="crisis", priority="P0", kinds=("detention",), reasons=("crisis_words",), receipt=name,
        )  # fmt: skip
        await append_citizen_words(session, keys, identity_id=person.identity_id, words=[(new_id(), "...")])
        row = await session.get_one(Referral, referral_id)
        row.claimed_by, row.claimed_at = holder, utc_now() if holder else None
    return referral_id


async def _counts(house: House) -> dict[str, int]:
    tables = sorted(set(METADATA.tables) - _TRACES)
    counted = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in tables)
    async with house.runtime.database.unit_of_work() as session:
        return {row.name: row.n for row in await session.execute(sa.text(counted))}


async def _refusals(house: House, role: Role) -> int:
    async with house.runtime.database.unit_of_work() as session:
        found = await session.scalar(
            sa.select(sa.func.count()).select_from(AuditEvent).where(
                AuditEvent.actor_id == house.accounts[role], AuditEvent.outcome == "refused"
            )
        )  # fmt: skip
    return found or 0


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_is_refused_where_a_scope_is_missing_and_nothing_changes(
    house: House, role: Role
) -> None:
    """With real objects, right forms and right tokens: only the scope is missing. Each refusal leaves its row."""
    referral_id = await _referral(house, f"refused {role}", house.accounts["hotline_officer"])
    objects = {"referral_id": referral_id, "account_id": house.accounts["hotline_officer"]}
    closed = [r for r in house.routes() if not r.access.scopes <= SCOPES[role]]
    assert closed
    before, noted = await _counts(house), await _refusals(house, role)
    wrong = [
        (route.method, route.path, response.status_code)
        for route in closed
        if (response := await house.call(role, route, objects)).status_code != 403
    ]
    assert wrong == []
    assert await _counts(house) == before
    assert await _refusals(house, role) - noted == len(closed)
    async with house.runtime.database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        assert referral.claimed_by == house.accounts["hotline_officer"]
        assert referral.closed_at is None


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_is_let_in_where_it_holds_every_scope(house: House, role: Role) -> None:
    """Pages are looked at with one's own report and with a colleague's; forms name objects that are not there."""
    own = await _referral(house, f"own {role}", house.accounts[role])
    others = await _referral(house, f"other {role}", house.accounts["supervisor"])
    wrong = []
    for route in house.routes():
        if not route.access.scopes <= SCOPES[role] or route.name.endswith(".live"):
            continue
        for referral_id in (own, others) if route.method == "GET" else (new_id(),):
            response = await house.call(role, route, {"referral_id": referral_id})
            if response.status_code in {401, 403} or response.status_code >= 500:
                wrong.append((route.method, route.path, referral_id == own, response.status_code))
            elif response.headers.get("location", "").startswith("/console/sign-in"):
                wrong.append((route.method, route.path, referral_id == own, "signed out"))
    assert wrong == []


async def test_a_child_is_not_found_through_another_parent(house: House) -> None:
    """Every address that names a report and something of it, enumerated; the supervisor holds both reports."""
    boon = house.accounts["supervisor"]
    right, wrong_parent = [await _referral(house, f"{n} of two", boon) for n in ("first", "second")]
    children = [r for r in house.routes() if len(r.ids) > 1 and r.ids[0] == "referral_id"]
    assert len(children) >= 2
    found, through_own = [], 0
    for route in children:
        table = table_of(route.ids[1])
        assert table is not None, f"no table for {route.path}"
        assert "referral_id" in table.c, f"{table.name} names no report"
        known: dict[str, UUID | None] = {
            "referral_id": right, "account_id": boon, "made_by": boon, "by": boon, "sent_by": boon, "identity_id": None,
        }  # fmt: skip
        async with house.runtime.database.unit_of_work() as session:
            # A case is asked of an agency once at a time.
            if "agency_id" in table.c:
                known["agency_id"] = await sow(session, METADATA.tables["agency"], code=new_id().hex)
            child = await sow(session, table, **{k: v for k, v in known.items() if v is not None})
        before = await _counts(house)
        response = await house.call("supervisor", route, {"referral_id": wrong_parent, route.ids[1]: child})
        if response.status_code != 404 or await _counts(house) != before:
            found.append((route.method, route.path, response.status_code))
        own = await house.call("supervisor", route, {"referral_id": right, route.ids[1]: child})
        through_own += own.status_code != 404
    assert found == []
    # Such rows are real enough to be found where they belong; the rest need more than a row, and have tests of their own.
    assert through_own >= 3


async def test_a_session_without_its_second_factor_reaches_nothing_but_the_second_step(house: House) -> None:
    """Also with the right form token, and whether a code is owed or still to be enrolled."""
    async with house.runtime.database.unit_of_work() as session:
        token = await start_session(session, house.accounts["supervisor"], confirmed=False)
        signed_in = await read_session(session, token)
    assert signed_in is not None
    halfway = House(
        house.runtime, house.app, house.client, house.accounts, {"supervisor": token}, {"supervisor": signed_in.csrf}
    )  # fmt: skip
    referral_id = await _referral(house, "out of reach", house.accounts["supervisor"])
    before = await _counts(house)
    wrong = []
    for route in guarded(house.app):
        if route.access.halfway:
            continue
        response = await halfway.call("supervisor", route, {"referral_id": referral_id})
        # Where words were typed, a page gives them back instead of leading on.
        if response.status_code != 401 and response.headers.get("location") != "/console/sign-in/code":
            wrong.append((route.method, route.path, response.status_code))
    assert wrong == []
    assert await _counts(house) == before


async def test_no_form_passes_without_its_token_or_from_elsewhere(house: House) -> None:
    """Every form of the application, enumerated; each with a role that may send it."""
    before = await _counts(house)
    wrong = []
    for route in guarded(house.app):
        if route.method == "GET" or route.access.halfway:
            continue
        role = next(r for r in ROLES if route.access.scopes <= SCOPES[r])
        token, cookie = house.forms[role], f"rootan={house.tokens[role]}"
        for headers in (
            {"Origin": ORIGIN},
            {"Origin": ORIGIN, "X-CSRF-Token": token[:-1] + "!"},
            {"Origin": "https://elsewhere.example", "X-CSRF-Token": token},
            {"Origin": "null", "X-CSRF-Token": token},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site", "X-CSRF-Token": token},
            {"X-CSRF-Token": token},
        ):
            response = await house.client.post(address_of(route.route), headers=headers | {"Cookie": cookie})
            if response.status_code != 403:
                wrong.append((route.path, headers, response.status_code))
    assert wrong == []
    assert await _counts(house) == before


async def test_every_role_of_the_table_counts_here(house: House) -> None:
    async with house.runtime.database.unit_of_work() as session:
        people = list(await session.scalars(sa.select(Account)))
    assert {person.role for person in people} >= set(ROLES)
    assert not [person.role for person in people if needs_confirmation(person)]
