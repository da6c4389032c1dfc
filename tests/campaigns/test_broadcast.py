from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.broadcast import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    BroadcastLengthError,
    QuietHoursError,
    cancel_broadcast,
    check_wording,
    choose_audience,
    count_agreed,
    is_quiet,
    list_broadcasts,
    pause_broadcast,
    read_broadcast,
    read_text,
    resume_broadcast,
    start_broadcast,
)
from campaigns.figures import floored
from core.accounts.invitations import add_account
from core.clock import utc_now
from core.consent import record_consent
from core.contacts.holds import hold_broadcasts
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import ConflictError, NotFoundError
from core.ids import new_id
from core.messages.models import Message, MessageBatch
from tests.conftest import MovableClock
from tests.support.cast import Person, make_person

pytestmark = [
    pytest.mark.usefixtures("standing_clock"),
]
TEXT = "ก่อนตกลงหรือโอนเงิน ส่งประกาศมาให้เราดูก่อนได้"


@pytest.fixture
async def malee(database: Database, keys: DataKeys) -> UUID:
    """A campaign manager's account."""
    async with database.unit_of_work() as session:
        return (
            await add_account(session, keys, email="malee@example.org", name="Malee", role="campaign_manager")
        ).id


async def _agree(database: Database, keys: DataKeys, *names: str, channel: str = "line") -> list[Person]:
    people = []
    async with database.unit_of_work() as session:
        for name in names:
            person = await make_person(session, keys, name=name, channel=channel)
            await record_consent(
                session, person.contact_id, "campaigns", granted=True, wording="1", source="button"
            )
            people.append(person)
    return people


async def _audience(database: Database) -> set[UUID]:
    async with database.unit_of_work() as session:
        return {r.identity_id async for r in choose_audience(session)}


async def _start(
    database: Database, keys: DataKeys, malee: UUID, campaign_id: UUID | None = None, text: str = TEXT
) -> UUID:
    campaign_id = campaign_id or new_id()
    async with database.unit_of_work() as session:
        await start_broadcast(
            session, keys, campaign_id=campaign_id, title="เตือนงาน", text=text, notice="มีข่าว", author_id=malee
        )
    return campaign_id


async def test_it_reaches_who_agreed_and_nobody_else(database: Database, keys: DataKeys) -> None:
    dao, ek, fon, gai, hong, som = await _agree(database, keys, "Dao", "Ek", "Fon", "Gai", "Hong", "Som")
    async with database.unit_of_work() as session:
        await make_person(session, keys, name="never asked")
        await record_consent(session, ek.contact_id, "campaigns", granted=False, wording="1", source="word")
        await hold_broadcasts(session, fon.contact_id)
        await session.execute(
            sa.update(ChannelIdentity)
            .where(ChannelIdentity.id == gai.identity_id)
            .values(blocked_at=utc_now())
        )
        await session.execute(
            sa.update(Contact).where(Contact.id == hong.contact_id).values(erased_at=utc_now())
        )
        await hold_broadcasts(session, som.contact_id, until=utc_now() - timedelta(seconds=1))
    assert await _audience(database) == {dao.identity_id, som.identity_id}


async def test_a_hold_for_a_time_ends_by_itself(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    (dao,) = await _agree(database, keys, "Dao")
    async with database.unit_of_work() as session:
        await hold_broadcasts(session, dao.contact_id, until=utc_now() + timedelta(days=90))
    assert await _audience(database) == set()
    standing_clock.advance(days=90)
    assert await _audience(database) == {dao.identity_id}


async def test_it_writes_to_the_newest_reachable_address_of_a_person_once(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> None:
    (dao,) = await _agree(database, keys, "Dao")
    async with database.unit_of_work() as session:
        old = await session.get_one(ChannelIdentity, dao.identity_id)
        newer = ChannelIdentity(
            id=new_id(), contact_id=dao.contact_id, channel="telegram", address_key=b"x", address=old.address,
            created_at=utc_now() + timedelta(days=1),
        )  # fmt: skip
        session.add(newer)
    assert await _audience(database) == {newer.id}
    async with database.unit_of_work() as session:
        await session.execute(
            sa.update(ChannelIdentity).where(ChannelIdentity.id == newer.id).values(blocked_at=utc_now())
        )
    assert await _audience(database) == {dao.identity_id}


async def test_it_goes_through_a_large_audience_page_by_page(
    database: Database, keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await _agree(database, keys, *(f"person {n}" for n in range(23)))
    monkeypatch.setattr("campaigns.broadcast._PAGE", 5)
    async with database.unit_of_work() as session:
        found = [r.identity_id async for r in choose_audience(session)]
    assert Counter(found) == Counter(p.identity_id for p in people)


async def test_starting_writes_one_batch_through_the_queue(
    database: Database, keys: DataKeys, malee: UUID
) -> None:
    await _agree(database, keys, "Dao", "Ek")
    await _agree(database, keys, "Fon", channel="telegram")
    campaign_id = await _start(database, keys, malee)
    async with database.unit_of_work() as session:
        messages = list(await session.scalars(sa.select(Message)))
        batch = (await session.scalars(sa.select(MessageBatch))).one()
        jobs = list(await session.scalars(sa.text("SELECT entrypoint FROM pgqueuer")))
        text = await read_text(session, keys, campaign_id)
    assert {(m.kind, m.lane, m.state) for m in messages} == {("campaign", "bulk", "pending")}
    assert Counter(m.channel for m in messages) == {"line": 2, "telegram": 1}
    assert jobs == ["deliver_batch"]
    assert text == TEXT
    # 10.00 in Bangkok: it may go out until 21.00.
    assert batch.expires_at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


async def test_starting_twice_is_starting_once(database: Database, keys: DataKeys, malee: UUID) -> None:
    await _agree(database, keys, "Dao")
    campaign_id = await _start(database, keys, malee)
    await _start(database, keys, malee, campaign_id)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(MessageBatch)) == 1


@pytest.mark.parametrize(
    ("utc", "quiet"),
    [((0, 59), True), ((1, 0), False), ((13, 59), False), ((14, 0), True), ((17, 30), True), ((23, 0), True)],
)
def test_quiet_hours_are_nine_in_the_evening_to_eight_in_bangkok(utc: tuple[int, int], quiet: bool) -> None:  # noqa: FBT001
    assert is_quiet(datetime(2026, 11, 23, *utc, tzinfo=UTC)) == quiet


async def test_nothing_starts_or_resumes_in_quiet_hours(
    database: Database, keys: DataKeys, malee: UUID, standing_clock: MovableClock
) -> None:
    await _agree(database, keys, "Dao")
    campaign_id = await _start(database, keys, malee)
    async with database.unit_of_work() as session:
        await pause_broadcast(session, campaign_id)
    standing_clock.advance(hours=11)
    with pytest.raises(QuietHoursError):
        await _start(database, keys, malee)
    with pytest.raises(QuietHoursError):
        async with database.unit_of_work() as session:
            await resume_broadcast(session, campaign_id)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(MessageBatch)) == 1


@pytest.mark.parametrize(
    ("title", "text"), [("", "x"), ("x", ""), ("x" * (LONGEST_TITLE + 1), "x"), ("x", "ก" * (LONGEST_TEXT + 1)), (" \0", "x")]
)  # fmt: skip
def test_title_and_text_have_lengths(title: str, text: str) -> None:
    with pytest.raises(BroadcastLengthError):
        check_wording(title, text)


def test_the_longest_text_fits_both_platforms() -> None:
    _, text = check_wording("x", "👩" * LONGEST_TEXT)
    assert len(text.encode("utf-16-le")) // 2 <= 4_096


async def test_it_can_be_paused_resumed_and_cancelled_until_it_is_over(
    database: Database, keys: DataKeys, malee: UUID
) -> None:
    await _agree(database, keys, "Dao")
    campaign_id = await _start(database, keys, malee)

    async def phase() -> str:
        async with database.unit_of_work() as session:
            return (await read_broadcast(session, campaign_id)).phase

    seen = [await phase()]
    for change in (pause_broadcast, resume_broadcast, cancel_broadcast):
        async with database.unit_of_work() as session:
            await change(session, campaign_id)
        seen.append(await phase())
    assert seen == ["sending", "paused", "sending", "cancelled"]
    for change in (pause_broadcast, resume_broadcast, cancel_broadcast):
        with pytest.raises(ConflictError):
            async with database.unit_of_work() as session:
                await change(session, campaign_id)
        with pytest.raises(NotFoundError):
            async with database.unit_of_work() as session:
                await change(session, new_id())
    async with database.unit_of_work() as session:
        jobs = list(await session.scalars(sa.text("SELECT entrypoint FROM pgqueuer")))
    # Who resumes or cancels wakes the sender.
    assert jobs == ["deliver_batch"] * 3


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (19, None), (20, 20), (29, 20), (30, 30), (1_234_567, 1_234_560)]
)
def test_counts_are_floored(count: int, shown: int | None) -> None:
    assert floored(count) == shown


async def test_no_figure_tells_that_one_person_reported(
    database: Database, keys: DataKeys, malee: UUID
) -> None:
    """Whatever a campaign manager can see is the same, whether one of thirty people is held or not."""
    people = await _agree(database, keys, *(f"person {n}" for n in range(35)))
    pictures = []
    for held in (False, True):
        if held:
            async with database.unit_of_work() as session:
                await hold_broadcasts(session, people[0].contact_id)
        campaign_id = await _start(database, keys, malee)
        async with database.unit_of_work() as session:
            await session.execute(sa.update(Message).values(state="sent"))
            seen = await read_broadcast(session, campaign_id)
            agreed = await count_agreed(session)
            (newest, *_) = await list_broadcasts(session)
        assert newest == seen
        pictures.append(
            (agreed, seen.intended, seen.sent, seen.skipped, seen.failed, seen.percent, seen.phase)
        )
    assert pictures[0] == pictures[1]


async def test_an_audience_of_one_looks_the_same_whether_held_or_not(
    database: Database, keys: DataKeys, malee: UUID
) -> None:
    (dao,) = await _agree(database, keys, "Dao")
    pictures = []
    for held in (False, True):
        if held:
            async with database.unit_of_work() as session:
                await hold_broadcasts(session, dao.contact_id)
        campaign_id = await _start(database, keys, malee)
        async with database.unit_of_work() as session:
            await session.execute(sa.update(Message).values(state="sent"))
            seen = await read_broadcast(session, campaign_id)
            pictures.append(
                (
                    await count_agreed(session),
                    seen.intended,
                    seen.sent,
                    seen.skipped,
                    seen.percent,
                    seen.phase,
                )
            )
    assert pictures[0] == pictures[1] == (None, None, None, None, None, "done")
