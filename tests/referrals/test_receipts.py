from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.audit.chain import record_audit
from core.contacts.models import ContactRule
from core.crypto.data_keys import DataKey, DataKeys
from core.crypto.keyset import Keyset
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.messages.models import Message
from referrals.cases import answer
from referrals.hiding import IN_DECOY, note_hiding, set_code_word
from referrals.models import AgencyConsent, ReceiptTry, Referral
from referrals.queue import claim
from referrals.receipt_changes import add_words, change_agency, change_contact_rule, move_report
from referrals.receipts import open_by_word, read_opened, track
from referrals.report_erasure import (
    ERASES_AFTER,
    WANTS_ERASURE,
    ask_report_erasure,
    erase_due_reports,
    keep_report,
)
from referrals.slowing import FREE, LATELY, MANY, WAITS, seconds_to_wait, source_key
from referrals.tracked import Tracked
from tests.conftest import MovableClock
from tests.support.cast import Person, make_person

Refer = Callable[..., Awaitable[UUID]]
# The fixture `refer` uses the person's name as the receipt code.
DAO, WRONG = "dao", "0000000000000000"


class Phone:
    """Somebody with an address of their own who types codes and words."""

    def __init__(self, database: Database, keys: DataKeys, clock: MovableClock, person: Person) -> None:
        self.database, self.keys, self.clock, self.person = database, keys, clock, person
        self.source = source_key(
            keys.keyset, person.channel, keys.keyset.index(f"{person.channel}-address", person.address)
        )

    async def types(self, code: str) -> Tracked:
        async with self.database.unit_of_work() as session:
            return await track(
                await driver_connection(session), self.keys, source=self.source, code=code,
                identity_id=self.person.identity_id, now=self.clock(),
            )  # fmt: skip

    async def says(self, referral_id: UUID, word: str) -> Tracked:
        async with self.database.unit_of_work() as session:
            return await open_by_word(
                await driver_connection(session), self.keys, source=self.source, referral_id=referral_id, word=word,
                identity_id=self.person.identity_id, now=self.clock(),
            )  # fmt: skip

    async def looks_again(self, referral_id: UUID) -> Tracked:
        async with self.database.unit_of_work() as session:
            connection = await driver_connection(session)
            return await read_opened(connection, self.keys, referral_id, self.person.identity_id)


@pytest.fixture
def phone_of(
    database: Database, keys: DataKeys, standing_clock: MovableClock
) -> Callable[..., Awaitable[Phone]]:
    async def make(name: str, channel: str = "telegram") -> Phone:
        async with database.unit_of_work() as session:
            person = await make_person(session, keys, name=name, channel=channel)
        return Phone(database, keys, standing_clock, person)

    return make


@pytest.fixture
async def other(phone_of: Callable[..., Awaitable[Phone]]) -> Phone:
    """Another phone on another platform."""
    return await phone_of("ek")


async def of_referral(database: Database, referral_id: UUID) -> Referral:
    async with database.unit_of_work() as session:
        return await session.get_one(Referral, referral_id)


async def owner_of(database: Database, keys: DataKeys, clock: MovableClock, referral_id: UUID) -> Phone:
    referral = await of_referral(database, referral_id)
    person = Person(referral.contact_id, referral.identity_id, "line", "own")
    return Phone(database, keys, clock, person)


async def choose_word(database: Database, keys: DataKeys, referral_id: UUID, word: str) -> None:
    referral = await of_referral(database, referral_id)
    async with database.unit_of_work() as session:
        await set_code_word(session, keys.keyset, referral.identity_id, word)


async def reply(database: Database, keys: DataKeys, referral_id: UUID, officer: UUID, text: str) -> None:
    async with database.unit_of_work() as session:
        await claim(session, referral_id, officer)
        await answer(
            session, keys, referral_id=referral_id, account_id=officer, text=text, notice="n", form_id=new_id()
        )  # fmt: skip


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


async def test_one_who_guesses_slows_nobody_else(refer: Refer, other: Phone, phone_of: Any) -> None:
    referral_id = await refer(DAO)
    for _ in range(FREE + 1):
        await other.types(WRONG)
    assert (await (await phone_of("gop")).types(DAO)).referral == referral_id


async def test_when_many_guess_at_once_who_errs_waits_sooner_and_who_does_not_never(
    database: Database, refer: Refer, other: Phone, phone_of: Any, standing_clock: MovableClock
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


async def test_it_says_in_roles_and_times_who_opened_the_report(
    database: Database, refer: Refer, other: Phone, anong: UUID, standing_clock: MovableClock
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
    seen = await other.looks_again(referral_id)
    now = standing_clock()
    assert [(v.role, now - v.at) for v in seen.viewings] == [
        ("supervisor", timedelta()), ("supervisor", timedelta(minutes=120)),
    ]  # fmt: skip


async def test_words_join_the_thread_once_and_not_that_of_a_closed_report(
    database: Database, keys: DataKeys, refer: Refer
) -> None:
    referral_id, event_id = await refer(DAO), new_id()
    for _ in range(2):
        async with database.unit_of_work() as session:
            assert await add_words(session, keys, referral_id, event_id, "one more thing")
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT count(*) FROM referral_entry")) == 1
        await ask_report_erasure(session, referral_id)
    async with database.unit_of_work() as session:
        assert not await add_words(session, keys, referral_id, new_id(), "late")


async def test_consent_and_wishes_are_changed_from_elsewhere(
    database: Database, refer: Refer, other: Phone
) -> None:
    referral_id = await refer(DAO)
    async with database.unit_of_work() as session:
        await change_agency(session, referral_id, "police", granted=True, wording="w1")
        await change_agency(session, referral_id, "ngo", granted=True, wording="w1")
    async with database.unit_of_work() as session:
        await change_agency(session, referral_id, "police", granted=False, wording="w1")
        await change_contact_rule(
            session, referral_id, may_write_first=True, from_minute=540, until_minute=720
        )
    seen = await other.looks_again(referral_id)
    assert {a.agency: a.granted for a in seen.agencies} == {"police": False, "ngo": True}
    assert (seen.may_write_first, seen.hours) == (True, (540, 720))
    async with database.unit_of_work() as session:
        assert len((await session.scalars(sa.select(AgencyConsent))).all()) == 3
        rule = (await session.scalars(sa.select(ContactRule))).one()
        assert rule.contact_id == (await session.get_one(Referral, referral_id)).contact_id


async def test_a_moved_report_goes_on_in_the_new_chat_alone(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, anong: UUID
) -> None:
    referral_id = await refer(DAO)
    await reply(database, keys, referral_id, anong, "we are here")
    async with database.unit_of_work() as session:
        assert await move_report(
            session, referral_id, contact_id=other.person.contact_id, identity_id=other.person.identity_id,
            channel="telegram",
        )  # fmt: skip
    referral = await of_referral(database, referral_id)
    assert (referral.identity_id, referral.channel) == (other.person.identity_id, "telegram")
    async with database.unit_of_work() as session:
        waiting = (await session.scalars(sa.select(Message))).one()
        assert (waiting.state, waiting.reason, waiting.content) == ("skipped", "moved", None)
    assert [a.text for a in (await other.types(DAO)).answers] == ["we are here"]


async def test_who_hid_in_the_old_chat_does_not_hide_in_the_new_one(
    database: Database, refer: Refer, other: Phone
) -> None:
    referral_id = await refer(DAO)
    old = await of_referral(database, referral_id)
    async with database.unit_of_work() as session:
        await note_hiding(session, old.identity_id, hidden=True)
    async with database.unit_of_work() as session:
        await move_report(
            session, referral_id, contact_id=other.person.contact_id, identity_id=other.person.identity_id,
            channel="telegram",
        )  # fmt: skip
    assert IN_DECOY not in (await of_referral(database, referral_id)).reasons


async def test_nothing_is_moved_into_a_chat_with_an_open_report_of_its_own(
    database: Database, refer: Refer
) -> None:
    first, second = await refer(DAO), await refer("fah")
    target = await of_referral(database, second)
    async with database.unit_of_work() as session:
        assert not await move_report(
            session, first, contact_id=target.contact_id, identity_id=target.identity_id, channel="line"
        )
    assert (await of_referral(database, first)).identity_id != target.identity_id


async def test_an_ordinary_report_is_erased_at_once_and_its_answers_with_it(
    database: Database, keys: DataKeys, refer: Refer, other: Phone, anong: UUID
) -> None:
    referral_id = await refer(DAO, "P2", "words")
    await choose_word(database, keys, referral_id, "mango")
    await reply(database, keys, referral_id, anong, "we are here")
    async with database.unit_of_work() as session:
        assert await ask_report_erasure(session, referral_id) == other.clock()
    assert await other.types(DAO) == Tracked()
    assert await other.says(referral_id, "mango") == Tracked()
    referral = await of_referral(database, referral_id)
    assert (referral.state, referral.closed_as, referral.code_word_key) == ("closed", "withdrawn", None)
    async with database.unit_of_work() as session:
        key = await session.get_one(DataKey, referral.data_key_id)
        assert (key.wrapped, key.destroyed_at) == (None, other.clock())
        assert (
            await session.scalars(sa.text("SELECT body FROM referral_entry WHERE body IS NOT NULL"))
        ).all() == []
        message = (await session.scalars(sa.select(Message))).one()
        assert (message.state, message.content) == ("skipped", None)


@pytest.mark.parametrize("priority", ["P0", "P1"])
async def test_an_urgent_one_is_erased_after_72_hours_and_not_a_moment_earlier(
    database: Database, refer: Refer, other: Phone, anong: UUID, priority: str, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO, priority, "words")
    async with database.unit_of_work() as session:
        await claim(session, referral_id, anong)
    async with database.unit_of_work() as session:
        assert await ask_report_erasure(session, referral_id) == standing_clock() + ERASES_AFTER
    assert timedelta(hours=72) == ERASES_AFTER
    assert WANTS_ERASURE in (await of_referral(database, referral_id)).reasons
    standing_clock.advance(hours=71, minutes=59)
    # Asking again does not begin the time anew.
    async with database.unit_of_work() as session:
        assert await ask_report_erasure(session, referral_id) == standing_clock() + timedelta(minutes=1)
        assert await erase_due_reports(session) == 0
    assert (await other.types(DAO)).referral == referral_id
    standing_clock.advance(minutes=1)
    async with database.unit_of_work() as session:
        assert await erase_due_reports(session) == 1
    assert await other.types(DAO) == Tracked()


async def test_until_then_it_can_be_taken_back(
    database: Database, refer: Refer, other: Phone, standing_clock: MovableClock
) -> None:
    referral_id = await refer(DAO, "P0", "words")
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, referral_id)
    async with database.unit_of_work() as session:
        await keep_report(session, referral_id)
    standing_clock.advance(hours=100)
    async with database.unit_of_work() as session:
        assert await erase_due_reports(session) == 0
    seen = await other.looks_again(referral_id)
    assert (seen.erase_at, seen.stage) == (None, "waiting")
    assert WANTS_ERASURE not in (await of_referral(database, referral_id)).reasons
