"""What people say of judgements, with the versions they speak of."""

from datetime import timedelta

import pytest

from core.clock import utc_now
from core.db.database import driver_connection
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.ids import new_id
from nlp.judgement import judge
from screening.labels.doubts import DOUBT_WITHIN, doubted, note_doubt
from screening.labels.rating import label_screening
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground, Sender


async def doubt(ground: Ground, sender: Sender) -> None:
    async with ground.database.unit_of_work() as session:
        await note_doubt(await driver_connection(session), sender.contact_id, utc_now())


async def test_a_doubt_speaks_of_the_last_judgement_and_counts_once(ground: Ground) -> None:
    one, other = await ground.people(2)
    await ground.send(OTHER_OFFER, one)
    [last] = await ground.send(OFFER, one)
    await ground.send(OFFER, other)
    await doubt(ground, one)
    await doubt(ground, one)
    [row] = await ground.rows("SELECT * FROM screening_label")
    judgement = judge(OFFER)
    assert (row["screening_id"], row["author"], row["account_id"]) == (last, "citizen", None)
    assert (row["judged_band"], row["rules"], row["model"]) == (
        judgement.band,
        judgement.rules,
        judgement.model,
    )


async def test_who_got_no_judgement_lately_has_none_to_doubt(ground: Ground) -> None:
    stranger, late = await ground.people(2)
    await ground.send(OFFER, late, at=utc_now() - DOUBT_WITHIN - timedelta(minutes=1))
    await doubt(ground, stranger)
    await doubt(ground, late)
    assert await ground.value("SELECT count(*) FROM screening_label") == 0


async def test_staff_see_doubts_until_they_have_labelled_them(ground: Ground) -> None:
    sender, officer = await ground.person(), await ground.member("hotline_officer")
    [row_id] = await ground.send(OFFER, sender)
    await doubt(ground, sender)
    async with ground.database.unit_of_work() as session:
        assert await doubted(session) == [row_id]
        await label_screening(session, row_id, band="caution", kind="chat_admin", by=officer)
        assert await doubted(session) == []
    [row] = await ground.rows("SELECT * FROM screening_label WHERE author = 'staff'")
    assert (row["band"], row["kind"], row["account_id"]) == ("caution", "chat_admin", officer.id)


async def test_a_label_stays_when_its_screening_goes(ground: Ground) -> None:
    sender = await ground.person()
    await ground.send(OFFER, sender)
    await doubt(ground, sender)
    await ground.rows("DELETE FROM screening")
    assert [r["screening_id"] for r in await ground.rows("SELECT screening_id FROM screening_label")] == [
        None
    ]


async def test_a_label_that_makes_no_sense_changes_nothing(ground: Ground) -> None:
    officer, manager = await ground.member("hotline_officer"), await ground.member("campaign_manager")
    [row_id] = await ground.send(OFFER, await ground.person())
    async with ground.database.unit_of_work() as session:
        with pytest.raises(InvalidInputError, match="kinds are"):
            await label_screening(session, row_id, band="danger", kind="weather", by=officer)
        with pytest.raises(NotFoundError):
            await label_screening(session, new_id(), band="danger", by=officer)
        with pytest.raises(ForbiddenError):
            await label_screening(session, row_id, band="danger", by=manager)
    assert await ground.value("SELECT count(*) FROM screening_label") == 0
