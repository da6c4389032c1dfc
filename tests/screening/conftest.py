"""People who send offers, and staff who look at them, on a real database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.permissions import Role
from nlp.entities.everything import entities_in
from nlp.judgement import judge
from nlp.redaction import redact
from screening.handles import read_handle
from screening.offers import Found, Screened, consult, offer_of, store_screenings
from screening.radar import refresh_radar
from screening.standing import HandleKind

OFFER = (
    "รับสมัครแอดมินตอบแชทประจำสาขาปอยเปต เดินทางฟรี มีที่พักและอาหารให้ ไม่ต้องใช้เอกสาร"
    " เงินเดือน 45,000 บาท สนใจทักไลน์ @canaryboss โทร 0891234567"
)
OTHER_OFFER = (
    "ร้านกาแฟแถวลาดพร้าวหาพนักงานเสิร์ฟประจำร้าน หยุดวันจันทร์ ค่าแรงวันละ 450 บาท มีประกันสังคม สมัครที่หน้าร้านได้ทุกวันค่ะ"
)


async def mask(texts: Sequence[str]) -> list[str]:
    """Mask in this process, as the examiner does."""
    return [redact(text) for text in texts]


def written(kind: HandleKind, handle: str) -> str:
    """Return the form in which a handle is kept."""
    return read_handle(kind, handle, entities_in) or ""


class Sender(NamedTuple):
    """Somebody who writes to the service."""

    contact_id: UUID
    key: bytes


class Ground:
    """What the tests do with the room, each call in a transaction of its own."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self.database, self.keys = database, keys

    async def person(self, *, known: timedelta = timedelta(days=9)) -> Sender:
        return (await self.people(1, known=known))[0]

    async def people(self, count: int, *, known: timedelta = timedelta(days=9)) -> list[Sender]:
        made = []
        async with self.database.unit_of_work() as session:
            connection = await driver_connection(session)
            for _ in range(count):
                row, key = self.keys.row("contact")
                session.add(row)
                made.append(Sender(new_id(), key))
                await session.flush()
                await connection.execute(
                    "INSERT INTO contact (id, data_key_id, created_at) VALUES ($1, $2, $3)",
                    made[-1].contact_id, row.id, utc_now() - known,
                )  # fmt: skip
        return made

    async def ask(self, text: str, sender: Sender | None = None) -> Found:
        asked = offer_of(text, judge(text), None if sender is None else sender.contact_id)
        async with self.database.unit_of_work() as session:
            connection = await driver_connection(session)
            [found] = await consult(connection, self.keys.keyset, [asked], utc_now())
        return found

    async def send(self, text: str, *senders: Sender | None, at: datetime | None = None) -> list[UUID]:
        """Store the text as a batch of turns would; None is the public page."""
        judgement = judge(text)
        screened = [
            Screened(judgement, text, "check") if s is None
            else Screened(judgement, text, "line", s.contact_id, s.key)
            for s in senders
        ]  # fmt: skip
        async with self.database.unit_of_work() as session:
            connection = await driver_connection(session)
            return await store_screenings(connection, self.keys.keyset, screened, at or utc_now())

    async def similar(self, text: str, sender: Sender | None = None) -> int:
        return (await self.ask(text, sender)).standing.similar

    async def rows(self, query: str, *values: Any) -> list[Any]:
        async with self.database.unit_of_work() as session:
            return list(await (await driver_connection(session)).fetch(query, *values))

    async def value(self, query: str, *values: Any) -> Any:
        return (await self.rows(query, *values))[0][0]

    async def refresh(self, at: datetime | None = None) -> None:
        async with self.database.unit_of_work() as session:
            assert await refresh_radar(await driver_connection(session), at or utc_now())

    async def member(self, role: Role) -> Account:
        """Add a member of staff whose role counts."""
        async with self.database.unit_of_work() as session:
            row, _ = self.keys.row("account")
            session.add(row)
            await session.flush()
            account = Account(
                id=new_id(), email=f"{new_id()}@example.org", name=role, role=role, role_confirmed_by=new_id(),
                data_key_id=row.id, is_demo=False, created_at=utc_now(),
            )  # fmt: skip
            session.add(account)
        return account

    async def audited(self) -> Sequence[str]:
        return [
            row["action"] for row in await self.rows("SELECT action FROM audit_event ORDER BY at, number")
        ]


@pytest.fixture
def ground(database: Database, keys: DataKeys) -> Ground:
    return Ground(database, keys)
