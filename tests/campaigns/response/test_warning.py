"""A wave becomes a draft that names nobody; a person edits and approves it."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from campaigns.drafting import CampaignView, read_campaign
from campaigns.plans.audience import ProvinceRule
from campaigns.plans.plan import encode_plan
from campaigns.plans.times import Once
from campaigns.response.quoting import quotes_in
from campaigns.response.warning import WaveNotWarnedError, draft_warning
from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import NotFoundError
from core.ids import new_id
from core.messages.wording import never_said
from nlp.redaction import redact
from screening.examples import approve_example
from screening.labels.merging import merge_waves
from tests.screening.conftest import OTHER_OFFER, Ground, Sender

LURE = (
    "รับสมัครแอดมินตอบแชทประจำสาขาปอยเปต รับคนชลบุรี เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 บาท"
    " คุณสมชาย ใจงาม ทักไลน์ @canaryboss โทร 0891234567 เว็บ https://canarywork.shop"
)
SECRETS = ("canary", "0891234567", "สมชาย", "ใจงาม", "shop")


@pytest.fixture
def ground(database: Database, keys: DataKeys) -> Ground:
    return Ground(database, keys)


async def mask(texts: Sequence[str]) -> Sequence[str]:
    return [redact(text) for text in texts]


async def quote(texts: Sequence[str]) -> Sequence[str]:
    return quotes_in(texts)


async def wave_of(ground: Ground, text: str, people: Sequence[Sender]) -> UUID:
    [first, *_] = await ground.send(text, *people)
    await ground.refresh()
    wave_id: UUID = await ground.value("SELECT wave_id FROM screening WHERE id = $1", first)
    return wave_id


async def drafted(ground: Ground, wave_id: UUID, by: Account) -> CampaignView:
    async with ground.database.unit_of_work() as session:
        campaign_id = await draft_warning(session, ground.keys, wave_id, by=by, mask=mask, quote=quote)
        return await read_campaign(session, campaign_id)


def said(campaign: CampaignView) -> str:
    return json.dumps([campaign.title, encode_plan(campaign.plan)], ensure_ascii=False)


async def test_one_press_drafts_a_warning_with_the_waves_own_words_and_nobodys_handles(
    ground: Ground,
) -> None:
    wave_id = await wave_of(ground, LURE, await ground.people(6))
    campaign = await drafted(ground, wave_id, await ground.member("hotline_officer"))
    assert campaign.state == "draft"
    assert campaign.origin == f"wave:{wave_id}"
    assert "แอดมินตอบแชทประจำสาขาปอยเปต" in said(campaign)
    assert [secret for secret in SECRETS if secret in said(campaign)] == []
    assert never_said(said(campaign)) == []


async def test_it_suggests_whom_to_tell_and_waits_for_approval(ground: Ground) -> None:
    wave_id = await wave_of(ground, LURE, await ground.people(6))
    plan = (await drafted(ground, wave_id, await ground.member("hotline_officer"))).plan
    assert plan.subject == "job_scams"
    assert plan.audience.include == (ProvinceRule(("20",)),)
    assert plan.schedule == Once(None)
    assert not plan.emergency


async def test_a_province_that_few_people_stand_behind_is_not_told(ground: Ground) -> None:
    fresh = await ground.people(9, known=timedelta(hours=1))
    wave_id = await wave_of(ground, LURE, [*await ground.people(4), *fresh])
    plan = (await drafted(ground, wave_id, await ground.member("hotline_officer"))).plan
    assert plan.audience.include == ()


async def test_pressed_again_it_is_the_same_draft(ground: Ground) -> None:
    wave_id = await wave_of(ground, LURE, await ground.people(4))
    officer = await ground.member("hotline_officer")
    at_once = await asyncio.gather(*(drafted(ground, wave_id, officer) for _ in range(3)))
    assert {campaign.id for campaign in at_once} == {(await drafted(ground, wave_id, officer)).id}


async def test_a_manager_gets_words_that_were_approved_and_no_others(ground: Ground) -> None:
    manager, supervisor = await ground.member("campaign_manager"), await ground.member("supervisor")
    unapproved = await wave_of(ground, LURE, await ground.people(4))
    assert "แอดมินตอบแชท" not in said(await drafted(ground, unapproved, manager))
    other = "รับคนพับถุงกระดาษทำที่บ้าน วางมัดจำของ 300 บาทก่อน รายได้วันละ 900 บาท สนใจทักแชท @canaryfold"
    wave_id = await wave_of(ground, other, await ground.people(4))
    async with ground.database.unit_of_work() as session:
        await approve_example(
            session,
            ground.keys,
            wave_id,
            "รับคนพับถุงกระดาษทำที่บ้าน วางมัดจำของ 300 บาทก่อน",
            by=supervisor,
            mask=mask,
        )
    campaign = await drafted(ground, wave_id, manager)
    assert "รับคนพับถุง" in said(campaign)
    assert "canary" not in said(campaign)


async def test_a_part_of_a_wave_warns_of_the_whole(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    whole = await wave_of(ground, LURE, await ground.people(4))
    other = "งานกดไลก์ วันละ 30 นาที เติมเงินเข้าระบบก่อนรับงาน ได้เงินวันละ 3,000 บาท ไม่ต้องใช้วุฒิ"
    part = await wave_of(ground, other, await ground.people(4))
    async with ground.database.unit_of_work() as session:
        await merge_waves(session, part, into=whole, by=officer)
    campaign = await drafted(ground, part, officer)
    assert campaign.origin == f"wave:{whole}"


async def test_there_is_nothing_to_warn_of_where_nothing_speaks_against_it_or_few_sent_it(
    ground: Ground,
) -> None:
    officer = await ground.member("hotline_officer")
    harmless = await wave_of(ground, OTHER_OFFER, await ground.people(4))
    lone = await wave_of(ground, LURE, await ground.people(2))
    for wave_id in (harmless, lone):
        with pytest.raises(WaveNotWarnedError):
            await drafted(ground, wave_id, officer)
    with pytest.raises(NotFoundError):
        await drafted(ground, new_id(), officer)


async def test_when_no_text_is_kept_any_more_the_kind_is_warned_of(ground: Ground) -> None:
    wave_id = await wave_of(ground, LURE, await ground.people(4))
    await ground.rows("DELETE FROM screening_text")
    campaign = await drafted(ground, wave_id, await ground.member("hotline_officer"))
    assert campaign.created_at <= utc_now()
    [step] = campaign.plan.steps
    assert [block.id for block in step.wordings[0].blocks] == ["begin", "advice", "ways"]
