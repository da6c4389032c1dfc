"""The hold that follows the tracks: set and ended by nobody's hand, and no match for a person's. Guards 18."""

from uuid import UUID

from core.db.database import Database
from referrals.keeping.following import follow_tracks
from referrals.keeping.holding import hold_report, read_keepings, release_report
from referrals.models import Referral
from referrals.report_erasure import ask_report_erasure
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.ending import erase_due


async def _follow(database: Database, referral_id: UUID, *tracks: str) -> tuple[str | None, bool]:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id, with_for_update=True)
        await follow_tracks(session, referral, tracks)
        return referral.kept_for, referral.is_held


async def test_it_holds_while_a_track_is_open_and_lets_go_for_some_days(
    database: Database, refer: Refer, standing_clock: MovableClock
) -> None:
    case = await refer("Dao", words="words")
    assert await _follow(database, case) == (None, False)
    assert await _follow(database, case, "compensation") == ("compensation", True)
    assert await _follow(database, case, "compensation", "prosecution") == ("prosecution", True)
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, case)
    standing_clock.advance(days=400)
    assert await erase_due(database) == 0
    assert await _follow(database, case) == ("released", False)
    assert await _follow(database, case) == ("released", False)
    standing_clock.advance(days=2)
    assert await erase_due(database) == 1
    assert await _follow(database, case, "prosecution") == (None, False)
    async with database.unit_of_work() as session:
        kept = await read_keepings(session, case)
    assert [(one.ground, one.by, one.ended_at is None) for one in kept] == [
        ("prosecution", None, False), ("compensation", None, False),
    ]  # fmt: skip


async def test_what_a_person_holds_a_person_ends(database: Database, refer: Refer, boon: UUID) -> None:
    case = await refer("Dao", words="words")
    async with database.unit_of_work() as session:
        await hold_report(session, case, ground="court_order", by=boon)
    assert await _follow(database, case, "prosecution") == ("court_order", True)
    assert await _follow(database, case) == ("court_order", True)
    async with database.unit_of_work() as session:
        await release_report(session, case, by=boon)
    # What goes on is held again.
    assert await _follow(database, case, "prosecution") == ("prosecution", True)
