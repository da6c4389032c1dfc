"""Programs of staff: a client with a bearer token on the real application."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core.accounts.invitations import add_account
from core.accounts.roster import find_account
from core.accounts.tokens import OFFERED, look_over, make_token
from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from core.permissions import SCOPES, Role
from tests.app.conftest import ORIGIN, Demo


class Client:
    """One program; every write under a key of its own unless the test gives one."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http = http
        self.token = token

    async def get(self, path: str, **query: object) -> httpx.Response:
        return await self.http.get(f"/api/v1{path}", params=query, headers=self._headers())  # type: ignore[arg-type]

    async def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        headers = self._headers() | {"Idempotency-Key": key or str(new_id())}
        return await self.http.post(f"/api/v1{path}", json=body, headers=headers)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def http(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(runtime, Examiner(runtime)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


@pytest.fixture
def connect(http: httpx.AsyncClient, demo: Demo, runtime: Runtime, database: Database) -> Connect:
    """Make a token for a role, with all that it may do or the scopes given, and a client that uses it."""

    async def make(role: Role, *scopes: str, days: int = 30) -> Client:
        async with database.unit_of_work() as session:
            email = demo[role].email if role in demo else f"{role}@program.test"
            account = await find_account(session, email)
            if account is None:
                account = await add_account(session, runtime.keys, email=email, name=role, role=role)
            token = await make_token(
                session, account.id,
                look_over(SCOPES[role], name="test", scopes=scopes or SCOPES[role] & set(OFFERED), days=days),
            )  # fmt: skip
        return Client(http, token)

    return make


@pytest.fixture
async def anong(connect: Connect) -> Client:
    """A hotline officer's program."""
    return await connect("hotline_officer")


@pytest.fixture
async def boon(connect: Connect) -> Client:
    """The supervisor's."""
    return await connect("supervisor")


async def audit_of(database: Database, object_id: UUID | None) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.object_id == object_id).order_by(AuditEvent.at)
        )
        return [(row.action, row.outcome) for row in rows]
