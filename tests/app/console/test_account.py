import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.texts import say
from core.accounts.models import AccountSession
from core.accounts.second_factor import code_at, current_step
from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser, Demo, OpenBrowser
from tests.conftest import MovableClock

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CODE = re.compile(r"<li><code>([a-z2-7-]+)</code>")
DEVICE = re.compile(r"/console/account/devices/([0-9a-f-]{36})/sign-out")


async def _audited(database: Database, action: str) -> list[tuple[UUID | None, str]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action))
        return [(row.actor_id, row.outcome) for row in rows]


@pytest.fixture
async def two(open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock) -> tuple[Browser, Browser]:
    """The supervisor at the office computer and at another one."""
    office, other = open_browser(), open_browser()
    office.client.headers["user-agent"], other.client.headers["user-agent"] = CHROME, FIREFOX
    await office.sign_in(demo["supervisor"])
    standing_clock.advance(minutes=2)
    await other.sign_in(demo["supervisor"])
    return office, other


async def test_it_lists_the_devices_in_words_and_marks_this_one(two: tuple[Browser, Browser]) -> None:
    page = (await two[0].get("/console/account")).text
    assert say("account.devices", n=2) in page
    assert page.count(say("account.this_device") + "</span>") == 1
    assert page.index("Chrome · Windows") < page.index(say("account.this_device") + "</span>")
    assert "Firefox · Linux" in page
    assert len(DEVICE.findall(page)) == 1


async def test_it_signs_another_device_out_and_only_that(
    two: tuple[Browser, Browser], database: Database, malee: Browser
) -> None:
    office, other = two
    device = DEVICE.findall((await office.get("/console/account")).text)[0]
    assert (await malee.post(f"/console/account/devices/{device}/sign-out")).status_code == 404
    assert (await office.post(f"/console/account/devices/{new_id()}/sign-out")).status_code == 404
    assert (await office.post(f"/console/account/devices/{device}/sign-out")).status_code == 303
    assert (await other.get("/console/account")).headers["location"] == "/console/sign-in"
    assert (await office.get("/console/account")).status_code == 200
    outcomes = sorted(outcome for _, outcome in await _audited(database, "device.sign_out"))
    assert outcomes == ["ok", "refused", "refused"]


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.9"])
async def test_a_stolen_token_is_refused_and_ended(
    two: tuple[Browser, Browser], open_browser: OpenBrowser, database: Database, address: str
) -> None:
    """In another browser on the same network, and in the same browser on another network."""
    office, other = two
    thief = open_browser()
    thief.client.headers["user-agent"] = FIREFOX if address == "127.0.0.1" else CHROME
    thief.client._transport.client = (address, 1)  # type: ignore[attr-defined]
    thief.client.cookies.set("rootan", office.client.cookies["rootan"])
    stolen = await thief.get("/console/account")
    assert stolen.status_code == 401
    assert say("problem.used_elsewhere.what") in stolen.text
    for browser in (thief, office):
        assert (await browser.get("/console/account")).headers["location"] == "/console/sign-in"
    assert (await other.get("/console/account")).status_code == 200
    assert await _audited(database, "account.used_elsewhere") == [(None, "refused")]


async def test_the_typed_words_survive_when_the_network_changes(
    two: tuple[Browser, Browser], database: Database
) -> None:
    office, _ = two
    office.client._transport.client = ("203.0.113.9", 1)  # type: ignore[attr-defined]
    answer = await office.post(
        f"/console/referrals/{new_id()}/answers", form_id=new_id(), text="คำตอบที่พิมพ์ไว้นาน"
    )
    assert answer.status_code == 401
    assert "คำตอบที่พิมพ์ไว้นาน" in answer.text


async def test_a_telephone_keeps_its_session_while_its_address_moves_within_its_network(
    two: tuple[Browser, Browser], database: Database
) -> None:
    office, _ = two
    office.client._transport.client = ("127.0.77.8", 1)  # type: ignore[attr-defined]
    assert (await office.get("/console/account")).status_code == 200
    async with database.unit_of_work() as session:
        keys = list(await session.scalars(sa.select(AccountSession.place_key)))
    assert all(key is None or len(key) == 16 for key in keys)


async def test_new_recovery_codes_want_a_current_code_and_end_the_old(
    two: tuple[Browser, Browser], demo: Demo, standing_clock: MovableClock, database: Database
) -> None:
    office, _ = two
    secret = demo["supervisor"].totp_secret
    assert say("account.codes_none") in (await office.get("/console/account")).text
    wrong = await office.post("/console/account/recovery-codes", code="000000")
    assert wrong.status_code == 400
    assert say("problem.wrong_code.what") in wrong.text
    assert not CODE.findall(wrong.text)
    standing_clock.advance(seconds=60)
    first = CODE.findall(
        (await office.post("/console/account/recovery-codes", code=code_at(secret, current_step()))).text
    )
    assert len(set(first)) == 10
    assert say("account.codes_left", n=10) in (await office.get("/console/account")).text
    # A recovery code may stand in for the app, and is spent by it.
    second = CODE.findall((await office.post("/console/account/recovery-codes", code=first[0])).text)
    assert len(set(second)) == 10
    assert not set(first) & set(second)
    assert (await office.post("/console/account/recovery-codes", code=first[1])).status_code == 400
    outcomes = sorted(outcome for _, outcome in await _audited(database, "account.renew_codes"))
    assert outcomes == ["ok", "ok", "refused", "refused"]


async def test_guesses_at_new_codes_are_slowed(
    two: tuple[Browser, Browser], standing_clock: MovableClock
) -> None:
    office, _ = two
    statuses = [
        (await office.post("/console/account/recovery-codes", code=f"{n:06}")).status_code for n in range(7)
    ]
    assert statuses == [400] * 5 + [429] * 2
