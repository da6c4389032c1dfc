import asyncio
from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys, destroy_data_key
from core.crypto.sealing import context, open_sealed
from core.db.database import Database
from core.errors import CryptoError
from core.ids import new_id
from referrals.models import AgencyConsent, Questionnaire, Referral, ReportAnswer
from referrals.questionnaires.questionnaire import from_json
from referrals.questionnaires.reading import load_questionnaire
from referrals.reports import (
    Given,
    Report,
    read_report,
    record_agency_consent,
    store_answers,
    take_back_answers,
)
from tests.referrals.conftest import Refer

REPORT = load_questionnaire("report")


@pytest.fixture
async def referral_id(refer: Refer) -> UUID:
    return await refer("Dao", "P3")


async def tell(
    database: Database,
    keys: DataKeys,
    referral_id: UUID,
    *answers: tuple[str, str],
    event_id: UUID | None = None,
) -> UUID:
    """Answer these questions, all in one event; return its id."""
    event_id = event_id or new_id()
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        stored = await store_answers(
            session, keys, identity_id=referral.identity_id, questionnaire=REPORT,
            answers=[Given(question, (code,), event_id) for question, code in answers],
        )  # fmt: skip
        assert stored == referral_id
    return event_id


async def read(database: Database, keys: DataKeys, referral_id: UUID) -> Report:
    async with database.unit_of_work() as session:
        return await read_report(session, keys, await session.get_one(Referral, referral_id))


async def answers_of(database: Database) -> Sequence[ReportAnswer]:
    async with database.unit_of_work() as session:
        return (await session.scalars(sa.select(ReportAnswer).order_by(ReportAnswer.id))).all()


async def referral_of(database: Database, referral_id: UUID) -> Referral:
    async with database.unit_of_work() as session:
        return await session.get_one(Referral, referral_id)


async def test_it_reads_back_the_newest_answer_to_each_question(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("G2", "self"), ("G3", "no"))
    await tell(database, keys, referral_id, ("G3", "yes"))
    report = await read(database, keys, referral_id)
    assert {question: told.codes for question, told in report.answers.items()} == {
        "G2": ("self",),
        "G3": ("yes",),
    }


async def test_a_replay_adds_nothing(database: Database, keys: DataKeys, referral_id: UUID) -> None:
    event_id = await tell(database, keys, referral_id, ("G2", "self"), ("G3", "no"))
    await tell(database, keys, referral_id, ("G2", "self"), ("G3", "no"), event_id=event_id)
    assert len(await answers_of(database)) == 2


async def test_answers_are_read_with_the_questions_as_they_were_asked(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("G2", "self"), ("G3", "no"))
    await tell(database, keys, referral_id, ("G1", "no"))
    async with database.unit_of_work() as session:
        stored = (await session.scalars(sa.select(Questionnaire))).one()
        assert stored.hash == REPORT.hash
        # The questions of today change; those of this report don't.
        older = msgspec.structs.replace(REPORT, version="0")
        session.add(
            Questionnaire(
                hash=older.hash, body=stored.body.replace('"version":"1"', '"version":"0"'),
                first_used_at=stored.first_used_at,
            )
        )  # fmt: skip
        await session.flush()
        await session.execute(
            sa.update(ReportAnswer).where(ReportAnswer.question == "G2").values(questionnaire=older.hash)
        )
    report = await read(database, keys, referral_id)
    assert report.answers["G2"].questionnaire == older
    assert report.answers["G3"].questionnaire == REPORT
    assert from_json(stored.body) == REPORT


async def test_an_answer_may_raise_the_priority_and_none_lowers_it(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("G2", "self"), ("G1", "yes"))
    referral = await referral_of(database, referral_id)
    assert referral.priority == "P0"
    assert "asked_for_staff" in referral.reasons
    assert {"danger_now"} == set(referral.reasons) - {"asked_for_staff", "strong_sign"}
    await tell(database, keys, referral_id, ("G1", "no"), ("G3", "skip"))
    assert (await referral_of(database, referral_id)).priority == "P0"


async def test_the_province_stands_with_the_referral_and_a_pin_does_not(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("G2", "self"), ("G4", "geo:13.6543,102.5501"))
    assert (await referral_of(database, referral_id)).place is None
    await tell(database, keys, referral_id, ("G4", "province:TH-50"))
    assert (await referral_of(database, referral_id)).place == "province:TH-50"


async def test_what_is_taken_back_is_gone_with_all_that_was_read_from_it(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("G2", "self"))
    event_id = await tell(database, keys, referral_id, ("G4", "province:TH-50"))
    async with database.unit_of_work() as session:
        await take_back_answers(session, keys, [event_id])
    assert (await referral_of(database, referral_id)).place is None
    assert set((await read(database, keys, referral_id)).answers) == {"G2"}
    (gone,) = [row for row in await answers_of(database) if row.question == "G4"]
    assert gone.answer is None
    assert gone.taken_back_at is not None


async def test_a_moved_answer_does_not_open_under_the_same_key(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("G2", "self"), ("G3", "no"), ("G1", "no"))
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        key = await keys.load(session, referral.data_key_id)
    rows = await answers_of(database)
    for here, there in pairwise(rows):
        assert here.answer is not None
        assert there.answer is not None
        assert here.answer.open(key, context("report_answer", "answer", here.id))
        with pytest.raises(CryptoError):
            open_sealed(key, there.answer.sealed, context("report_answer", "answer", here.id))


async def test_once_the_cases_key_is_destroyed_no_answer_can_be_read(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("G2", "self"), ("X1", "text:ห้อง 1905"))
    async with database.unit_of_work() as session:
        await destroy_data_key(session, (await session.get_one(Referral, referral_id)).data_key_id)
    report = await read(database, DataKeys(keys.keyset), referral_id)
    assert report.answers == {}
    assert report.assessment is None


async def test_nothing_told_stands_in_the_clear(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    await tell(database, keys, referral_id, ("X1", "text:ห้อง 1905 คอนโดนกขมิ้น"))
    (row,) = await answers_of(database)
    assert row.answer is not None
    assert "นกขมิ้น".encode() not in row.answer.sealed
    assert repr(row.answer) == "<encrypted>"


async def test_consent_is_only_ever_added_to_and_the_newest_holds(
    database: Database, keys: DataKeys, referral_id: UUID
) -> None:
    for granted, named in ((True, True), (False, True)):
        async with database.unit_of_work() as session:
            referral = await session.get_one(Referral, referral_id)
            await record_agency_consent(
                session, referral.identity_id, "police", granted=granted, with_identity=named, wording="1"
            )
    (newest,) = (await read(database, keys, referral_id)).consents
    assert (newest.agency, newest.granted, newest.with_identity) == ("police", False, False)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(AgencyConsent)) == 2


async def test_without_an_open_referral_nothing_is_kept(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        stored = await store_answers(
            session, keys, identity_id=new_id(), questionnaire=REPORT,
            answers=[Given("G1", ("yes",), new_id())],
        )  # fmt: skip
        assert stored is None
        assert await session.scalar(sa.select(sa.func.count()).select_from(ReportAnswer)) == 0


async def test_open_pages_are_told_when_the_only_answer_is_taken_back(
    database: Database, keys: DataKeys, referral_id: UUID, heard: asyncio.Queue[str]
) -> None:
    event_id = await tell(database, keys, referral_id, ("G3", "yes"))
    assert await asyncio.wait_for(heard.get(), 5) == str(referral_id)
    async with database.unit_of_work() as session:
        await take_back_answers(session, keys, [event_id])
    assert await asyncio.wait_for(heard.get(), 5) == str(referral_id)
