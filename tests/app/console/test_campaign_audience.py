"""Choosing whom a campaign is for: rules, figures that reveal nobody, saved audiences and lists."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.console import count_pace
from campaigns.drafting import read_campaign
from campaigns.plans.audience import AnsweredRule, ChannelRule, SeenRule, SubjectRule
from campaigns.plans.times import Once
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser
from tests.campaigns.audience.crowd import Crowd
from tests.campaigns.office import draft, plan
from tests.conftest import MovableClock

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


class Page:
    """The audience page of one draft."""

    def __init__(self, browser: Browser, database: Database, campaign_id: UUID) -> None:
        self.browser, self.database, self.campaign_id = browser, database, campaign_id
        self.address = f"/console/campaigns/{campaign_id}/audience"

    async def revision(self) -> int:
        async with self.database.unit_of_work() as session:
            return (await read_campaign(session, self.campaign_id)).revision

    async def add(self, kind: str, side: str = "include", **fields: object) -> int:
        data = {
            "csrf": self.browser.csrf,
            "revision": await self.revision(),
            "kind": kind,
            "side": side,
        } | fields
        answer = await self.browser.client.post(
            f"{self.address}/rules", data=data, headers={"Origin": self.browser.origin}
        )
        return answer.status_code


@pytest.fixture
async def page(standing_clock: MovableClock, malee: Browser, database: Database) -> Page:
    return Page(malee, database, await draft(database, malee.account_id, plan(Once(NOON))))


async def test_rules_are_added_and_taken_out_one_by_one(page: Page) -> None:
    assert await page.add("channel", values=["line"]) == 303
    assert await page.add("subject", "exclude", values=["elderly", "family"]) == 303
    assert await page.add("seen", days=30) == 303
    assert (
        await page.add("answered", values=[f"{page.campaign_id}|q1|yes", f"{page.campaign_id}|q1|no"]) == 303
    )
    async with page.database.unit_of_work() as session:
        audience = (await read_campaign(session, page.campaign_id)).plan.audience
    answered = AnsweredRule(str(page.campaign_id), "q1", ("yes", "no"))
    assert audience.include == (ChannelRule(("line",)), SeenRule(30), answered)
    assert audience.exclude == (SubjectRule(("elderly", "family")),)
    shown = (await page.browser.get(page.address)).text
    assert "ยกเว้นที่ รับข่าวเรื่อง ผู้สูงอายุ, ครอบครัว" in shown
    await page.browser.post(
        f"{page.address}/rules/drop", revision=await page.revision(), side="include", place=0
    )
    async with page.database.unit_of_work() as session:
        assert (await read_campaign(session, page.campaign_id)).plan.audience.include[0] == SeenRule(30)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("channel", {"values": ["pigeon"]}), ("channel", {}), ("seen", {"days": 0}), ("answered", {"values": ["x"]}),
        ("score", {"campaign": "x"}), ("score", {"campaign": str(new_id()), "least": 80, "most": 20}),
        ("tag", {"values": ["x" * 100]}),
    ],
)  # fmt: skip
async def test_a_rule_that_can_t_be_is_refused_and_nothing_changes(
    page: Page, kind: str, fields: dict[str, object]
) -> None:
    assert await page.add(kind, **fields) == 400
    assert await page.revision() == 1


async def test_who_edits_what_another_changed_is_told(page: Page) -> None:
    answer = await page.browser.post(page.address, revision=7, holdout=10, weekly_cap=2, subject="family")
    assert answer.status_code == 409
    assert (
        await page.browser.post(page.address, revision=1, holdout=10, weekly_cap=2, subject="family")
    ).status_code == 303
    async with page.database.unit_of_work() as session:
        view = await read_campaign(session, page.campaign_id)
    assert (view.plan.audience.holdout, view.plan.audience.weekly_cap, view.subject) == (10, 2, "family")


async def test_the_count_says_nothing_of_who_is_not_ready(page: Page, keys: DataKeys) -> None:
    crowd = Crowd(page.database, keys)
    people = [*await crowd.come(60), *await crowd.come(40, channel="telegram")]
    await crowd.come(30, agreed=False)
    assert await page.add("channel", values=["line"]) == 303
    before = (await page.browser.get(f"{page.address}/count")).text
    assert "ประมาณ 60 คน" in before
    assert "ประมาณ 30 คน" in before
    assert "ไม่พร้อมรับ" in before
    await crowd.hold(people[:25])
    assert (await page.browser.get(f"{page.address}/count")).text == before


async def test_counting_has_a_pace(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count_pace, "MOST_A_MINUTE", 2)
    for _ in range(2):
        assert "นับผู้รับถี่เกินไป" not in (await page.browser.get(f"{page.address}/count")).text
    assert "นับผู้รับถี่เกินไป" in (await page.browser.get(f"{page.address}/count")).text


async def test_an_audience_is_saved_used_and_removed(page: Page) -> None:
    await page.add("channel", values=["line"])
    assert (await page.browser.post(f"{page.address}/save", name="คนใช้ LINE")).status_code == 303
    assert (await page.browser.post(f"{page.address}/save", name="คนใช้ LINE")).status_code == 409
    listed = (await page.browser.get("/console/campaigns/segments")).text
    assert "คนใช้ LINE" in listed
    segment_id = listed.split("/console/campaigns/segments/")[1].split("/")[0]
    other = Page(
        page.browser, page.database, await draft(page.database, page.browser.account_id, plan(Once(NOON)))
    )
    await page.browser.post(f"{other.address}/segment", revision=1, segment_id=segment_id)
    async with page.database.unit_of_work() as session:
        used = (await read_campaign(session, other.campaign_id)).plan.audience
    assert used.include == (ChannelRule(("line",)),)
    assert (await page.browser.post(f"/console/campaigns/segments/{segment_id}/remove")).status_code == 303
    assert "คนใช้ LINE" not in (await page.browser.get("/console/campaigns/segments")).text


async def test_a_list_takes_proof_and_fifty_people(malee: Browser) -> None:
    people = "\n".join(f"U{n:032x}" for n in range(50)).encode()
    fields = {
        "tag": "งานวัดเชียงราย", "proof": "แบบฟอร์มหน้างานวันที่ 1 พ.ย. ต้นฉบับอยู่ที่จังหวัด", "wording": "ยินยอมรับข่าวเตือนภัยทางแชตจากรู้ทัน",
    }  # fmt: skip

    async def send(data: bytes, **more: str) -> tuple[int, str]:
        await malee.get("/console/campaigns/lists")
        answer = await malee.client.post(
            "/console/campaigns/lists", data={"csrf": malee.csrf, "list_id": str(new_id())} | fields | more,
            files={"file": ("list.csv", data)}, headers={"Origin": malee.origin},
        )  # fmt: skip
        return answer.status_code, answer.text

    status, text = await send(people[:1000])
    assert status == 400
    assert "งานวัดเชียงราย" in text
    status, text = await send(people + b"\nx\n")
    assert status == 400
    assert "บรรทัดที่อ่านไม่ได้: 51" in text
    assert (await send(people, proof="สั้น"))[0] == 400
    assert (await send(people))[0] == 303
    listed = (await malee.get("/console/campaigns/lists")).text
    assert "50 คนในไฟล์" in listed
    assert "ส่งถึงได้ ไม่ถึง 20 คน" in listed
