"""One application with a hotline and three agencies, for a whole module of tests; each test has cases of its own."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core.accounts.invitations import add_account
from core.accounts.sessions import start_session
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset
from core.db.database import Database
from core.ids import new_id
from core.permissions import Role
from core.settings import Settings
from referrals.agencies.directory import add_agency
from referrals.agencies.officers import name_officer
from referrals.agencies.pairings import pair
from referrals.agencies.particulars import Particulars
from referrals.intake import append_citizen_words, open_referral
from referrals.queue import claim
from referrals.referring.finding import ByAgency, ByHotline
from referrals.referring.models import AgencyReferral
from referrals.referring.reading import Shared, read_shared
from referrals.referring.sending import refer
from referrals.reports import write_consent
from tests.app.conftest import ORIGIN, Browser
from tests.support.cast import make_person
from tests.support.postgres import TestCluster

CANARY = "กขคคานารี่อยู่ในบทสนทนาเท่านั้น"
SUMMARY = "ถูกยึดเอกสารและออกจากที่ทำงานไม่ได้"
NOTE = "ขอให้ติดต่อกลับภายในวันนี้"
OFFICE = Particulars(
    kind="police", name_th="สถานีตำรวจตัวอย่าง", name_en="Example Police", template="police",
    basis="บันทึกข้อตกลงตัวอย่าง พ.ศ. 2561", answers_within=8,
)  # fmt: skip
AGENCIES = {
    "police": OFFICE,
    "msdhs": replace(OFFICE, kind="msdhs", template="msdhs", name_th="พม. ตัวอย่าง", name_en="Example MSDHS"),
    "court": replace(OFFICE, kind="court", template="court", name_th="ศาลตัวอย่าง", name_en="Example Court"),
}
CASES = "/console/portal/cases"


@dataclass
class House:
    runtime: Runtime
    anong: UUID
    boon: UUID
    agencies: dict[str, UUID] = field(default_factory=dict)
    officers: dict[str, Browser] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.runtime.database

    async def case(self) -> UUID:
        """A new report of somebody who agreed that every agency here learns of it; Anong holds it."""
        keys = self.runtime.keys
        async with self.database.unit_of_work() as session:
            person = await make_person(session, keys, name=new_id().hex)
            referral_id = await open_referral(
                session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
                source="crisis", priority="P0", kinds=("detention",), reasons=("crisis_words",), receipt=new_id().hex,
            )  # fmt: skip
            await append_citizen_words(
                session, keys, identity_id=person.identity_id, words=[(new_id(), CANARY)]
            )
            await claim(session, referral_id, self.anong)
            for kind in AGENCIES:
                await write_consent(session, referral_id, kind, granted=True, with_identity=True, wording="1")
        return referral_id

    async def send(self, kind: str = "police", case: UUID | None = None, **more: Any) -> UUID:
        """Refer a case, a new one unless it is named, to an agency; returns the request."""
        fields = {"kinds": "", "summary": SUMMARY} if kind != "court" else {"needs": "ขอล่าม"}
        request_id: UUID = await self.do(
            refer, case or await self.case(), by_account=self.anong, oversees=False,
            **{"agency_id": self.agencies[kind], "fields": fields, "note": NOTE} | more,
        )  # fmt: skip
        return request_id

    async def do(self, doing: Callable[..., Awaitable[Any]], *given: Any, **more: Any) -> Any:
        """Call a function of the domain with session, keys and the time."""
        async with self.database.unit_of_work() as session:
            return await doing(session, self.runtime.keys, *given, now=utc_now(), **more)

    async def staff_of(self, request_id: UUID) -> ByHotline:
        return ByHotline((await self.row(request_id)).referral_id, self.anong)

    async def row(self, request_id: UUID) -> AgencyReferral:
        async with self.database.unit_of_work() as session:
            return await session.get_one(AgencyReferral, request_id)

    async def shared(self, request_id: UUID, kind: str = "police") -> Shared:
        async with self.database.unit_of_work() as session:
            return await read_shared(session, self.runtime.keys, request_id, ByAgency(self.agencies[kind]))

    async def accepted(self, kind: str = "police", case: UUID | None = None) -> tuple[UUID, str]:
        """A request that its agency took on, and the address of its page."""
        request_id = await self.send(kind, case)
        page = f"{CASES}/{request_id}"
        assert (await self.officers[kind].post(f"{page}/accept")).status_code == 303
        return request_id, page

    async def audit(self, browser: Browser) -> list[tuple[str, str, UUID | None]]:
        """What an officer did, the oldest first: action, outcome, object."""
        async with self.database.unit_of_work() as session:
            rows = await session.execute(
                sa.select(AuditEvent.action, AuditEvent.outcome, AuditEvent.object_id)
                .where(AuditEvent.actor_id == browser.account_id)
                .order_by(AuditEvent.at, AuditEvent.number)
            )
            return [(row.action, row.outcome, row.object_id) for row in rows]


@contextlib.asynccontextmanager
async def open_house(cluster: TestCluster, folder: Path) -> AsyncIterator[House]:
    """Officers by agency; "nobody" works for none, "closed" for one that was closed."""
    address = await cluster.copy()
    database, keys = Database(address), DataKeys(new_keyset())
    runtime = Runtime(Settings(data_dir=folder / "var", base_url=ORIGIN), database, keys)
    app = create_app(runtime, Examiner(runtime))
    house = House(
        runtime, await _account(runtime, "anong", "hotline_officer"), await _account(runtime, "boon", "supervisor")
    )  # fmt: skip
    async with contextlib.AsyncExitStack() as stack:
        for name in (*AGENCIES, "nobody"):
            account_id = await _account(runtime, name, "partner_officer")
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url=ORIGIN
            )
            house.officers[name] = await _browser(
                runtime, await stack.enter_async_context(client), account_id
            )
            if name in AGENCIES:
                house.agencies[name] = await _agency(house, name, account_id)
        yield house
    await database.close()
    await cluster.drop(address)


async def _account(runtime: Runtime, name: str, role: Role) -> UUID:
    async with runtime.database.unit_of_work() as session:
        account = await add_account(
            session, runtime.keys, email=f"{name}@rootan.test", name=name.title(), role=role
        )
        account.password_hash, account.role_confirmed_by = "hash", new_id()
        return account.id


async def _browser(runtime: Runtime, client: httpx.AsyncClient, account_id: UUID) -> Browser:
    browser = Browser(client)
    browser.account_id = account_id
    async with runtime.database.unit_of_work() as session:
        client.cookies.set("rootan", await start_session(session, account_id, confirmed=True))
    await browser.get("/console/account")
    return browser


async def _agency(house: House, kind: str, officer: UUID) -> UUID:
    async with house.database.unit_of_work() as session:
        agency_id = await add_agency(session, f"{kind}-1", AGENCIES[kind], by=house.boon)
        # The court only answers: it was not paired to write back.
        await pair(session, None, agency_id, by=house.boon, both=kind != "court")
        await name_officer(session, agency_id, officer, by=house.boon)
    return agency_id
