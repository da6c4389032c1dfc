"""Jobs that gave up wait for a person, and run again when told."""

from uuid import UUID

from sqlalchemy import text

from core.db.database import Database
from core.ids import new_id
from core.jobs.queue import enqueue
from core.jobs.worker import Worker
from tests.app.cli.conftest import NOWHERE, CommandLine


async def test_a_job_on_hold_is_shown_and_runs_again_when_released(
    rootan: CommandLine, database: Database
) -> None:
    wanted, done = new_id(), []
    async with database.unit_of_work() as session:
        await enqueue(session, "turns", [wanted])
        await session.execute(text("UPDATE pgqueuer SET status = 'failed', attempts = 4"))
    assert "turns: 1" in (await rootan.run("jobs", "list")).out
    assert (await rootan.run("jobs", "release")).out == "1 jobs run again, 0 messages are answered again\n"
    assert (await rootan.run("jobs", "list")).out == "none on hold\n"

    async def handle(ids: list[UUID]) -> None:
        done.extend(ids)
        worker.stop()

    worker = Worker(database, {"turns": handle})
    await worker.run()
    assert done == [wanted]


async def test_a_message_that_was_set_aside_is_shown_and_opened_again(
    rootan: CommandLine, database: Database
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(
            text(
                "INSERT INTO inbound_event (id, channel, event_id, position, body, received_at, handled_at, outcome, tries)"
                " VALUES (:id, 'line', 'e1', 1, 'x', now(), now(), 'failed', 5)"
            ),
            {"id": new_id()},
        )
    assert "messages set aside: 1" in (await rootan.run("jobs", "list")).out
    doctor = await rootan.run("doctor", ROOTAN_BASE_URL=NOWHERE)
    assert "1 messages could not be answered, the oldest came " in doctor.out
    assert (await rootan.run("jobs", "release")).out == "0 jobs run again, 1 messages are answered again\n"
    async with database.unit_of_work() as session:
        open_again = await session.execute(text("SELECT handled_at, outcome, tries FROM inbound_event"))
    assert open_again.all() == [(None, None, 0)]
