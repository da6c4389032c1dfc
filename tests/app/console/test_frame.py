import re

from sqlalchemy import text

from app.console.frame import ROOMS, room_at, rooms_of
from app.console.texts import load_texts, say
from core.accounts.invitations import add_account
from core.accounts.sessions import start_session
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.jobs.queue import enqueue
from core.permissions import SCOPES
from tests.app.conftest import Browser, OpenBrowser


def test_everybody_sees_the_rooms_that_they_may_enter() -> None:
    for scopes in SCOPES.values():
        assert [room for room in ROOMS if room.scope in scopes] == rooms_of(scopes)
    assert not rooms_of(frozenset())


def test_a_page_lies_in_the_room_whose_address_it_begins_with() -> None:
    officer = SCOPES["hotline_officer"]
    queue = room_at("/console/referrals/1/thread", officer)
    assert queue is not None
    assert queue.name == "queue"
    assert room_at("/console/referralsx", officer) is None
    assert room_at("/console/staff", officer) is None


def test_every_room_has_its_name() -> None:
    assert {f"frame.{room.name}" for room in ROOMS} <= set(load_texts())


async def test_a_page_inside_a_room_says_where_it_lies(malee: Browser) -> None:
    page = (await malee.get("/console/campaigns/new")).text
    assert 'aria-current="page">' in page
    assert '<li><a href="/console/campaigns">' in page
    assert "page-help" in page


async def test_who_works_on_reports_searches_from_every_page_and_nobody_twice_on_one(
    anong: Browser, malee: Browser
) -> None:
    for path in ("/console/account", "/console/referrals", "/console/search"):
        page = (await anong.get(path)).text
        assert page.count('action="/console/search"') == page.count("data-search") == 1, path
        assert 'class="seek-link" href="/console/search"' in page
    assert "/console/search" not in (await malee.get("/console/account")).text


async def test_who_waits_for_the_second_person_learns_it(
    open_browser: OpenBrowser, database: Database, keys: DataKeys
) -> None:
    """Administrators wait too, although they read no report."""
    async with database.unit_of_work() as session:
        account = await add_account(
            session, keys, email="second@rootan.test", name="Second", role="administrator"
        )
        account.role_given_by = new_id()
        token = await start_session(session, account.id, confirmed=True)
    browser = open_browser()
    browser.client.cookies.set("rootan", token)
    page = (await browser.get("/console")).text
    assert say("home.waits") in page
    assert "อ่านเรื่อง" not in page


async def test_who_runs_the_machine_learns_first_what_waits_for_them_and_what_to_do(
    somchai: Browser, boon: Browser, database: Database
) -> None:
    assert (await somchai.get("/console")).status_code == 303
    async with database.unit_of_work() as session:
        await enqueue(session, "deliver", [new_id()])
        await session.execute(text("UPDATE pgqueuer SET status = 'failed', attempts = 4"))
        await session.execute(
            text(
                "INSERT INTO inbound_event (id, channel, event_id, position, body, received_at, handled_at, outcome, tries)"
                " VALUES (:id, 'line', 'e1', 1, 'x', now(), now(), 'failed', 5)"
            ),
            {"id": new_id()},
        )
    page = (await somchai.get("/console")).text
    assert "rootan jobs release" in page
    assert re.search(r"deliver: <b>1</b>", page)
    assert f"{say('home.waiting_messages')}: <b>1</b>" in page
    assert 'href="/console/staff"' in page
    assert (await boon.get("/console")).status_code == 303
