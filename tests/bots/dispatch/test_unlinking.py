"""After "forget me" LINE shows nobody's own menu below their chat, whatever LINE does meanwhile. Guards 18."""

from datetime import timedelta
from typing import Any

import pytest

from app.cli.channels import line_menus
from bots.channels.line.rich_menu import upload_menus
from bots.dispatch.forgetting import carry_out
from core.contacts.erasure import due_wishes
from core.jobs.queue import unpack_ids
from tests.support.house import House


@pytest.fixture(scope="module")
def menus() -> list[Any]:
    return line_menus()


@pytest.fixture
async def dao(house: House, menus: list[Any]) -> str:
    """Somebody on LINE who has the menu of regulars and wants to be forgotten."""
    await upload_menus(house.runtime.settings, menus)
    person = (await house.phones.create_person("line", "ดาว")).id
    await house.phones.say(person, "สวัสดี")
    await house.work()
    await run_jobs(house)
    assert await shown(house, person) == "regular"
    await house.rows(
        "INSERT INTO erasure_request (id, contact_id, requested_at, due_at)"
        " SELECT gen_random_uuid(), id, now(), now() FROM contact"
    )
    return person


async def run_jobs(house: House) -> None:
    rows = await house.rows(
        "DELETE FROM pgqueuer WHERE entrypoint IN ('link_menu', 'forget_menus') RETURNING entrypoint, payload"
    )
    for row in rows:
        await house.handlers[row.entrypoint](unpack_ids(row.payload))


async def shown(house: House, person: str) -> str:
    menu = (await house.phones.timeline(person)).rich_menu
    return str(menu["name"].split()[1])


async def waiting(house: House) -> int:
    return int(await house.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'forget_menus'"))


async def do_chore(house: House) -> bool:
    """Take the wish one step further; True once the person is forgotten."""
    async with house.database.unit_of_work() as session:
        (request_id,) = await due_wishes(session)
    async with house.database.unit_of_work() as session:
        done = await carry_out(session, house.keys, request_id)
    await house.settle()
    return done


async def test_the_menu_goes_before_the_address_does(house: House, dao: str) -> None:
    assert not await do_chore(house)
    assert not await do_chore(house)
    await run_jobs(house)
    assert await shown(house, dao) == "new"
    assert await do_chore(house)
    assert await waiting(house) == 0


@pytest.mark.parametrize(("fault", "count"), [("server_error", 1), ("rate_limited", 1), ("disconnect", 2)])
async def test_while_line_is_away_it_is_asked_again(house: House, dao: str, fault: Any, count: int) -> None:
    await do_chore(house)
    await house.phones.add_fault("line", "richmenu", fault, count=count)
    await run_jobs(house)
    assert (await shown(house, dao), await waiting(house)) == ("regular", 1)
    assert not await do_chore(house)
    await run_jobs(house)
    assert (await shown(house, dao), await waiting(house)) == ("new", 0)
    assert await do_chore(house)


async def test_nobodys_address_is_kept_longer_than_an_hour_for_it(house: House, dao: str) -> None:
    await do_chore(house)
    await house.rows("UPDATE erasure_request SET farewell_at = :at", at=await an_hour_ago(house))
    await house.phones.add_fault("line", "richmenu", "server_error", count=1)
    await run_jobs(house)
    assert await waiting(house) == 0
    assert await do_chore(house)
    assert (
        await house.value("SELECT count(*) FROM data_key WHERE purpose = 'contact' AND wrapped IS NOT NULL")
        == 0
    )
    await house.handlers["forget_menus"]([await house.value("SELECT id FROM erasure_request")])
    assert await shown(house, dao) == "regular"


async def an_hour_ago(house: House) -> Any:
    return await house.value("SELECT now()") - timedelta(minutes=61)


async def test_after_the_farewell_no_late_job_links_a_menu_again(house: House, dao: str) -> None:
    event = await house.value("SELECT id FROM inbound_event ORDER BY received_at LIMIT 1")
    await do_chore(house)
    await run_jobs(house)
    await house.handlers["link_menu"]([event])
    assert await shown(house, dao) == "new"


async def test_who_is_on_telegram_waits_for_no_menu(house: House) -> None:
    ek = (await house.phones.create_person("telegram", "เอก")).id
    await house.phones.say(ek, "สวัสดี")
    await house.work()
    await house.rows(
        "INSERT INTO erasure_request (id, contact_id, requested_at, due_at)"
        " SELECT gen_random_uuid(), id, now(), now() FROM contact"
    )
    await do_chore(house)
    await run_jobs(house)
    assert await do_chore(house)
