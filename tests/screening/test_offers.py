"""What is stored of a judgement, and what not."""

import pytest

from core.errors import CryptoError
from nlp.judgement import judge
from screening.kinds import NAMES, OTHER, kind_of, province_of
from screening.offers import open_text
from screening.standing import Standing
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground

PROVINCIAL = "รับสมัครคนแพ็กสบู่ที่บ้าน จังหวัดขอนแก่น รายได้วันละ 900 บาท มัดจำค่าอุปกรณ์ 300 บาท ทักไลน์ @soapbox"


async def test_a_judgement_is_stored_with_versions_kind_and_codes(ground: Ground) -> None:
    person, judgement = await ground.person(), judge(PROVINCIAL)
    [row_id] = await ground.send(PROVINCIAL, person)
    [row] = await ground.rows("SELECT * FROM screening WHERE id = $1", row_id)
    assert (row["contact_id"], row["channel"]) == (person.contact_id, "line")
    assert (row["band"], row["score"]) == (judgement.band, judgement.score)
    assert (row["rules"], row["model"]) == (judgement.rules, judgement.model)
    assert row["indicators"] == [sign.code for sign in judgement.indicators]
    assert (row["kind"], row["province"]) == (kind_of(judgement), "ขอนแก่น")
    assert row["kind"] in NAMES


async def test_the_words_open_under_the_persons_key_and_in_their_row_alone(ground: Ground) -> None:
    one, two = await ground.people(2)
    ids = await ground.send(OFFER, one, two)
    sealed = {r["screening_id"]: r["text"] for r in await ground.rows("SELECT * FROM screening_text")}
    assert open_text(one.key, ids[0], sealed[ids[0]]) == OFFER
    for key, row_id, text in ((two.key, ids[0], sealed[ids[0]]), (one.key, ids[1], sealed[ids[0]])):
        with pytest.raises(CryptoError):
            open_text(key, row_id, text)


async def test_of_the_public_page_no_words_are_kept(ground: Ground) -> None:
    await ground.send(OFFER, None)
    assert await ground.value("SELECT count(*) FROM screening WHERE contact_id IS NULL") == 1
    assert await ground.value("SELECT count(*) FROM screening_text") == 0


async def test_of_a_very_long_text_only_what_was_looked_at_is_kept(ground: Ground) -> None:
    person = await ground.person()
    [row_id] = await ground.send(OFFER + "ก" * 90_000, person)
    sealed = await ground.value("SELECT text FROM screening_text")
    assert len(open_text(person.key, row_id, sealed)) == 4_000


async def test_a_text_that_cannot_be_written_is_stored_all_the_same(ground: Ground) -> None:
    person = await ground.person()
    await ground.send(OFFER + "\ud800\x00", person)
    assert await ground.value("SELECT count(*) FROM screening_text") == 1


async def test_nothing_is_known_of_an_offer_nobody_sent(ground: Ground) -> None:
    found = await ground.ask(OFFER, await ground.person())
    assert found.standing == Standing()
    assert (found.place.wave_id, found.place.seen) == (None, False)


async def test_asking_writes_nothing(ground: Ground) -> None:
    await ground.ask(OFFER, await ground.person())
    for table in ("screening", "wave", "wave_print", "wave_band", "wave_sender", "handle_report"):
        assert await ground.value(f"SELECT count(*) FROM {table}") == 0


def test_an_offer_without_place_or_lure_is_counted_as_such() -> None:
    assert kind_of(judge(OTHER_OFFER)) == OTHER
    assert province_of(judge(OFFER)) is None
