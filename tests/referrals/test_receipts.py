from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core.audit.chain import record_audit
from core.crypto.data_keys import DataKey, DataKeys
from core.db.database import Database, driver_connection
from referrals.models import Referral
from referrals.queue import claim
from referrals.receipts import track
from referrals.report_erasure import ask_report_erasure
from referrals.tracked import Tracked
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.phones import DAO, WRONG, Phone, choose_word, of_referral, owner_of, reply


async def test_the_code_alone_shows_where_it_stands_and_no_more(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, anong: UUID
) -> None:
    referral_id = await refer(DAO, words="secret")
    assert await other.types(DAO) == Tracked(referral=referral_id, stage="waiting")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    assert (await other.types(DAO)).stage == "held"
    await reply(database, keys, referral_id, anong, "we are here")
    assert await other.types(DAO) == Tracked(referral=referral_id, stage="answered")


async def test_the_code_word_opens_it_on_another_platform(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, anong: UUID
) -> None:
    referral_id = await refer(DAO)
    await choose_word(database, keys, referral_id, "Mango Tree")
    await reply(database, keys, referral_id, anong, "we are here")
    assert not (await other.says(referral_id, "papaya")).opened
    seen = await other.says(referral_id, " mango  tree")
    assert (seen.opened, seen.mine, [a.text for a in seen.answers]) == (True, False, ["we are here"])
    assert (await other.looks_again(referral_id)).answers == seen.answers


async def test_without_a_code_word_no_word_opens_it_elsewhere_but_its_own_chat_needs_none(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    assert not (await other.says(referral_id, "")).opened
    own = await owner_of(database, keys, standing_clock, referral_id)
    assert (await own.types(DAO)).opened
    await choose_word(database, keys, referral_id, "mango")
    guarded = await own.types(DAO)
    assert (guarded.opened, guarded.mine) == (False, True)


async def test_a_word_is_of_one_report_alone(database: Database, keys: DataKeys, refer: Refer) -> None:
    first, second = await refer(DAO), await refer("fah")
    await choose_word(database, keys, first, "mango")
    await choose_word(database, keys, second, "mango")
    one, two = await of_referral(database, first), await of_referral(database, second)
    assert one.code_word_key is not None
    assert one.code_word_key != two.code_word_key


async def test_wrong_expired_and_erased_codes_get_the_same_answer_by_the_same_statements(
    database: Database, keys: DataKeys, refer: Refer, phone_of: Any
) -> None:
    expired, erased = await refer("expired"), await refer("erased")
    async with database.unit_of_work() as session:
        key_id = (await session.get_one(Referral, expired)).data_key_id
        await session.execute(sa.update(DataKey).where(DataKey.id == key_id).values(wrapped=None))
        await ask_report_erasure(session, erased)
    told = []
    for number, code in enumerate((WRONG, "expired", "erased")):
        phone = await phone_of(f"stranger {number}")
        log: list[str] = []
        async with database.unit_of_work() as session:
            connection = await driver_connection(session)
            connection.add_query_logger(lambda record, log=log: log.append(record.query))
            found = await track(
                connection, keys, source=phone.source, code=code, identity_id=phone.person.identity_id,
                now=phone.clock(),
            )  # fmt: skip
            connection._query_loggers.clear()
        told.append((found, tuple(log)))
    assert told[0][0] == Tracked()
    assert len(told[0][1]) == 3
    assert told[0] == told[1] == told[2]


async def test_it_says_in_roles_and_times_who_opened_the_report(
    database: Database, keys: DataKeys, refer: Refer, anong: UUID, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO)
    for action, outcome, minutes in (
        ("referral.read", "ok", 0), ("referral.refresh", "ok", 5), ("referral.refresh", "ok", 5),
        ("referral.read", "refused", 60), ("referral.read", "ok", 60),
    ):  # fmt: skip
        standing_clock.advance(minutes=minutes)
        async with database.unit_of_work() as session:
            await record_audit(
                session, actor_id=anong, action=action, object_kind="referral", object_id=referral_id, outcome=outcome
            )  # type: ignore[arg-type]  # fmt: skip
    own = await owner_of(database, keys, standing_clock, referral_id)
    seen = await own.looks_again(referral_id)
    now = standing_clock()
    assert [(v.role, now - v.at) for v in seen.viewings] == [
        ("supervisor", timedelta()), ("supervisor", timedelta(minutes=120)),
    ]  # fmt: skip
