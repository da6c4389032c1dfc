"""Agencies that a case of these tests is referred to, and what they do in the stead of their pages."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.agencies.directory import add_agency
from referrals.agencies.pairings import pair
from referrals.agencies.particulars import Particulars
from referrals.referring.finding import ByAgency
from referrals.reports import write_consent
from tests.app.conftest import Browser

POLICE = Particulars(
    kind="police", name_th="ตำรวจเชียงราย", name_en="Chiang Rai police", template="police", basis="ข้อตกลง 2561",
    phone="053-123-456",
)  # fmt: skip
SHELTER = replace(POLICE, kind="msdhs", template="msdhs", name_th="บ้านพักเชียงราย", name_en="Shelter")


class Offices:
    """Two agencies, paired with the hotline and each other."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self.database, self.keys = database, keys
        self.police = self.shelter = UUID(int=0)

    async def open(self, by: UUID) -> None:
        async with self.database.unit_of_work() as session:
            self.police = await add_agency(session, "police-cri", POLICE, by=by)
            self.shelter = await add_agency(session, "msdhs-cri", SHELTER, by=by)
            for agency in (self.police, self.shelter):
                await pair(session, None, agency, by=by)
            await pair(session, self.police, self.shelter, by=by, both=False)

    async def agree(self, case: UUID, kind: str, *, named: bool = False) -> None:
        """Let the person have agreed, in the chat."""
        async with self.database.unit_of_work() as session:
            await write_consent(session, case, kind, granted=True, with_identity=named, wording="1")

    async def do(self, deed: Any, request_id: UUID, agency: UUID, **more: Any) -> Any:
        """Let an agency do one of `referrals.referring`'s."""
        async with self.database.unit_of_work() as session:
            party = ByAgency(agency)
            return await deed(session, self.keys, request_id, party, now=utc_now(), **more)


async def send(browser: Browser, path: str, **fields: Any) -> Any:
    """Send a form as a browser does, with fields that stand several times."""
    data = {"csrf": browser.csrf} | fields
    return browser._remember(await browser.client.post(path, data=data, headers={"Origin": browser.origin}))
