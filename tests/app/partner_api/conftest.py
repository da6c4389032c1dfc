"""Programs of agencies: a client with a token of its own on the real application, and cases that were referred to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core.accounts.invitations import add_account
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.agencies.kinds import AgencyKind
from referrals.agencies.models import Agency, AgencyPairing
from referrals.agencies.programs import PROGRAM_SCOPES, make_program
from referrals.desk.sealed import seal_words
from referrals.models import Referral
from referrals.referring.filling import to_text
from referrals.referring.finding import ByHotline, find
from referrals.referring.models import AgencyReferral
from referrals.referring.stepping import note_step
from tests.app.conftest import ORIGIN

SHARED = "กขค ที่ส่งให้หน่วยงานเท่านั้น"


@dataclass
class Client:
    """One program; every write under a key of its own unless the test gives one."""

    http: httpx.AsyncClient
    agency_id: UUID
    program_id: UUID
    client_id: str
    secret: str
    token: str = ""
    base: str = "/partner/v1"

    async def sign_in(self, scope: str = "") -> httpx.Response:
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        response = await self.http.post(f"{self.base}/token", data=form, auth=(self.client_id, self.secret))
        self.token = response.json().get("access_token", "")
        return response

    async def get(self, path: str, **query: object) -> httpx.Response:
        return await self.http.get(f"{self.base}{path}", params=query, headers=self._headers())  # type: ignore[arg-type]

    async def post(self, path: str, body: object = None, *, key: str | None = None) -> httpx.Response:
        headers = self._headers() | {"Idempotency-Key": key or str(new_id())}
        return await self.http.post(f"{self.base}{path}", json=body, headers=headers)

    async def send(self, path: str, content: bytes, kind: str, **query: object) -> httpx.Response:
        headers = self._headers() | {"Content-Type": kind}
        return await self.http.post(
            f"{self.base}{path}", content=content, headers=headers, params=query  # type: ignore[arg-type]
        )  # fmt: skip

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


Connect = Callable[..., Awaitable[Client]]
ReferTo = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def http(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(runtime, Examiner(runtime)), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


@pytest.fixture
def connect(http: httpx.AsyncClient, database: Database) -> Connect:
    """Make an agency of a kind and a program of it, and a client that has a token for all that the program may."""

    async def make(
        kind: AgencyKind = "prosecutor", *scopes: str, is_sandbox: bool = False, agency_id: UUID | None = None
    ) -> Client:
        now = utc_now()
        async with database.unit_of_work() as session:
            if agency_id is None:
                agency_id = new_id()
                session.add(
                    Agency(
                        id=agency_id, code=f"a-{agency_id.hex[-12:]}", kind=kind, name_th="หน่วยงาน", name_en="Agency",
                        template=kind, basis="MOU", created_at=now, changed_at=now,
                    )
                )  # fmt: skip
                await session.flush()
                session.add(AgencyPairing(id=new_id(), giver_id=None, taker_id=agency_id, created_at=now))
                session.add(AgencyPairing(id=new_id(), giver_id=agency_id, taker_id=None, created_at=now))
            made = await make_program(
                session, agency_id, name="test", scopes=scopes or PROGRAM_SCOPES, is_sandbox=is_sandbox,
                by_account=None, now=now,
            )  # fmt: skip
        client = Client(http, agency_id, made.id, made.client_id, made.secret)
        assert (await client.sign_in()).status_code == 200
        return client

    return make


@pytest.fixture
async def prosecutor(connect: Connect) -> Client:
    """A program of a prosecutor's office."""
    return await connect("prosecutor")


@pytest.fixture
def refer_to(database: Database, keys: DataKeys, referral_id: UUID) -> ReferTo:
    """Refer Dao's case to an agency, as it stands before it answers; return the agency's id of it."""

    async def refer(agency_id: UUID, case_id: UUID = referral_id) -> UUID:
        now, request_id = utc_now(), new_id()
        async with database.unit_of_work() as session:
            referral = await session.get_one(Referral, case_id)
            sender = await add_account(
                session, keys, email=f"{request_id}@rootan.test", name="Sender", role="supervisor"
            )
            referral.state, referral.claimed_by, referral.claimed_at = "claimed", sender.id, now
            key = await keys.load(session, referral.data_key_id)
            shared = to_text({"fields": {"place": "province:TH-50", "summary": SHARED}})
            session.add(
                AgencyReferral(
                    id=request_id, referral_id=case_id, agency_id=agency_id, state="sent", fields=["place", "summary"],
                    shared=seal_words(shared, key, "agency_referral", "shared", request_id), sent_by=sender.id,
                    sent_at=now, due_at=now + timedelta(days=1),
                )
            )  # fmt: skip
            await session.flush()
            found = await find(session, request_id, ByHotline(case_id, sender.id, oversees=True))
            await note_step(session, keys, found, "sent", ByHotline(case_id, sender.id), now=now)
        return request_id

    return refer


@pytest.fixture
async def case_id(prosecutor: Client, refer_to: ReferTo) -> UUID:
    """Dao's case as the prosecutor's office knows it, accepted."""
    found = await refer_to(prosecutor.agency_id)
    assert (await prosecutor.post(f"/cases/{found}/accept")).status_code == 204
    return found


def today() -> str:
    return bangkok(utc_now()).date().isoformat()
