"""The menu below a person's chat on LINE: asked for in the turn, linked by a job, whatever LINE does meanwhile."""

from typing import Any

import pytest

from app.cli.channels import line_menus
from bots.channels.line.rich_menu import upload_menus
from core.jobs.queue import unpack_ids
from tests.support.house import House

CRY = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไว้"


@pytest.fixture(scope="module")
def menus() -> list[Any]:
    return line_menus()


@pytest.fixture
async def synced(house: House, menus: list[Any]) -> House:
    await upload_menus(house.runtime.settings, menus)
    return house


async def say(house: House, person: str, text: str) -> None:
    await house.phones.say(person, text)
    await house.work()


async def run_jobs(house: House) -> int:
    """Run the jobs that stand, as a worker would; return how many."""
    rows = await house.rows("DELETE FROM pgqueuer WHERE entrypoint = 'link_menu' RETURNING payload")
    for row in rows:
        await house.handlers["link_menu"](unpack_ids(row.payload))
    return len(rows)


async def waiting(house: House) -> int:
    return int(await house.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'link_menu'"))


async def shown(house: House, person: str) -> str:
    menu = (await house.phones.timeline(person)).rich_menu
    return menu["name"].split()[1]


async def new_person(house: House, platform: Any = "line") -> str:
    return (await house.phones.create_person(platform, "ดาว")).id


async def test_the_menu_follows_the_person(synced: House) -> None:
    person = await new_person(synced)
    assert await shown(synced, person) == "new"
    await say(synced, person, "สวัสดี")
    assert await run_jobs(synced) == 1
    assert await shown(synced, person) == "regular"
    await say(synced, person, "เมนู")
    assert await waiting(synced) == 0
    await say(synced, person, CRY)
    await run_jobs(synced)
    assert await shown(synced, person) == "report"
    await synced.rows("UPDATE referral SET state = 'closed', closed_at = now()")
    await say(synced, person, "English")
    await run_jobs(synced)
    assert await shown(synced, person) == "regular-en"


async def test_a_late_job_links_what_is_wanted_now(synced: House) -> None:
    person = await new_person(synced)
    await say(synced, person, "สวัสดี")
    first = await synced.rows("SELECT payload FROM pgqueuer WHERE entrypoint = 'link_menu'")
    await say(synced, person, CRY)
    await run_jobs(synced)
    await synced.handlers["link_menu"](unpack_ids(first[0].payload))
    assert await shown(synced, person) == "report"


async def test_people_of_one_batch_share_a_job_and_nobody_elses_menu_changes(synced: House) -> None:
    people = [await new_person(synced) for _ in range(3)]
    for person in people[:2]:
        await synced.phones.say(person, "สวัสดี")
    await synced.work()
    assert await run_jobs(synced) == 1
    assert [await shown(synced, person) for person in people] == ["regular", "regular", "new"]


# The client itself asks twice where a connection was cut under a question that may be repeated.
@pytest.mark.parametrize(("fault", "count"), [("server_error", 1), ("rate_limited", 1), ("disconnect", 2)])
async def test_while_line_is_away_it_is_asked_again(synced: House, fault: Any, count: int) -> None:
    person = await new_person(synced)
    await say(synced, person, "สวัสดี")
    await synced.phones.add_fault("line", "richmenu", fault, count=count)
    await run_jobs(synced)
    assert await shown(synced, person) == "new"
    assert await waiting(synced) == 1
    await run_jobs(synced)
    assert await shown(synced, person) == "regular"
    assert await waiting(synced) == 0


async def test_without_menus_at_line_nothing_breaks(house: House) -> None:
    person = await new_person(house)
    await say(house, person, "สวัสดี")
    await run_jobs(house)
    assert await waiting(house) == 0
    assert await house.said_to(person)


async def test_who_was_forgotten_meanwhile_is_passed_over(synced: House) -> None:
    person = await new_person(synced)
    await say(synced, person, "สวัสดี")
    await synced.rows("UPDATE data_key SET wrapped = NULL")
    await run_jobs(synced)
    assert await shown(synced, person) == "new"
    assert await waiting(synced) == 0


async def test_on_telegram_there_is_no_such_job(synced: House) -> None:
    await say(synced, await new_person(synced, "telegram"), CRY)
    assert await waiting(synced) == 0


async def test_the_job_carries_rows_only(synced: House) -> None:
    person = await new_person(synced)
    await say(synced, person, "สวัสดี")
    payload = await synced.value("SELECT payload FROM pgqueuer WHERE entrypoint = 'link_menu'")
    assert person not in payload.decode()
    assert (
        await synced.value("SELECT count(*) FROM inbound_event WHERE id = ANY(:i)", i=unpack_ids(payload))
        == 1
    )
