"""A campaign that goes out: its live page, its report and its files, and the words that begin it."""

import re
from collections import Counter
from typing import NamedTuple
from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.models import CampaignRun
from campaigns.plans.audience import Audience
from campaigns.plans.blocks import Choice, QuizBlock, Wording
from campaigns.plans.plan import Plan, Step, Trial
from campaigns.plans.times import Once
from campaigns.scheduler.firing import schedule
from campaigns.sender.freezing import freeze
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser
from tests.campaigns.audience.crowd import Crowd
from tests.campaigns.office import agreed_to, plan, state_of
from tests.conftest import MovableClock

QUIZ = QuizBlock("q1", {"th": "จ่ายก่อนไหม"}, (Choice("no", {"th": "ไม่จ่าย"}, {"th": "ใช่"}, right=True),))


class Going(NamedTuple):
    """A campaign under way to some 96 people, 64 held out; never to fewer than 50, of whom nothing is said."""

    address: str
    campaign_id: UUID
    run_id: UUID


async def _begin(
    database: Database, keys: DataKeys, malee: Browser, chai: Browser, made: Plan, people: int = 100
) -> Going:
    await Crowd(database, keys).come(people)
    campaign_id = await agreed_to(database, malee.account_id, chai.account_id, made)
    async with database.unit_of_work() as session:
        await schedule(session, campaign_id)
        run_id = await session.scalar(sa.select(CampaignRun.id))
    assert run_id is not None
    async with database.unit_of_work() as session:
        await freeze(session, keys, run_id, base_url="https://rootan.example")
    return Going(f"/console/campaigns/{campaign_id}", campaign_id, run_id)


def _plan(holdout: int = 0, trial: Trial | None = None) -> Plan:
    variants = ("a", "b") if trial else ("",)
    wordings = tuple(Wording((QUIZ,), {"th": "มีข้อความใหม่"}, variant) for variant in variants)
    return Plan((Step(wordings),), Audience(holdout=holdout), Once(), trial=trial)


@pytest.fixture
async def going(
    standing_clock: MovableClock, malee: Browser, chai: Browser, database: Database, keys: DataKeys
) -> Going:
    return await _begin(database, keys, malee, chai, _plan(holdout=40), 160)


async def test_before_it_goes_out_the_pages_say_what_comes(
    standing_clock: MovableClock, malee: Browser, chai: Browser, database: Database
) -> None:
    campaign_id = await agreed_to(database, malee.account_id, chai.account_id, plan(Once()))
    assert "ยังไม่เคยส่ง" in (await malee.get(f"/console/campaigns/{campaign_id}/run")).text
    assert "ยังไม่มีผล" in (await malee.get(f"/console/campaigns/{campaign_id}/report")).text


async def test_it_is_paused_resumed_and_cancelled_and_what_is_queued_with_it(
    going: Going, malee: Browser, chai: Browser, database: Database
) -> None:
    page = (await malee.get(f"{going.address}/run")).text
    assert "กำลังส่ง" in page
    assert 'hx-trigger="every 3s"' in page
    assert (await chai.post(f"{going.address}/pause")).status_code == 403
    assert (await malee.post(f"{going.address}/pause")).status_code == 303
    page = (await malee.get(f"{going.address}/run/progress")).text
    assert "มีคนสั่งพักหรือยกเลิก" in page
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.text("SELECT bool_and(paused) FROM message_batch"))
    assert (await malee.post(f"{going.address}/pause")).status_code == 409
    assert (await malee.post(f"{going.address}/resume")).status_code == 303
    assert await state_of(database, going.campaign_id) == "running"
    assert (await malee.post(f"{going.address}/cancel", sure="true")).status_code == 303
    assert 'hx-trigger="every 3s"' not in (await malee.get(f"{going.address}/run/progress")).text
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent)
            .where(AuditEvent.action.in_(("campaign.pause", "campaign.resume", "campaign.cancel")))
            .order_by(AuditEvent.at, AuditEvent.outcome)
        )
        trail = Counter((row.action, row.outcome) for row in rows)
    assert trail == {
        ("campaign.pause", "ok"): 1, ("campaign.pause", "refused"): 2, ("campaign.resume", "ok"): 1,
        ("campaign.cancel", "ok"): 1,
    }  # fmt: skip


async def test_no_small_figure_is_shown_anywhere(
    standing_clock: MovableClock, malee: Browser, chai: Browser, database: Database, keys: DataKeys
) -> None:
    going = await _begin(database, keys, malee, chai, _plan(), 3)
    async with database.unit_of_work() as session:
        await session.execute(sa.text("UPDATE message SET state = 'sent'"))
    for page in (
        "",
        "/audience/count",
        "/approval",
        "/run",
        "/run/progress",
        "/report",
        "/report/file",
        "/entries",
    ):
        shown = (await malee.get(going.address + page)).text
        assert not re.search(r"[>\s,]3 คน|<td>3<|<dd>3<|,3\r?$", shown, re.MULTILINE), page
    for page in ("/audience/count", "/run", "/report"):
        assert "ไม่ถึง 20 คน" in (await malee.get(going.address + page)).text, page


async def test_what_is_not_there_is_not_found(malee: Browser) -> None:
    for page in (
        "",
        "/audience",
        "/audience/count",
        "/times",
        "/approval",
        "/run",
        "/run/progress",
        "/report",
        "/entries",
    ):
        assert (await malee.get(f"/console/campaigns/{new_id()}{page}")).status_code == 404, page
    for act in ("pause", "resume", "schedule", "copy"):
        assert (await malee.post(f"/console/campaigns/{new_id()}/{act}")).status_code == 404, act


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("errors", "ส่งไม่สำเร็จมากเกินไป"), ("quota", "ส่งเท่าที่โควตาเหลือ"), ("token", "ตั้งกุญแจใหม่"),
        ("content", "ไม่รับเนื้อหานี้"), ("account", "บัญชีของคนที่ขอหรืออนุมัติถูกปิด"), ("new_code", "หยุดไว้"),
    ],
)  # fmt: skip
async def test_a_pause_by_itself_says_why_and_what_to_do(
    going: Going, malee: Browser, database: Database, reason: str, words: str
) -> None:
    await malee.post(f"{going.address}/pause")
    async with database.unit_of_work() as session:
        await session.execute(sa.update(CampaignRun).values(reason=reason))
    assert words in (await malee.get(f"{going.address}/run")).text


async def test_the_report_is_page_file_and_paper_and_hides_the_few(
    going: Going, malee: Browser, database: Database
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(
            sa.text(
                "UPDATE message SET state = 'sent', finished_at = now() WHERE id IN (SELECT id FROM message LIMIT 41)"
            )
        )
        await session.execute(
            sa.text("UPDATE message SET state = 'failed', reason = 'refused' WHERE id IN"
                    " (SELECT id FROM message WHERE state = 'pending' LIMIT 7)")
        )  # fmt: skip
        await session.execute(
            sa.text('INSERT INTO campaign_answer (contact_id, campaign_id, question, choice, "right", at)'
                    " SELECT contact_id, :one, 'q1', 'no', true, now() FROM campaign_member WHERE variant = '' LIMIT 33"),
            {"one": going.campaign_id},
        )  # fmt: skip
    page = (await malee.get(f"{going.address}/report")).text
    for words in (
        "ส่งถึงไหน",
        "<td>40<",
        "แพลตฟอร์มไม่รับ",
        "ไม่ถึง 20 คน",
        "คำตอบ: จ่ายก่อนไหม",
        "<td>30<",
    ):
        assert words in page, words
    for exact in (">41<", ">7<", ">33<"):
        assert exact not in page
    csv = (await malee.get(f"{going.address}/report/file?form=csv")).content.decode("utf-8-sig")
    assert "ส่งแล้ว,40" in csv
    assert "แพลตฟอร์มไม่รับ,ไม่ถึง 20 คน" in csv
    for form, start in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert (await malee.get(f"{going.address}/report/file?form={form}")).content.startswith(start)
    assert (await malee.get(f"{going.address}/report?run={going.run_id}")).status_code == 200
    assert (await malee.get(f"{going.address}/report?run={new_id()}")).status_code == 404


async def test_a_trial_shows_its_wordings_and_takes_a_choice(
    standing_clock: MovableClock, malee: Browser, chai: Browser, database: Database, keys: DataKeys
) -> None:
    going = await _begin(database, keys, malee, chai, _plan(trial=Trial(share=40)), 200)
    page = (await malee.get(f"{going.address}/run")).text
    assert "ยังบอกไม่ได้ว่าแบบไหนดีกว่า" in page
    chosen = await malee.post(f"{going.address}/run/{going.run_id}/wording", variant="b")
    assert chosen.status_code == 303
    assert (await malee.post(f"{going.address}/run/{going.run_id}/wording", variant="z")).status_code == 409
    assert (await malee.post(f"{going.address}/run/{new_id()}/wording", variant="b")).status_code == 404
    assert "เทียบแบบ" in (await malee.get(f"{going.address}/report")).text


async def test_a_word_is_opened_once_shown_as_codes_printed_and_closed(
    going: Going, malee: Browser, database: Database
) -> None:
    address = f"{going.address}/entries"
    assert "ยังไม่มีคำหรือ QR" in (await malee.get(address)).text
    assert (await malee.post(address, keyword="ตลาดเช้า", tag="ป้ายตลาด")).status_code == 303
    assert (await malee.post(address, keyword="ตลาดเช้า")).status_code == 409
    refused = await malee.post(address, keyword="ช่วยด้วย")
    assert refused.status_code == 400
    assert "ช่วยด้วย" in refused.text
    page = (await malee.get(address)).text
    assert "ใช้ไม่ถึง 20 ครั้ง" in page
    assert "ยังไม่รู้ชื่อของเรา" in page
    async with database.unit_of_work() as session:
        entry_id = await session.scalar(sa.text("SELECT id FROM entry_point"))
    unnamed = await malee.get(f"{address}/{entry_id}/poster?headline=x")
    assert unnamed.status_code == 400
    malee.client._transport.app.state.our_names = {"line": "@rootan"}  # type: ignore[attr-defined]
    page = (await malee.get(address)).text
    assert "https://line.me/R/oaMessage/%40rootan/" in page
    poster = await malee.get(f"{address}/{entry_id}/poster?headline=รู้ทันก่อนรับงาน&more=สแกนแล้วถามเรา")
    assert poster.content.startswith(b"%PDF")
    assert (await malee.post(f"/console/campaigns/{new_id()}/entries/{entry_id}/close")).status_code == 404
    assert (await malee.post(f"{address}/{entry_id}/close")).status_code == 303
    assert "ปิดแล้ว" in (await malee.get(address)).text
