from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.db.database import Database, driver_connection
from referrals.models import ReceiptTry
from referrals.slowing import (
    FREE,
    FREE_WORDS,
    LATELY,
    MANY,
    WAITS,
    WORD_WAITS,
    guess_at,
    seconds_to_wait,
    source_key,
)
from referrals.tracked import Tracked
from tests.conftest import MovableClock
from tests.referrals.conftest import PhoneOf, Refer
from tests.referrals.phones import DAO, WRONG, Phone, choose_word, owner_of


async def test_wrong_codes_make_the_next_try_wait_longer_and_longer_but_never_for_ever(
    refer: Refer, other: Phone, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    for _ in range(FREE + 1):
        assert await other.types(WRONG) == Tracked()
    for wait in (*WAITS, WAITS[-1]):
        # Not looked at, right or wrong, and not counted.
        assert await other.types(DAO) == await other.types(WRONG) == Tracked(wait=wait)
        standing_clock.advance(seconds=wait - 1)
        assert await other.types(DAO) == Tracked(wait=1)
        standing_clock.advance(seconds=1)
        assert (await other.types(WRONG)).wait == 0
    standing_clock.advance(seconds=WAITS[-1])
    assert (await other.types(DAO)).referral == referral_id


async def test_code_words_are_slowed_with_the_codes_of_the_same_source(
    database: Database, keys: DataKeys, refer: Refer, other: Phone
) -> None:
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "mango")
    await other.types(WRONG)
    for word in ("a", "b"):
        await other.says(referral_id, word)
    assert await other.says(referral_id, "mango") == Tracked(wait=WAITS[0])


async def test_mistakes_are_forgiven_with_time(other: Phone, standing_clock: MovableClock) -> None:
    for _ in range(FREE + 1):
        await other.types(WRONG)
    standing_clock.advance(hours=FREE + 1)
    assert [(await other.types(WRONG)).wait for _ in range(FREE + 2)] == [0] * (FREE + 1) + [WAITS[0]]


async def test_one_who_guesses_slows_nobody_else(refer: Refer, other: Phone, phone_of: PhoneOf) -> None:
    referral_id = await refer(DAO)
    for _ in range(FREE + 1):
        await other.types(WRONG)
    assert (await (await phone_of("gop")).types(DAO)).referral == referral_id


async def test_when_many_guess_at_once_who_errs_waits_sooner_and_who_does_not_never(
    database: Database, refer: Refer, other: Phone, phone_of: PhoneOf, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    await other.types(WRONG)
    async with database.unit_of_work() as session:
        for number in range(MANY):
            session.add(ReceiptTry(source_key=bytes([number]) * 16, tries=FREE + 1, last_at=standing_clock()))
    assert (await other.types(DAO)).wait > 0
    clean = await phone_of("gop")
    assert (await clean.types(DAO)).referral == referral_id
    standing_clock.advance(seconds=LATELY.total_seconds())
    assert (await other.types(DAO)).referral == referral_id


async def test_the_source_is_kept_as_a_keyed_hash_of_channel_and_address(
    database: Database, keyset: Keyset, other: Phone
) -> None:
    await other.types(WRONG)
    async with database.unit_of_work() as session:
        kept = (await session.scalars(sa.select(ReceiptTry.source_key))).one()
        address_key = keyset.index("telegram-address", other.person.address)
        assert kept == source_key(keyset, "telegram", address_key) != source_key(keyset, "line", address_key)
        assert await seconds_to_wait(await driver_connection(session), b"nobody", other.clock()) == 0


async def guess_many_times(phone_of: PhoneOf, referral_id: UUID, times: int) -> None:
    """So many wrong words for one report, each from a source of its own."""
    for number in range(times):
        guesser = await phone_of(f"guesser {number}")
        assert (await guesser.says(referral_id, f"guess {number}")).stage == "waiting"


async def test_many_sources_cannot_share_out_the_guesses_at_one_word(
    database: Database,
    keys: DataKeys,
    refer: Refer,
    other: Phone,
    phone_of: PhoneOf,
    standing_clock: MovableClock,
) -> None:
    referral_id, untouched = await refer(DAO), await refer("fah")
    for each in (referral_id, untouched):
        await choose_word(database, keys, each, "mango")
    await guess_many_times(phone_of, referral_id, FREE_WORDS + 1)
    minute = int(WORD_WAITS[FREE_WORDS].total_seconds())
    # Not looked at, right or wrong, and not counted.
    assert (
        await other.says(referral_id, "mango") == await other.says(referral_id, "a") == Tracked(wait=minute)
    )
    assert (await other.says(untouched, "mango")).opened
    standing_clock.advance(seconds=minute - 1)
    assert await other.says(referral_id, "mango") == Tracked(wait=1)
    standing_clock.advance(seconds=1)
    assert (await other.says(referral_id, "mango")).opened


async def test_whoever_guesses_meanwhile_puts_nobodys_turn_off(
    database: Database,
    keys: DataKeys,
    refer: Refer,
    other: Phone,
    phone_of: PhoneOf,
    standing_clock: MovableClock,
) -> None:
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "mango")
    await guess_many_times(phone_of, referral_id, FREE_WORDS + 1)
    guesser = await phone_of("gop")
    minute = int(WORD_WAITS[FREE_WORDS].total_seconds())
    assert (await guesser.says(referral_id, "a")).wait == minute
    standing_clock.advance(seconds=30)
    assert (await other.says(referral_id, "mango")).wait == minute
    standing_clock.advance(seconds=30)
    assert (await guesser.says(referral_id, "a")).stage == "waiting"
    assert (await guesser.says(referral_id, "b")).wait == minute
    standing_clock.advance(seconds=30)
    assert (await other.says(referral_id, "mango")).opened


@pytest.mark.parametrize(("most", "wait"), WORD_WAITS.items())
async def test_the_more_wrong_words_the_longer_the_wait_but_never_more_than_a_day(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, most: int, wait: timedelta,
    standing_clock: MovableClock,
) -> None:  # fmt: skip
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "mango")
    async with database.unit_of_work() as session:
        words = guess_at(keys.keyset, other.source, referral_id).report
        session.add(ReceiptTry(source_key=words, tries=most + 1, last_at=standing_clock()))
    assert (await other.says(referral_id, "mango")).wait == wait.total_seconds() <= 86_400
    standing_clock.advance(seconds=wait.total_seconds())
    assert (await other.says(referral_id, "mango")).opened


async def test_the_reports_own_chat_neither_waits_for_others_nor_makes_them_wait(
    database: Database, keys: DataKeys, refer: Refer, phone_of: PhoneOf, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "mango")
    await guess_many_times(phone_of, referral_id, FREE_WORDS)
    own = await owner_of(database, keys, standing_clock, referral_id)
    assert not (await own.says(referral_id, "a")).opened
    last = await phone_of("last")
    assert (await last.says(referral_id, "b")).wait == 0
    assert (await own.says(referral_id, "mango")).opened


async def test_wrong_words_are_forgiven_with_time(
    database: Database,
    keys: DataKeys,
    refer: Refer,
    other: Phone,
    phone_of: PhoneOf,
    standing_clock: MovableClock,
) -> None:
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "mango")
    await guess_many_times(phone_of, referral_id, FREE_WORDS + 1)
    standing_clock.advance(hours=1)
    assert (await other.says(referral_id, "mango")).opened
