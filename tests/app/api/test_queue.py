from collections.abc import Sequence
from uuid import UUID

import pytest

from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.intake import open_referral
from referrals.models import Referral
from tests.app.api.conftest import Client, Connect, audit_of
from tests.support.cast import make_person

COUNT = 7


async def _open(database: Database, keys: DataKeys, name: str, priority: str = "P1") -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        return await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="crisis", priority=priority, kinds=("detention",), reasons=("crisis_words",), receipt=name,
        )  # fmt: skip


@pytest.fixture
async def waiting(database: Database, keys: DataKeys) -> list[UUID]:
    return [await _open(database, keys, f"person {n}", ("P1", "P0", "P2")[n % 3]) for n in range(COUNT)]


async def _walk(client: Client, **wish: object) -> list[str]:
    seen: list[str] = []
    cursor = ""
    for _ in range(20):
        page = (await client.get("/referrals", cursor=cursor, **wish)).json()
        seen += [row["id"] for row in page["rows"]]
        if page["next"] is None:
            return seen
        cursor = page["next"]
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("limit", [1, 3, COUNT, 100])
async def test_its_pages_show_every_report_once_the_most_urgent_first(
    anong: Client, waiting: Sequence[UUID], limit: int
) -> None:
    seen = await _walk(anong, limit=limit)
    assert sorted(seen) == sorted(map(str, waiting))
    urgency = [row["priority"] for row in (await anong.get("/referrals")).json()["rows"]]
    assert urgency == sorted(urgency)


async def test_what_comes_in_meanwhile_neither_repeats_nor_skips_a_row(
    anong: Client, waiting: Sequence[UUID], database: Database, keys: DataKeys
) -> None:
    first = (await anong.get("/referrals", limit=3)).json()
    await _open(database, keys, "an urgent one", "P0")
    await anong.post(f"/referrals/{first['rows'][0]['id']}/claim")
    rest, cursor = [], first["next"]
    while cursor:
        page = (await anong.get("/referrals", limit=3, cursor=cursor)).json()
        rest += [row["id"] for row in page["rows"]]
        cursor = page["next"]
    shown = [row["id"] for row in first["rows"]] + rest
    assert len(set(shown)) == len(shown)
    assert set(shown) >= set(map(str, waiting))


async def test_ended_reports_come_newest_first_page_by_page(
    anong: Client, waiting: Sequence[UUID], database: Database
) -> None:
    async with database.unit_of_work() as session:
        for referral_id in waiting:
            referral = await session.get_one(Referral, referral_id)
            referral.state, referral.closed_at, referral.closed_as = "closed", utc_now(), "helped"
    assert await _walk(anong, view="ended", limit=2) == [str(one) for one in reversed(waiting)]


async def test_filters_are_the_consoles(anong: Client, waiting: Sequence[UUID]) -> None:
    page = (await anong.get("/referrals", priority=["P0", "P2"])).json()
    assert {row["priority"] for row in page["rows"]} == {"P0", "P2"}
    assert (await anong.get("/referrals", kind="suicide")).json()["rows"] == []
    assert len((await anong.get("/referrals", kind="detention")).json()["rows"]) == COUNT
    refused = await anong.get("/referrals", place="province:nowhere")
    assert (refused.status_code, refused.json()["title"]) == (400, "filter")


async def test_a_cursor_is_sealed_and_of_its_own_list_and_person(
    anong: Client, boon: Client, waiting: Sequence[UUID]
) -> None:
    cursor = (await anong.get("/referrals", limit=2)).json()["next"]
    assert (await anong.get("/referrals", limit=5, cursor=cursor)).status_code == 200
    flipped = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for client, wish in (
        (boon, {"cursor": cursor}), (anong, {"cursor": cursor, "view": "held"}), (anong, {"cursor": flipped}),
        (anong, {"cursor": cursor, "kind": "detention"}), (anong, {"cursor": "x"}), (anong, {"cursor": "ก"}),
    ):  # fmt: skip
        refused = await client.get("/referrals", **wish)
        assert (refused.status_code, refused.json()["title"]) == (400, "cursor"), wish


async def test_no_row_holds_what_anybody_wrote(
    anong: Client, referral_id: UUID, canary: str, database: Database
) -> None:
    await anong.post(f"/referrals/{referral_id}/claim")
    page = await anong.get("/referrals", view="mine")
    assert [row["id"] for row in page.json()["rows"]] == [str(referral_id)]
    assert canary[:6] not in page.text
    assert ("queue.read", "ok") in await audit_of(database, None)


async def test_the_directory_is_read_as_staff_keep_it(connect: Connect) -> None:
    somchai = await connect("administrator", "hotlines.read")
    lines = (await somchai.get("/hotlines")).json()["hotlines"]
    keys = {line["key"]: line for line in lines}
    assert keys["191"]["is_told"]
    assert (await somchai.get("/hotlines/1300")).json() == keys["1300"]
    assert (await somchai.get("/hotlines/nobody")).status_code == 404
    assert all(line["name"]["th"] for line in lines)
