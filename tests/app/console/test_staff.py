from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import Account
from core.accounts.roster import find_account
from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser, Demo, OpenBrowser


@pytest.fixture
async def _unconfirmed(database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(role_confirmed_by=None))


@pytest.mark.usefixtures("_unconfirmed")
async def test_an_administrator_confirms_a_reading_role(
    somchai: Browser, open_browser: OpenBrowser, demo: Demo, database: Database
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(role_confirmed_by=None))
        anong = await find_account(session, demo["hotline_officer"].email)
    assert anong is not None
    browser = open_browser()
    await browser.sign_in(demo["hotline_officer"])
    assert (await browser.get("/console/referrals")).status_code == 403
    assert str(anong.id) in (await somchai.get("/console/staff")).text
    assert (await somchai.post(f"/console/staff/{anong.id}/confirm")).status_code == 303
    assert (await browser.get("/console/referrals")).status_code == 200
    async with database.unit_of_work() as session:
        row = (
            await session.scalars(
                sa.select(AuditEvent).where(
                    AuditEvent.object_id == anong.id, AuditEvent.action == "account.confirm_role"
                )
            )
        ).one()
    assert (row.actor_id, row.outcome) == (somchai.account_id, "ok")


async def test_confirming_nobody_is_refused(somchai: Browser) -> None:
    assert (await somchai.post(f"/console/staff/{new_id()}/confirm")).status_code == 404
    assert (await somchai.post(f"/console/staff/{somchai.account_id}/confirm")).status_code == 403


async def test_an_administrator_reads_no_case(somchai: Browser, referral_id: UUID) -> None:
    for path in ("", f"/{referral_id}", f"/{referral_id}/thread", "/rows", "/live"):
        assert (await somchai.get(f"/console/referrals{path}")).status_code == 403
