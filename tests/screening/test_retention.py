"""What is past its time goes, what is not stays. Guards 18."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import utc_now
from core.db.database import driver_connection
from core.ids import new_id
from screening import retention
from screening.prints import BANDS
from screening.retention import retain_screenings
from tests.conftest import MovableClock
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground

LITTLE = timedelta(minutes=5)


async def retain(ground: Ground) -> int:
    async with ground.database.unit_of_work() as session:
        return await retain_screenings(await driver_connection(session), utc_now())


async def counts(ground: Ground, *tables: str) -> dict[str, int]:
    return {table: await ground.value(f"SELECT count(*) FROM {table}") for table in tables}


@pytest.fixture
def from_now(standing_clock: MovableClock) -> MovableClock:
    """Ids are made by the machine's own clock, so the tests' clock starts there."""
    standing_clock.moment = datetime.now(UTC)
    return standing_clock


async def test_words_and_senders_go_after_their_time_and_not_before(
    ground: Ground, from_now: MovableClock
) -> None:
    await ground.send(OFFER, *await ground.people(3))
    await ground.refresh(from_now())
    from_now.moment += retention.TEXTS - LITTLE
    assert await retain(ground) == 0
    from_now.moment += 2 * LITTLE
    assert await retain(ground) > 0
    assert await counts(ground, "screening_text", "wave_sender", "handle_report") == {
        "screening_text": 0, "wave_sender": 0, "handle_report": 0,
    }  # fmt: skip
    assert await retain(ground) == 0
    assert await counts(ground, "screening", "wave", "wave_print", "wave_day") == {
        "screening": 3, "wave": 1, "wave_print": 1, "wave_day": 1,
    }  # fmt: skip


async def test_a_judgement_goes_after_a_year_and_leaves_what_was_said_of_it(
    ground: Ground, from_now: MovableClock
) -> None:
    old, young = from_now(), from_now() + 2 * LITTLE
    (first,) = await ground.send(OFFER, None, at=old)
    (second,) = await ground.send(OFFER, None, at=young)
    await ground.rows(
        "INSERT INTO screening_label (id, screening_id, author, judged_band, judged_score, rules, model, at)"
        " VALUES ($1, $2, 'citizen', 'danger', 0.9, '1', '1', $3)",
        new_id(), first, young,
    )  # fmt: skip
    from_now.moment = old + retention.SCREENINGS + LITTLE
    assert await retain(ground) == 1
    assert [row["id"] for row in await ground.rows("SELECT id FROM screening")] == [second]
    assert await ground.value("SELECT screening_id FROM screening_label") is None


async def test_a_text_that_hardly_anybody_sent_goes_with_all_its_prints(
    ground: Ground, from_now: MovableClock
) -> None:
    one, two = await ground.people(2)
    await ground.send(OFFER, one)
    await ground.send(OTHER_OFFER, two)
    await ground.refresh(from_now())
    from_now.moment += retention.LONE_WAVES - LITTLE
    await ground.send(OTHER_OFFER, two)
    from_now.moment += 2 * LITTLE
    while await retain(ground):
        pass
    left = await counts(ground, "wave", "wave_print", "wave_band", "wave_sender")
    assert left == {"wave": 1, "wave_print": 1, "wave_band": BANDS, "wave_sender": 1}


async def test_a_wave_of_several_people_ends_two_years_after_its_last_new_one(
    ground: Ground, from_now: MovableClock
) -> None:
    await ground.send(OFFER, *await ground.people(3))
    await ground.refresh(from_now())
    from_now.moment += retention.WAVES - timedelta(days=2)
    while await retain(ground):
        pass
    assert await counts(ground, "wave") == {"wave": 1}
    from_now.moment += timedelta(days=4)
    while await retain(ground):
        pass
    assert await counts(ground, "wave", "wave_print", "wave_band", "wave_day") == {
        "wave": 0, "wave_print": 0, "wave_band": 0, "wave_day": 0,
    }  # fmt: skip


async def test_a_handle_that_nobody_names_any_more_leaves_the_desk(
    ground: Ground, from_now: MovableClock
) -> None:
    await ground.send(OFFER, *await ground.people(3))
    await ground.refresh(from_now())
    assert await counts(ground, "reported_handle") == {"reported_handle": 2}
    await ground.rows(
        "UPDATE reported_handle SET verdict = 'confirmed', decided_at = $1 WHERE kind = 'phone'", from_now()
    )
    from_now.moment += retention.SENDERS + LITTLE
    while await retain(ground):
        pass
    assert await ground.value("SELECT array_agg(kind) FROM reported_handle") == ["phone"]
    from_now.moment += retention.VERDICTS
    await retain(ground)
    assert await counts(ground, "reported_handle") == {"reported_handle": 0}
