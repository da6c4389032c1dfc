from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys, destroy_data_key
from core.crypto.sealing import context
from core.db.database import Database
from core.errors import CryptoError, KeyDestroyedError, NotFoundError
from core.ids import new_id
from referrals.cleaning.apart import clean
from referrals.cleaning.kinds import Cleaned
from referrals.evidence import (
    MOST_PIECES,
    keep_evidence,
    list_evidence,
    note_evidence,
    open_evidence,
    refuse_evidence,
    take_back_evidence,
)
from referrals.models import Evidence, Referral
from referrals.retention import KEPT_AFTER_CLOSING, end_report
from tests.referrals.cleaning.samples import SECRETS, photograph
from tests.referrals.conftest import Refer

PICTURE = Cleaned("picture", "image/jpeg", b"what is seen")


@pytest.fixture
async def referral_id(refer: Refer) -> UUID:
    return await refer("Dao", "P2")


async def note(database: Database, referral_id: UUID, event_id: UUID | None = None) -> UUID | None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        return await note_evidence(
            session, identity_id=referral.identity_id, event_id=event_id or new_id(), kind="document"
        )


async def keep(
    database: Database,
    keys: DataKeys,
    referral_id: UUID,
    cleaned: Cleaned = PICTURE,
    event_id: UUID | None = None,
) -> UUID:
    """A piece with its content; return its id."""
    piece = await note(database, referral_id, event_id)
    assert piece is not None
    async with database.unit_of_work() as session:
        assert await keep_evidence(session, keys, piece, cleaned) == "kept"
    return piece


async def opened(database: Database, keys: DataKeys, referral_id: UUID, piece: UUID) -> Cleaned:
    async with database.unit_of_work() as session:
        return await open_evidence(session, keys, await session.get_one(Referral, referral_id), piece)


async def rows(database: Database) -> Sequence[Evidence]:
    async with database.unit_of_work() as session:
        return (await session.scalars(sa.select(Evidence).order_by(Evidence.id))).all()


async def states(database: Database) -> list[tuple[str, str | None]]:
    return [(row.state, row.reason) for row in await rows(database)]


async def test_a_photograph_is_kept_without_its_place_and_reads_back_as_it_was_cleaned(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    piece = await keep(database, keys, referral_id, clean(photograph()))
    kept = await opened(database, keys, referral_id, piece)
    assert (kept.kind, kept.media_type) == ("picture", "image/jpeg")
    assert not any(secret in kept.content for secret in (*SECRETS, b"Exif"))
    async with database.unit_of_work() as session:
        (listed,) = await list_evidence(session, referral_id)
    assert (listed.id, listed.kind, listed.state) == (piece, "picture", "kept")
    assert listed.size is not None
    assert listed.size > len(kept.content)


async def test_a_replay_adds_nothing(database: Database, referral_id: UUID) -> None:
    event_id = new_id()
    assert await note(database, referral_id, event_id) is not None
    assert await note(database, referral_id, event_id) is None
    assert await states(database) == [("fetching", None)]


async def test_keeping_and_refusing_again_change_nothing(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    piece = await keep(database, keys, referral_id)
    async with database.unit_of_work() as session:
        assert await refuse_evidence(session, piece, "refused", "broken") == "kept"
        assert await keep_evidence(session, keys, piece, Cleaned("sound", "audio/ogg", b"other")) == "kept"
    assert await opened(database, keys, referral_id, piece) == PICTURE


async def test_without_an_open_referral_nothing_is_noted(database: Database, referral_id: UUID) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Referral).values(state="closed"))
    assert await note(database, referral_id) is None


async def test_more_than_enough_is_refused_and_what_was_taken_back_gives_room(
    database: Database, referral_id: UUID
) -> None:
    first = new_id()
    await note(database, referral_id, first)
    for _ in range(MOST_PIECES):
        await note(database, referral_id)
    assert (await states(database))[-1] == ("refused", "too_many")
    async with database.unit_of_work() as session:
        await take_back_evidence(session, [first])
    await note(database, referral_id)
    assert (await states(database))[-1] == ("fetching", None)


async def test_what_is_taken_back_is_gone_and_a_mark_stays(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    event_id = new_id()
    piece = await keep(database, keys, referral_id, event_id=event_id)
    async with database.unit_of_work() as session:
        await take_back_evidence(session, [event_id])
    (row,) = await rows(database)
    assert (row.state, row.content, row.media_type) == ("taken_back", None, None)
    with pytest.raises(NotFoundError):
        await opened(database, keys, referral_id, piece)


async def test_what_is_taken_back_while_it_is_fetched_never_arrives(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    event_id = new_id()
    piece = await note(database, referral_id, event_id)
    assert piece is not None
    async with database.unit_of_work() as session:
        await take_back_evidence(session, [event_id])
        assert await keep_evidence(session, keys, piece, PICTURE) == "taken_back"
        assert await refuse_evidence(session, piece, "refused", "broken") == "taken_back"
    assert [row.content for row in await rows(database)] == [None]


async def test_a_moved_content_does_not_open_under_the_same_key(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    for name in (b"one", b"two", b"three"):
        await keep(database, keys, referral_id, Cleaned("picture", "image/png", name))
    async with database.unit_of_work() as session:
        key = await keys.load(session, (await session.get_one(Referral, referral_id)).data_key_id)
    for here, there in pairwise(await rows(database)):
        assert here.content is not None
        assert there.content is not None
        assert here.content.open(key, context("evidence", "content", here.id))
        with pytest.raises(CryptoError):
            there.content.open(key, context("evidence", "content", here.id))


async def test_a_piece_is_not_found_through_another_report(
    database: Database, keys: DataKeys, referral_id: UUID, refer: Refer
) -> None:
    piece, other = await keep(database, keys, referral_id), await refer("Ek", "P1")
    with pytest.raises(NotFoundError):
        await opened(database, keys, other, piece)


async def test_nothing_of_it_stands_in_the_clear(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await keep(database, keys, referral_id)
    async with database.unit_of_work() as session:
        stored = await session.scalar(sa.text("SELECT content FROM evidence"))
    assert b"what is seen" not in stored


async def test_once_the_cases_key_is_destroyed_nothing_can_be_seen_and_nothing_is_added(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    piece, later = await keep(database, keys, referral_id), await note(database, referral_id)
    assert later is not None
    async with database.unit_of_work() as session:
        await destroy_data_key(session, (await session.get_one(Referral, referral_id)).data_key_id)
        assert await keep_evidence(session, keys, later, PICTURE) == "gone"
    with pytest.raises(KeyDestroyedError):
        await opened(database, DataKeys(keys.keyset), referral_id, piece)


async def test_it_goes_with_the_words_of_its_report(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await keep(database, keys, referral_id)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.state, referral.closed_at = "closed", referral.opened_at - KEPT_AFTER_CLOSING
        await session.flush()
        assert await end_report(session, referral_id)
    assert await rows(database) == []
