"""Counts are of the moment and of who asks, though the query is made once for everybody."""

from uuid import UUID

import sqlalchemy as sa

from core.db.database import Database
from referrals.intake import cancel_referral
from referrals.listing.counting import count_each
from referrals.listing.filters import VIEWS, Filters
from referrals.listing.reading import see
from referrals.models import Referral
from referrals.queue import TAKEN_BACK_SHOWN, claim
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.listing.conftest import Look


async def _counts(database: Database, viewer: UUID, *more: Filters) -> list[str]:
    async with database.unit_of_work() as session:
        who, _ = await see(session, viewer)
        views = (Filters(view=view) for view in VIEWS)
        return [str(count) for count in await count_each(session, [*views, *more], who)]


async def test_every_count_is_what_its_list_shows_then_to_them(
    database: Database, refer: Refer, anong: UUID, boon: UUID, look: Look, standing_clock: MovableClock
) -> None:
    urgent, held, taken_back = [await refer(name, "P0") for name in "abc"]
    async with database.unit_of_work() as session:
        await claim(session, held, anong)
        referral = await session.get_one(Referral, held)
        referral.snoozed_until = standing_clock.moment + TAKEN_BACK_SHOWN / 2
        cancelled = await session.get_one(Referral, taken_back)
        await cancel_referral(session, cancelled.identity_id)
    courses: dict[str, list[str]] = {view: [] for view in VIEWS}
    for _ in range(3):
        for viewer in (boon, anong):
            counts = await _counts(database, viewer)
            assert counts == [str(len(await look(viewer, view=view))) for view in VIEWS]
        for view, count in zip(VIEWS, counts, strict=True):
            courses[view].append(count)
        standing_clock.advance(seconds=TAKEN_BACK_SHOWN.total_seconds() / 2 + 1)
    assert courses["waiting"] == ["2", "2", "1"]
    assert courses["mine"] == ["0", "1", "1"]
    assert courses["snoozed"] == ["1", "0", "0"]
    assert courses["overdue"] == ["0", "1", "1"]
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).where(Referral.id == urgent).values(kinds=["detention"]))
    more = (Filters(priority=("P0",)), Filters(kind="detention"), Filters(kind="suicide"))
    assert (await _counts(database, boon, *more))[-3:] == ["1", "1", "0"]
