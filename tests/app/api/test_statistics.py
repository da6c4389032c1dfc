from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.intake import open_referral
from tests.app.api.conftest import Client, audit_of
from tests.support.cast import make_person


async def _open(database: Database, keys: DataKeys, name: str, priority: str) -> None:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="crisis", priority=priority, kinds=("detention",), reasons=("crisis_words",), receipt=name,
        )  # fmt: skip


async def test_few_reports_are_not_counted_at_all(boon: Client, database: Database, keys: DataKeys) -> None:
    for number in range(4):
        await _open(database, keys, f"person {number}", "P1")
    found = (await boon.get("/statistics")).json()
    assert (found["total"], found["kinds"], found["priorities"]) == (None, None, None)
    assert found["last"] >= found["first"]


async def test_small_cells_are_hidden_with_so_many_others_that_none_can_be_computed(
    boon: Client, database: Database, keys: DataKeys
) -> None:
    for number in range(15):
        await _open(database, keys, f"person {number}", ("P0", "P1")[number % 2] if number < 12 else "P3")
    found = (await boon.get("/statistics")).json()
    assert found["total"] == 15
    shown = found["priorities"]
    assert list(shown) == ["P0", "P1", "P2", "P3"]
    assert shown["P3"] is None
    assert sum(count is None for count in shown.values()) >= 2
    assert shown["P2"] == 0
    assert found["kinds"] == {"detention": 15}
    assert ("statistics.read", "ok") in await audit_of(database, None)


async def test_a_period_that_cannot_be_is_refused(boon: Client, anong: Client) -> None:
    day = utc_now().date().isoformat()
    for wish in (
        {"period": "custom"},
        {"period": "custom", "since": day, "until": "2000-01-01"},
        {"place": "nowhere"},
    ):
        assert (await boon.get("/statistics", **wish)).status_code == 400, wish
    assert (await boon.get("/statistics", period="custom", since=day, until=day)).status_code == 200
    assert (await anong.get("/statistics")).status_code == 403
