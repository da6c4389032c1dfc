"""A hotline in the middle of its day: something on every page, done as staff and people would have done it."""

import io
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from PIL import Image

from campaigns.approval import submit
from campaigns.audience.segments import save_segment
from campaigns.entries import open_entry
from campaigns.models import CampaignRun
from campaigns.plans.audience import Audience, ChannelRule
from campaigns.plans.times import Once
from campaigns.scheduler.firing import schedule
from campaigns.sender.freezing import freeze
from campaigns.sender.running import pause
from core.accounts.invitations import add_account, invite
from core.accounts.models import Account
from core.accounts.second_factor import set_secret
from core.clock import utc_now
from core.consent import record_consent
from core.ids import new_id
from referrals.cleaning.kinds import Cleaned
from referrals.desk.terms import fill_due_terms
from referrals.evidence import keep_evidence, note_evidence
from referrals.intake import append_citizen_words, open_referral
from referrals.models import Referral
from referrals.questionnaires.reading import load_questionnaire
from referrals.reports import Given, record_agency_consent, store_answers
from referrals.teams.alerts import raise_alerts
from referrals.teams.roster import add_member, create_team
from referrals.teams.rules import add_rule
from referrals.teams.shifts import add_shifts
from tests.app.conftest import Browser
from tests.campaigns.audience.crowd import Crowd
from tests.campaigns.office import agreed_to, draft, plan
from tests.e2e.console_pages.agencies import sow_agencies
from tests.e2e.console_pages.staging import Stage
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground
from tests.support.cast import make_person

# Of the partner officer and of the auditor, who give codes.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_TODAY = date(2026, 11, 23)
_STORY = "โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป ออกไปไหนไม่ได้ มีคนเฝ้าข้างล่าง"


class Come(NamedTuple):
    """A report as it came in."""

    channel: str
    source: str
    priority: str
    kinds: tuple[str, ...]
    reasons: tuple[str, ...]
    minutes_ago: int
    words: str


_REPORTS = (
    Come("line", "crisis", "P0", ("detention",), ("crisis_words", "cannot_talk"), 4, "ช่วยด้วย ออกไปไหนไม่ได้"),
    Come("telegram", "crisis", "P0", ("trafficking", "forced_labour"), ("crisis_words",), 1, "เขาจะขายต่อคืนนี้"),
    Come("line", "report", "P1", ("sexual_violence",), ("needs_help", "can_talk"), 35, "ขอปรึกษาเรื่องน้องค่ะ"),
    Come("telegram", "staff_request", "P2", (), ("asked_for_staff",), 80, "งานนี้จริงไหมคะ"),
    Come("line", "report", "P3", (), ("reported_offer", "not_yet"), 300, "แจ้งประกาศรับแอดมินค่ะ"),
)
_PLEA = Come("line", "crisis", "P0", ("detention",), ("crisis_words", "can_talk"), 50, _STORY)
_OVER = Come("line", "report", "P2", ("forced_labour",), ("can_talk",), 200, "ขอบคุณค่ะ")
_ANSWERS = {
    "G1": ("no",), "G2": ("self",), "G3": ("no",), "G4": ("province:TH-50",), "P5q": ("cannot",), "C3": ("skip",),
    "M7": ("yes",), "X1": ("text:อยู่ห้อง 1905 ชั้นสาม ตึกสีแดงหลังตลาด",),
}  # fmt: skip


async def sow(stage: Stage) -> dict[str, str]:
    """Fill the console; return what addresses name, by the parameter or by `route:parameter`."""
    async with (
        stage.browser("supervisor") as boon, stage.browser("hotline_officer") as anong,
        stage.browser("administrator") as somchai,
    ):  # fmt: skip
        waiting = [await _report(stage, number, one) for number, one in enumerate(_REPORTS)]
        sown = await _case(stage, boon, waiting)
        sown |= await _ended(stage, boon)
        sown |= await _teams(stage)
        sown |= await _screening(stage, boon, anong)
        sown |= await _campaign(stage)
        sown |= await _keeping(stage, boon, somchai)
        sown |= await _staff(stage)
        await _tell(stage, waiting)
        await anong.post(f"/console/referrals/{waiting[2]}/claim")
        sown |= await _hotlines(boon)
        sown |= await sow_agencies(stage, UUID(sown["referral_id"]), _picture())
    async with stage.runtime.database.unit_of_work() as session:
        await fill_due_terms(session, stage.runtime.keys)
    return sown | {"waiting": str(waiting[0]), "held": str(waiting[2])}


async def _report(stage: Stage, number: int, come: Come) -> UUID:
    keys = stage.runtime.keys
    async with stage.runtime.database.unit_of_work() as session:
        person = await make_person(session, keys, name=f"person {number}", channel=come.channel)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel=come.channel,
            source=come.source, priority=come.priority, kinds=come.kinds, reasons=come.reasons,
            receipt=f"{number:016}",
        )  # fmt: skip
        await append_citizen_words(
            session, keys, identity_id=person.identity_id, words=[(new_id(), come.words)]
        )
        row = await session.get_one(Referral, referral_id)
        row.opened_at = row.last_entry_at = utc_now() - timedelta(minutes=come.minutes_ago)
    return referral_id


async def _case(stage: Stage, boon: Browser, waiting: list[UUID]) -> dict[str, str]:
    """A case with all that can be on one, held by the supervisor."""
    runtime = stage.runtime
    referral_id = await _report(stage, 90, _PLEA)
    async with runtime.database.unit_of_work() as session:
        row = await session.get_one(Referral, referral_id)
        await store_answers(
            session, runtime.keys, identity_id=row.identity_id, questionnaire=load_questionnaire("report"),
            answers=[Given(question, codes, new_id()) for question, codes in _ANSWERS.items()],
        )  # fmt: skip
        await record_agency_consent(
            session, row.identity_id, "police", granted=True, with_identity=False, wording="1"
        )
        pieces = [
            await note_evidence(session, identity_id=row.identity_id, event_id=new_id(), kind="picture")
            for _ in range(2)
        ]
        assert pieces[0] is not None
        await keep_evidence(session, runtime.keys, pieces[0], Cleaned("picture", "image/jpeg", _picture()))
    case = f"/console/referrals/{referral_id}"
    for path, fields in (
        ("claim", {}),
        ("title", {"title": "กักตัวในตึกหลังตลาด แม่สอด", "tags": "แม่สอด, ยึดเอกสาร"}),
        ("answers", {"text": "เราอ่านแล้วค่ะ พิมพ์สั้น ๆ ได้เลย เห็นป้ายหรือชื่อตึกอะไรบ้างคะ", "form_id": new_id()}),
        ("notes", {"level": "team", "text": "โทรหา ตม. แม่สอดแล้ว รอเวรบ่าย", "form_id": new_id()}),
        ("notes", {"level": "me", "text": "ถามชื่อตึกก่อนโทรรอบสอง", "form_id": new_id()}),
        ("tasks", {"text": "โทรหาบ้านพักเด็กและครอบครัวจังหวัดตาก", "due_on": "2026-11-24", "form_id": new_id()}),
        ("flags", {"text": "รอเลขพาสปอร์ต", "due_on": "2026-11-25", "form_id": new_id()}),
    ):  # fmt: skip
        await _done(boon, f"{case}/{path}", **fields)
    await _done(boon, "/console/ready-answers", title="ขอบคุณ", language="th", text="ขอบคุณที่เล่าให้ฟังนะคะ")
    await _done(
        boon, "/console/referrals/views", name="เชียงรายและชายแดน", form_id=new_id(), view="waiting", priority="P0"
    )  # fmt: skip
    return {"referral_id": str(referral_id), "evidence_id": str(pieces[0])}


async def _ended(stage: Stage, boon: Browser) -> dict[str, str]:
    """Reports that are near the end of their time: one of the supervisor's, one postponed, one held."""
    made = [await _report(stage, number, _OVER) for number in (70, 71, 72)]
    for referral_id in made:
        await _done(boon, f"/console/referrals/{referral_id}/claim")
    async with stage.runtime.database.unit_of_work() as session:
        await session.execute(
            sa.update(Referral).where(Referral.id.in_(made)).values(
                state="closed", closed_at=utc_now() - timedelta(days=80), closed_as="advised"
            )
        )  # fmt: skip
    await _done(boon, f"/console/ending/{made[1]}/postpone", ground="person_returns", days=60)
    await _done(boon, f"/console/ending/{made[2]}/hold", ground="prosecution")
    return {"ending.show:referral_id": str(made[1]), "closed": str(made[0])}


async def _teams(stage: Stage) -> dict[str, str]:
    accounts = stage.accounts
    async with stage.runtime.database.unit_of_work() as session:
        team = await create_team(session, "สายด่วนกลาง")
        north = await create_team(session, "เชียงรายและชายแดนเหนือ")
        for role, leads in (("supervisor", True), ("hotline_officer", False)):
            account_id = accounts[role]
            await add_member(session, team, account_id, leads=leads)
            await add_shifts(
                session, team_id=team, account_id=account_id, day=_TODAY, starts=time(8),
                ends=time(16 if leads else 23), on_call=not leads,
            )  # fmt: skip
        await add_rule(
            session, team_id=north, kinds=("child_abuse", "detention"), places=("province:TH-57", "country:MM"),
            languages=(), priorities=("P0",), by=accounts["supervisor"],
        )  # fmt: skip
    return {"team_id": str(team)}


async def _screening(stage: Stage, boon: Browser, anong: Browser) -> dict[str, str]:
    ground = Ground(stage.runtime.database, stage.runtime.keys)
    offers = await ground.send(OFFER, *await ground.people(24))
    await ground.send(OTHER_OFFER, *await ground.people(3))
    await ground.refresh()
    wave = await ground.value("SELECT id FROM wave ORDER BY senders DESC LIMIT 1")
    desk = "/console/screening"
    await _done(anong, f"{desk}/waves/{wave}/name", name="แอดมิน ปอยเปต")
    await _done(boon, f"{desk}/waves/{wave}/examples", text="รับแอดมินตอบแชท ปอยเปต เดินทางฟรี")
    for browser, band in ((anong, "danger"), (boon, "caution")):
        await _done(browser, f"{desk}/offers/{offers[0]}/labels", band=band, kind="chat_admin")
    await _done(anong, f"{desk}/handles", kind="line_id", written="@CanaryBoss")
    handle = await ground.value("SELECT id FROM reported_handle LIMIT 1")
    await anong.post(f"{desk}/handles/{handle}/propose", grounds="several_reports")
    return {"wave_id": str(wave), "screening_id": str(offers[0])}


async def _campaign(stage: Stage) -> dict[str, str]:
    async with stage.runtime.database.unit_of_work() as session:
        for number in range(24):
            person = await make_person(session, stage.runtime.keys, name=f"reader {number}")
            await record_consent(
                session, person.contact_id, "campaigns", granted=True, wording="1", source="button"
            )
    when = Once(datetime(2026, 11, 24, 5, tzinfo=UTC))
    malee = stage.accounts["campaign_manager"]
    campaign_id = await draft(stage.runtime.database, malee, plan(when), "เตือนงานแอดมินปอยเปต")
    asked = await draft(stage.runtime.database, malee, plan(when, emergency=True), "เตือนด่วนงานปอยเปตคืนนี้")
    async with stage.runtime.database.unit_of_work() as session:
        await submit(session, asked, revision=1, by=malee, reason="พบคนถูกหลอกไปปอยเปตคืนนี้")
        entry_id = await open_entry(
            session, campaign_id=campaign_id, keyword="ตลาดเช้า", tag="ป้ายตลาด", by=malee
        )
        await save_segment(
            session, name="คนใช้ LINE", audience=Audience((ChannelRule(("line",)),)), author_id=malee
        )
    return {
        "campaign_id": str(campaign_id), "entry_id": str(entry_id), "asked": str(asked),
        "paused": str(await _going(stage, "เตือนงานลวงวันนี้")),
    }  # fmt: skip


async def _going(stage: Stage, title: str) -> UUID:
    """A campaign to many, half of it out, which paused by itself."""
    database, keys = stage.runtime.database, stage.runtime.keys
    await Crowd(database, keys).come(200)
    made = msgspec.structs.replace(plan(Once()), audience=Audience(holdout=30))
    campaign_id = await agreed_to(
        database, stage.accounts["campaign_manager"], stage.accounts["campaign_approver"], made, title
    )
    async with database.unit_of_work() as session:
        await schedule(session, campaign_id)
        run_id = await session.scalar(sa.select(CampaignRun.id).where(CampaignRun.campaign_id == campaign_id))
        assert run_id is not None
    async with database.unit_of_work() as session:
        await freeze(session, keys, run_id, base_url="https://rootan.example")
    async with database.unit_of_work() as session:
        await pause(session, campaign_id)
        (await session.get_one(CampaignRun, run_id)).reason = "errors"
        await session.execute(
            sa.text(
                "UPDATE message SET state = CASE WHEN n < 90 THEN 'sent' ELSE 'failed' END, finished_at = now(),"
                " reason = CASE WHEN n < 90 THEN NULL ELSE 'refused' END"
                " FROM (SELECT id, row_number() OVER () AS n FROM message WHERE kind = 'campaign') AS one"
                " WHERE one.id = message.id AND n < 120"
            )
        )
    return campaign_id


async def _keeping(stage: Stage, boon: Browser, somchai: Browser) -> dict[str, str]:
    await _done(boon, "/console/retention/report_words", form_id=new_id(), length=60, reason="fewer_data")
    location = await _done(
        somchai, "/console/privacy/breaches", form_id=new_id(), kind="drill", what="lost_device"
    )
    await _done(somchai, f"{location}/steps/contain")
    return {"code": "report_words", "breach_id": location.rpartition("/")[2]}


async def _staff(stage: Stage) -> dict[str, str]:
    """Somebody whose role waits for the second person, and one who has not opened the link."""
    async with stage.runtime.database.unit_of_work() as session:
        fresh = await add_account(
            session, stage.runtime.keys, email="pim@rootan.test", name="พิมพ์ ตั้งใจ", role="hotline_officer"
        )
        fresh.password_hash = "hash"
        token = await invite(
            session, stage.runtime.keys, email="new@rootan.test", name="นที มาใหม่", role="auditor"
        )
        for role in ("partner_officer", "auditor"):
            account = await session.get_one(Account, stage.accounts[role])
            await set_secret(session, stage.runtime.keys, account, TOTP_SECRET)
    return {"account_id": str(fresh.id), "change": "disable", "token": token}


async def _tell(stage: Stage, waiting: list[UUID]) -> None:
    async with stage.runtime.database.unit_of_work() as session:
        boon = [stage.accounts["supervisor"]]
        await raise_alerts(session, boon, "clock_missed", waiting[0])
        await raise_alerts(session, boon, "hotline_expires")


async def _hotlines(boon: Browser) -> dict[str, str]:
    await _done(boon, "/console/hotlines/1300/verify", seen=0, source="โทรลองแล้ว 23 พ.ย. 2569")
    return {"key": "1300"}


async def _done(browser: Browser, path: str, **fields: object) -> str:
    """Send a form; return where it leads. What a page refuses, it says in its first lines."""
    response = await browser.post(path, **fields)
    assert response.status_code == 303, f"{path}: {response.status_code} {response.text[-3_000:]}"
    return str(response.headers["location"])


def _picture() -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize((640, 400)).convert("RGB").save(made, "JPEG")
    return made.getvalue()
