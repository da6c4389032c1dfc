import re
from html import unescape
from uuid import UUID

import pytest

from app.console.texts import say
from core.accounts.invitations import add_account
from core.accounts.sessions import start_session
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.conftest import Browser, OpenBrowser

ROW = re.compile(r"<tr>\s*<td><time")
LINK = re.compile(r'<a class="btn" href="([^"]+)"')


@pytest.fixture
async def auditor(open_browser: OpenBrowser, database: Database, keys: DataKeys) -> Browser:
    async with database.unit_of_work() as session:
        account = await add_account(session, keys, email="audit@rootan.test", name="Orathai", role="auditor")
        token = await start_session(session, account.id, confirmed=True)
    browser = open_browser()
    browser.account_id = account.id
    browser.client.cookies.set("rootan", token)
    return browser


async def test_an_auditor_sees_who_did_what_and_nothing_of_any_content(
    auditor: Browser, anong: Browser, referral_id: UUID, canary: str
) -> None:
    await anong.get(f"/console/referrals/{referral_id}")
    assert (await auditor.get("/console")).headers["location"] == "/console/audit"
    page = await auditor.get("/console/audit", params={"object": str(referral_id)})
    assert page.status_code == 200
    assert "Anong" in page.text
    assert "referral.read" in page.text
    assert say("audit.outcomes.ok") in page.text
    assert canary not in page.text
    assert (await auditor.get(f"/console/referrals/{referral_id}")).status_code == 403


async def test_a_refused_look_shows_and_reading_the_audit_is_audited(
    auditor: Browser, malee: Browser, referral_id: UUID
) -> None:
    await malee.get(f"/console/referrals/{referral_id}")
    refused = await auditor.get("/console/audit", params={"who": str(malee.account_id), "outcome": "refused"})
    assert len(ROW.findall(refused.text)) == 1
    own = await auditor.get("/console/audit", params={"action": "audit.read"})
    assert len(ROW.findall(own.text)) == 1
    none = await auditor.get("/console/audit", params={"action": "never.was"})
    assert say("audit.empty") in none.text


async def test_it_turns_pages(auditor: Browser, anong: Browser) -> None:
    for _ in range(60):
        await anong.get("/console/referrals")
    first = await auditor.get("/console/audit", params={"action": "queue.read"})
    assert len(ROW.findall(first.text)) == 50
    older = unescape(LINK.findall(first.text)[0])
    second = await auditor.get(f"/console/audit{older}")
    assert len(ROW.findall(second.text)) == 10
    newest = unescape(LINK.findall(second.text)[0])
    assert len(ROW.findall((await auditor.get(f"/console/audit{newest}")).text)) == 50


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"who": "anong"},
        {"object": "1"},
        {"outcome": "perhaps"},
        {"after": "x"},
        {"after": "2026-11-23T00:00:00+00:00~99~1"},
        {"after": "2026-11-23T00:00:00~1~1"},
        {"after": "2026-11-23T00:00:00+00:00~1~99999999999999999999"},
        {"action": "x" * 81},
    ],
)
async def test_a_damaged_address_is_refused_clearly(auditor: Browser, query: dict[str, str]) -> None:
    response = await auditor.get("/console/audit", params=query)
    assert response.status_code == 400
    assert say("problem.invalid.what") in response.text


async def test_nobody_but_an_auditor_reads_it(somchai: Browser, boon: Browser, malee: Browser) -> None:
    for browser in (somchai, boon, malee):
        assert (await browser.get("/console/audit")).status_code == 403
