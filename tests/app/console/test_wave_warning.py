"""One press on a wave drafts a warning; it goes to who makes campaigns, and to nobody else before it is approved."""

from uuid import UUID

import pytest

from app.console.texts import say
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.app.conftest import Browser
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground

WAVES = "/console/screening/waves"


@pytest.fixture
def ground(database: Database, keys: DataKeys) -> Ground:
    return Ground(database, keys)


async def wave_of(ground: Ground, text: str) -> UUID:
    [first, *_] = await ground.send(text, *await ground.people(4))
    await ground.refresh()
    found: UUID = await ground.value("SELECT wave_id FROM screening WHERE id = $1", first)
    return found


async def test_one_press_drafts_a_warning_of_a_wave(anong: Browser, ground: Ground) -> None:
    wave_id = await wave_of(ground, OFFER)
    assert say("wave.warn_why") in (await anong.get(f"{WAVES}/{wave_id}")).text
    told = await anong.post(f"{WAVES}/{wave_id}/warning")
    assert told.status_code == 200
    assert say("wave.warned") in told.text
    [(origin, state, plan)] = await ground.rows("SELECT origin, state, plan::text FROM campaign")
    assert (origin, state) == (f"wave:{wave_id}", "draft")
    assert "แอดมินตอบแชทประจำสาขาปอยเปต" in plan
    assert "canaryboss" not in plan
    assert "0891234567" not in plan
    assert await ground.value("SELECT count(*) FROM message") == 0
    assert {"wave.warn", "wave.read"} <= set(await ground.audited())


async def test_where_nothing_is_to_be_warned_of_the_page_says_so(anong: Browser, ground: Ground) -> None:
    wave_id = await wave_of(ground, OTHER_OFFER)
    told = await anong.post(f"{WAVES}/{wave_id}/warning")
    assert told.status_code == 409
    assert say("problem.wave_not_warned.what") in told.text
    assert await ground.value("SELECT count(*) FROM campaign") == 0


async def test_who_may_not_work_on_offers_can_not_ask_for_it(malee: Browser, ground: Ground) -> None:
    wave_id = await wave_of(ground, OFFER)
    assert (await malee.post(f"{WAVES}/{wave_id}/warning")).status_code == 403
