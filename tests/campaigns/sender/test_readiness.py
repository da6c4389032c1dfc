"""Whatever changed between freezing and sending is seen at the moment of sending, in one bucket. Guards 8."""

from typing import Any

import pytest

from campaigns.sender.readiness import skip_not_ready
from core.consent import record_consent
from core.contacts.holds import hold_broadcasts
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id
from tests.campaigns.sender.going import Going, begin, fetch, plan, settle_in

pytestmark = pytest.mark.usefixtures("standing_clock")


async def check_again(database: Database, going: Going) -> None:
    async with database.unit_of_work() as session:
        connection = await driver_connection(session)
        chunks = await connection.fetch(
            "SELECT c.id, c.batch_id FROM message_chunk c JOIN campaign_part p USING (batch_id) WHERE p.run_id = $1",
            going.run_id,
        )
        for chunk in chunks:
            await skip_not_ready(connection, chunk["id"], chunk["batch_id"])


async def left(database: Database, going: Going) -> set[Any]:
    rows = await fetch(
        database,
        "SELECT identity_id FROM message JOIN campaign_part USING (batch_id) WHERE run_id = $1 AND state = 'pending'",
        going.run_id,
    )
    return {row["identity_id"] for row in rows}


async def test_a_stop_a_hold_a_block_an_erasure_and_a_decoy_face_all_count(
    database: Database, keys: DataKeys
) -> None:
    stopped, held, hidden, blocked, erased, other, ready = await settle_in(database, keys, 7)
    going = await begin(database, keys)
    await fetch(database, "UPDATE campaign SET subject = 'family' RETURNING id")
    await going.freeze()
    assert len(await left(database, going)) == 7
    async with database.unit_of_work() as session:
        for person, topic in ((stopped, "campaigns"), (other, "family"), (ready, "elderly")):
            await record_consent(
                session,
                person.contact_id,
                topic,
                granted=False,
                wording="1",
                source="word",  # type: ignore[arg-type]
            )
        await hold_broadcasts(session, held.contact_id)
    now = "UPDATE {} SET {} = now() WHERE id = $1 RETURNING id"
    await fetch(database, now.format("channel_identity", "blocked_at"), blocked.identity_id)
    await fetch(database, now.format("contact", "erased_at"), erased.contact_id)
    await fetch(
        database,
        "INSERT INTO conversation (id, identity_id, hidden) VALUES ($1, $2, true) RETURNING id",
        new_id(), hidden.identity_id,
    )  # fmt: skip
    await check_again(database, going)
    assert await left(database, going) == {ready.identity_id}
    assert await going.states() == {("skipped", "not_ready"): 6, ("pending", None): 1}


async def test_of_two_runs_frozen_at_once_the_later_gives_way_to_a_cap(
    database: Database, keys: DataKeys
) -> None:
    (person,) = await settle_in(database, keys, 1)
    first, second = [await begin(database, keys, plan(weekly_cap=2)) for _ in range(2)]
    await first.freeze()
    await second.freeze()
    # As if neither had seen the other's members.
    await fetch(database, "UPDATE campaign_run SET weekly_cap = 1 RETURNING id")
    for going in (first, second):
        await check_again(database, going)
    assert (await left(database, first), await left(database, second)) == ({person.identity_id}, set())


async def test_who_may_have_got_it_is_not_called_skipped(database: Database, keys: DataKeys) -> None:
    (person,) = await settle_in(database, keys, 1, "telegram")
    going = await begin(database, keys)
    await going.freeze()
    await fetch(
        database,
        "INSERT INTO message_attempt (id, message_id, part, mode, started_at, outcome)"
        " SELECT $1, id, 0, 'send', now(), 'unclear' FROM message RETURNING id",
        new_id(),
    )
    async with database.unit_of_work() as session:
        await hold_broadcasts(session, person.contact_id)
    await check_again(database, going)
    assert await going.states() == {("unknown", "not_ready"): 1}
