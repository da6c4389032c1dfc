"""Examples of waves name nobody, are approved by a person, and stay when who sent them is forgotten. Guards 18."""

from uuid import UUID

import pytest

from core.clock import utc_now
from core.crypto.data_keys import destroy_data_key
from core.db.database import driver_connection
from core.errors import ForbiddenError, InvalidInputError, NotFoundError
from core.ids import new_id
from nlp.judgement import judge
from nlp.redaction import redact
from screening.desk import desk_key
from screening.examples import Draft, approve_example, draft_example, examples_of, withdraw_example
from screening.offers import Screened, store_screenings
from screening.radar import list_waves
from screening.retention import forget_person
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground, mask

FULL = (
    "บริษัท สยามรุ่งโรจน์ จำกัด ใบอนุญาตเลขที่ น.988/2543 รับแอดมินตอบแชท รายได้ 45,000 บาท สมัครที่ https://richwork.com/a"
    " ไลน์ @canaryboss โทร 0891234567 เมล boss@richwork.com โอนมัดจำบัญชีกสิกร 123-4-56789-0 รหัส 99887766"
)


async def drafted(ground: Ground, wave_id: UUID) -> Draft:
    officer = await ground.member("hotline_officer")
    async with ground.database.unit_of_work() as session:
        return await draft_example(session, ground.keys, wave_id, by=officer, mask=mask)


async def approved(ground: Ground, wave_id: UUID, text: str) -> UUID:
    supervisor = await ground.member("supervisor")
    async with ground.database.unit_of_work() as session:
        return await approve_example(session, ground.keys, wave_id, text, by=supervisor, mask=mask)


async def shown(ground: Ground, wave_id: UUID) -> list[str]:
    async with ground.database.unit_of_work() as session:
        return [example.text for example in await examples_of(session, ground.keys, [wave_id])]


def test_everything_that_leads_to_somebody_is_taken_out() -> None:
    copy = redact(FULL)
    for secret in ("สยามรุ่งโรจน์", "988", "richwork", "canaryboss", "0891234567", "boss@", "56789", "99887766"):
        assert secret not in copy
    assert "รับแอดมินตอบแชท รายได้ 45,000 บาท" in copy
    assert redact(copy) == copy


async def test_an_example_outlives_everybody_who_sent_it(ground: Ground) -> None:
    people = await ground.people(4)
    await ground.send(OFFER, *people)
    await ground.refresh()
    wave_id = await ground.value("SELECT id FROM wave")
    draft = await drafted(ground, wave_id)
    assert "canaryboss" not in draft.text
    await approved(ground, wave_id, draft.text)
    for person in people:
        async with ground.database.unit_of_work() as session:
            connection = await driver_connection(session)
            key_id = await connection.fetchval(
                "SELECT data_key_id FROM contact WHERE id = $1", person.contact_id
            )
            await destroy_data_key(session, key_id)
            await forget_person(connection, person.contact_id)
    assert await shown(ground, wave_id) == [draft.text]
    assert await ground.similar(OFFER, await ground.person()) == 4
    await ground.refresh()
    async with ground.database.unit_of_work() as session:
        [wave] = await list_waves(await driver_connection(session), utc_now())
    assert wave.senders == 4
    assert await ground.value("SELECT count(*) FROM screening_text") == 0
    for table in ("screening", "wave_sender", "handle_report"):
        left = await ground.value(
            f"SELECT count(*) FROM {table} WHERE contact_id = ANY($1)", [p.contact_id for p in people]
        )
        assert left == 0, table
    with pytest.raises(NotFoundError):
        await drafted(ground, wave_id)


async def test_a_text_that_somebody_unnamed_left_to_us_can_become_a_warning(ground: Ground) -> None:
    sender = await ground.person()
    await ground.send(OFFER, sender)
    judgement = judge(OFFER)
    async with ground.database.unit_of_work() as session:
        connection = await driver_connection(session)
        await forget_person(connection, sender.contact_id)
        key = (await desk_key(session, ground.keys))[1]
        offers = [Screened(judgement, OFFER, "check", key=key), Screened(judgement, OTHER_OFFER, "check")]
        await store_screenings(connection, ground.keys.keyset, offers, utc_now())
    draft = await drafted(ground, await ground.value("SELECT id FROM wave"))
    assert draft.text.startswith("รับสมัครแอดมินตอบแชทประจำสาขาปอยเปต")
    assert "canaryboss" not in draft.text
    assert await ground.value("SELECT count(*) FROM screening_text") == 1


@pytest.mark.parametrize(
    "left", ["@canaryboss", "0891234567", "https://richwork.com", "12345678", "", "ก" * 2_001]
)
async def test_a_copy_that_still_names_somebody_is_refused(ground: Ground, left: str) -> None:
    await ground.send(OFFER, await ground.person())
    wave_id = await ground.value("SELECT id FROM wave")
    with pytest.raises(InvalidInputError):
        await approved(ground, wave_id, f"รับแอดมินตอบแชท ทักไลน์ {left}" if len(left) > 1 else left)
    assert await shown(ground, wave_id) == []


async def test_an_example_can_be_withdrawn_once(ground: Ground) -> None:
    await ground.send(OFFER, await ground.person())
    wave_id = await ground.value("SELECT id FROM wave")
    example = await approved(ground, wave_id, "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี")
    supervisor = await ground.member("supervisor")
    with pytest.raises(NotFoundError):
        async with ground.database.unit_of_work() as session:
            await withdraw_example(session, new_id(), example, by=supervisor)
    async with ground.database.unit_of_work() as session:
        await withdraw_example(session, wave_id, example, by=supervisor)
    assert await shown(ground, wave_id) == []
    with pytest.raises(NotFoundError):
        async with ground.database.unit_of_work() as session:
            await withdraw_example(session, wave_id, example, by=supervisor)


async def test_an_officer_may_draft_and_not_approve(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    async with ground.database.unit_of_work() as session:
        with pytest.raises(ForbiddenError):
            await approve_example(session, ground.keys, new_id(), "รับแอดมิน", by=officer, mask=mask)
        with pytest.raises(ForbiddenError):
            await draft_example(session, ground.keys, new_id(), by=await ground.member("auditor"), mask=mask)
