from datetime import date
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import ForbiddenError, NotFoundError
from core.ids import new_id
from referrals.desk.flags import (
    MOST_OPEN,
    Flag,
    FlagDateError,
    FlagWordsError,
    TooManyFlagsError,
    list_flags,
    put_flag,
    resolve_flag,
)
from referrals.desk.models import ReferralFlag
from referrals.models import Referral
from referrals.report_erasure import erase_report
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer

WORDS = "จับตาเรื่องพาสปอร์ต"


async def _put(database: Database, keys: DataKeys, referral_id: UUID, account_id: UUID, **more: Any) -> None:
    given = {"message": WORDS, "due_on": None, "oversees": False, "form_id": new_id()} | more
    async with database.unit_of_work() as session:
        await put_flag(session, keys, referral_id, account_id, **given)


async def _flags(
    database: Database, keys: DataKeys, referral_id: UUID, *, with_words: bool = True
) -> list[Flag]:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        return list(await list_flags(session, keys, referral, with_words=with_words))


async def _standing(database: Database, referral_id: UUID) -> int:
    async with database.unit_of_work() as session:
        return (await session.get_one(Referral, referral_id)).open_flags


async def test_a_flag_stands_until_somebody_says_why_it_no_longer_does(
    database: Database, keys: DataKeys, held_by_anong: UUID, anong: UUID, standing_clock: MovableClock
) -> None:
    await _put(database, keys, held_by_anong, anong, due_on=date(2026, 11, 30))
    (flag,) = await _flags(database, keys, held_by_anong)
    assert (flag.message, flag.due_on, flag.by, flag.resolved_at) == (
        WORDS,
        date(2026, 11, 30),
        "Anong",
        None,
    )
    assert await _standing(database, held_by_anong) == 1
    for _ in range(2):
        async with database.unit_of_work() as session:
            await resolve_flag(session, keys, held_by_anong, flag.id, anong, reason="ได้คืนแล้ว", oversees=False)
    (flag,) = await _flags(database, keys, held_by_anong)
    assert (flag.resolved_by, flag.resolution) == ("Anong", "ได้คืนแล้ว")
    assert await _standing(database, held_by_anong) == 0


async def test_the_same_form_puts_one_flag(
    database: Database, keys: DataKeys, held_by_anong: UUID, anong: UUID, form_id: UUID
) -> None:
    for _ in range(2):
        await _put(database, keys, held_by_anong, anong, form_id=form_id)
    assert len(await _flags(database, keys, held_by_anong)) == 1
    assert await _standing(database, held_by_anong) == 1


async def test_its_words_are_sealed_and_go_with_the_report(
    database: Database, keys: DataKeys, held_by_anong: UUID, anong: UUID
) -> None:
    await _put(database, keys, held_by_anong, anong)
    (hidden,) = await _flags(database, keys, held_by_anong, with_words=False)
    assert hidden.message is None
    async with database.unit_of_work() as session:
        raw = await session.scalar(sa.text("SELECT t::text FROM referral_flag t"))
        assert WORDS not in str(raw)
        await erase_report(session, await session.get_one(Referral, held_by_anong))
    assert await _flags(database, keys, held_by_anong) == []
    assert await _standing(database, held_by_anong) == 0


async def test_only_its_holder_and_who_oversees_put_flags(
    database: Database, keys: DataKeys, held_by_anong: UUID, boon: UUID
) -> None:
    with pytest.raises(ForbiddenError):
        await _put(database, keys, held_by_anong, boon)
    await _put(database, keys, held_by_anong, boon, oversees=True)
    assert await _standing(database, held_by_anong) == 1


async def test_a_flag_is_reached_only_through_its_own_referral(
    database: Database, keys: DataKeys, refer: Refer, held_by_anong: UUID, anong: UUID
) -> None:
    await _put(database, keys, held_by_anong, anong)
    (flag,) = await _flags(database, keys, held_by_anong)
    other = await refer("Ek")
    with pytest.raises(NotFoundError):
        async with database.unit_of_work() as session:
            await resolve_flag(session, keys, other, flag.id, anong, reason="ผิดเรื่อง", oversees=True)
    assert await _standing(database, held_by_anong) == 1


async def test_bad_words_dates_and_numbers_are_refused(
    database: Database, keys: DataKeys, held_by_anong: UUID, anong: UUID, standing_clock: MovableClock
) -> None:
    for words in ("", " \n ", "ก" * 301):
        with pytest.raises(FlagWordsError):
            await _put(database, keys, held_by_anong, anong, message=words)
    for day in (date(2026, 11, 22), date(2028, 1, 1)):
        with pytest.raises(FlagDateError):
            await _put(database, keys, held_by_anong, anong, due_on=day)
    for _ in range(MOST_OPEN):
        await _put(database, keys, held_by_anong, anong)
    with pytest.raises(TooManyFlagsError):
        await _put(database, keys, held_by_anong, anong)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(ReferralFlag)) == MOST_OPEN
