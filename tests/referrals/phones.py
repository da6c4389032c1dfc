"""People with phones of their own, and what happens to their reports meanwhile."""

from uuid import UUID

from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.ids import new_id
from referrals.cases import answer
from referrals.hiding import set_code_word
from referrals.models import Referral
from referrals.queue import claim
from referrals.receipts import open_by_word, read_opened, track
from referrals.slowing import source_key
from referrals.tracked import Tracked
from tests.conftest import MovableClock
from tests.support.cast import Person

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
