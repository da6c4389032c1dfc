import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.openings import LASTS
from referrals.tracked import Tracked
from tests.conftest import MovableClock
from tests.referrals.conftest import PhoneOf, Refer
from tests.referrals.phones import DAO, Phone, choose_word, owner_of


async def test_what_the_word_opened_ends_when_the_word_is_changed(
    database: Database, keys: DataKeys, refer: Refer, other: Phone
) -> None:
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "mango")
    await other.says(referral_id, "mango")
    assert (await other.looks_again(referral_id)).opened
    await choose_word(database, keys, referral_id, "papaya")
    assert await other.looks_again(referral_id) == Tracked()
    assert (await other.says(referral_id, "papaya")).opened
    assert (await other.looks_again(referral_id)).opened


async def test_what_stood_open_without_a_word_ends_when_one_is_chosen(
    database: Database, keys: DataKeys, refer: Refer, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    own = await owner_of(database, keys, standing_clock, referral_id)
    assert (await own.looks_again(referral_id)).opened
    await choose_word(database, keys, referral_id, "mango")
    assert await own.looks_again(referral_id) == Tracked()


@pytest.mark.parametrize("word", ["", "mango"])
async def test_in_another_chat_nothing_stands_open_without_the_word(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, phone_of: PhoneOf, word: str
) -> None:
    referral_id = await refer(DAO)
    if word:
        await choose_word(database, keys, referral_id, word)
        await other.says(referral_id, word)
    stranger = await phone_of("gop")
    assert await stranger.looks_again(referral_id) == Tracked()
    assert not (await stranger.says(referral_id, "wrong")).opened
    assert await stranger.looks_again(referral_id) == Tracked()


async def test_it_goes_on_while_somebody_looks_and_ends_when_nobody_does(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "mango")
    await other.says(referral_id, "mango")
    for _ in range(3):
        standing_clock.advance(seconds=LASTS.total_seconds())
        assert (await other.looks_again(referral_id)).opened
    standing_clock.advance(seconds=LASTS.total_seconds() + 1)
    assert await other.looks_again(referral_id) == Tracked()
