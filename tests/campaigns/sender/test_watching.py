"""A campaign stops by itself before harm is done, says why, and ends when everything of it has ended. Guards 3, 17."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.sender.progress import list_runs, read_progress
from campaigns.sender.running import resume
from campaigns.sender.watching import Call, Stopped, judge, watch
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from tests.campaigns.office import close_account, state_of
from tests.campaigns.sender.going import Going, begin, fetch, settle_in
from tests.conftest import MovableClock

pytestmark = pytest.mark.usefixtures("standing_clock")
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def calls(*outcomes: str, every: float = 1.0, status: int | None = None) -> list[Call]:
    """Newest first, so many seconds apart."""
    return [Call(one, status, NOON - timedelta(seconds=n * every)) for n, one in enumerate(outcomes)]


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ([], None),
        (calls("sent", *["not_sent"] * 30), None),
        (calls(*["not_sent"] * 16), "errors"),
        (calls(*["unclear"] * 9, every=10), None),
        (calls(*["unclear"] * 200, every=0.01), "errors"),
        (calls(*["unclear", "sent", "sent"] * 60, every=0.1), None),
        (calls(*["wait"] * 50), None),
        (calls("sent", "quota"), "quota"),
        (calls("not_sent", status=401), "token"),
        (calls(*["sent", "refused"] * 40, every=0.1), None),
    ],
)
def test_what_calls_say_of_the_platform(made: list[Call], reason: str | None) -> None:
    assert judge(made) == reason


async def sending(database: Database, keys: DataKeys, count: int = 3) -> Going:
    await settle_in(database, keys, count)
    going = await begin(database, keys)
    assert await going.freeze() == "sending"
    return going


async def look(database: Database) -> list[Stopped]:
    async with database.unit_of_work() as session:
        return await watch(session)


async def note_call(database: Database, outcome: str, status: int | None = None) -> None:
    await fetch(
        database,
        "INSERT INTO message_attempt (id, chunk_id, part, mode, started_at, outcome, status)"
        " SELECT $1, id, 0, 'multicast', now(), $2, $3 FROM message_chunk LIMIT 1",
        new_id(), outcome, status,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "status", "reason"), [("not_sent", 401, "token"), ("quota", 429, "quota")]
)
async def test_a_revoked_token_or_a_spent_quota_pauses_everything(
    database: Database, keys: DataKeys, outcome: str, status: int, reason: str
) -> None:
    going = await sending(database, keys)
    assert await look(database) == []
    await note_call(database, outcome, status)
    assert await look(database) == [Stopped(going.campaign_id, reason)]
    assert ((await going.run()).state, (await going.run()).reason) == ("paused", reason)
    assert await state_of(database, going.campaign_id) == "paused"
    assert await fetch(database, "SELECT 1 FROM message_batch WHERE NOT paused") == []
    assert await look(database) == []


async def test_what_was_resumed_is_judged_by_what_comes_after(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    going = await sending(database, keys, 80)
    await fetch(
        database,
        "UPDATE message SET state = 'unknown', reason = 'x', finished_at = $1 RETURNING id",
        standing_clock.moment + timedelta(seconds=1),
    )
    standing_clock.advance(seconds=2)
    assert await look(database) == [Stopped(going.campaign_id, "errors")]
    standing_clock.advance(seconds=5)
    async with database.unit_of_work() as session:
        await resume(session, going.campaign_id)
    assert await look(database) == []


async def test_people_who_blocked_us_are_no_errors(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await sending(database, keys, 80)
    await fetch(
        database,
        "UPDATE message SET state = 'failed', reason = 'blocked', finished_at = $1 RETURNING id",
        standing_clock.moment + timedelta(seconds=1),
    )
    standing_clock.advance(seconds=2)
    assert await look(database) == []


async def test_an_account_that_was_closed_meanwhile_stops_what_goes_out(
    database: Database, keys: DataKeys
) -> None:
    going = await sending(database, keys)
    await close_account(database, going.author)
    assert await look(database) == [Stopped(going.campaign_id, "account")]


async def test_what_delivery_halted_stands_still_with_its_reason(database: Database, keys: DataKeys) -> None:
    going = await sending(database, keys)
    await fetch(database, "UPDATE message_batch SET paused = true, halted = 'content' RETURNING id")
    assert await look(database) == [Stopped(going.campaign_id, "content")]
    assert (await going.run()).reason == "content"


async def end_all(database: Database, state: str, reason: str | None = None) -> None:
    await fetch(database, "UPDATE message SET state = $1, reason = $2 RETURNING id", state, reason)
    await fetch(database, "UPDATE message_chunk SET done_at = now() RETURNING id")


@pytest.mark.parametrize(
    ("state", "reason", "ends", "why"),
    [
        ("sent", None, "done", None),
        ("skipped", "expired", "expired", "late"),
        ("skipped", "not_ready", "done", None),
    ],
)
async def test_a_run_is_over_when_its_last_chunk_is(
    database: Database, keys: DataKeys, state: str, reason: str | None, ends: str, why: str | None
) -> None:
    going = await sending(database, keys)
    await look(database)
    assert (await going.run()).state == "sending"
    await end_all(database, state, reason)
    await look(database)
    run = await going.run()
    assert (run.state, run.reason) == (ends, why)
    assert run.ended_at is not None


async def test_what_stands_still_past_its_time_ends_instead_of_surprising_anybody_later(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    going = await sending(database, keys)
    await note_call(database, "not_sent", 401)
    await look(database)
    standing_clock.advance(hours=4)
    await look(database)
    assert (
        await fetch(
            database, "SELECT 1 FROM message_batch WHERE paused OR expires_at > $1", standing_clock.moment
        )
        == []
    )
    await end_all(database, "skipped", "expired")
    await look(database)
    assert (await going.run()).state == "expired"


async def test_progress_shows_floored_figures_a_rate_and_an_end(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    await settle_in(database, keys, 1_024)
    going = await begin(database, keys)
    await going.freeze()
    standing_clock.advance(seconds=30)
    await fetch(
        database,
        "WITH done AS (UPDATE message_chunk SET done_at = $1 WHERE id = (SELECT min(id::text)::uuid FROM message_chunk)"
        " RETURNING id) UPDATE message SET state = 'sent' WHERE chunk_id IN (SELECT id FROM done) RETURNING id",
        standing_clock.moment,
    )
    await fetch(
        database,
        "UPDATE message SET state = 'skipped', reason = 'not_ready' WHERE id IN"
        " (SELECT id FROM message WHERE state = 'pending' LIMIT 15) RETURNING id",
    )
    async with database.unit_of_work() as session:
        seen = await read_progress(session, going.run_id)
        (listed,) = await list_runs(session, going.campaign_id)
    assert listed == seen
    assert (seen.intended, seen.sent, seen.not_ready, seen.unknown) == (1_020, 500, None, None)
    assert (seen.waiting, seen.percent, seen.rate) == (500, 50, 1_000)
    assert seen.over_at is not None
    left = (seen.over_at - standing_clock.moment).total_seconds()
    assert left == pytest.approx(30 * 524 / 500, abs=0.1)


async def test_progress_of_few_tells_nothing_of_anybody(database: Database, keys: DataKeys) -> None:
    going = await sending(database, keys, 19)
    await end_all(database, "sent")
    async with database.unit_of_work() as session:
        seen = await read_progress(session, going.run_id)
    assert {seen.intended, seen.sent, seen.waiting, seen.percent, seen.rate} == {None}
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await read_progress(session, new_id())
