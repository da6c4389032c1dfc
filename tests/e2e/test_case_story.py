"""One case from a chat to the last satang: simulated phone, console, portal, partner interface; and what Dao reads of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from referrals.tracks.alarms import ring_due
from simulator.client import SimulatorClient
from tests.e2e.case_story import Dao, House, Program, day_fields, today
from tests.scenarios.stage import Stage, open_stage
from tests.support.house import Front
from tests.support.housing import front as front
from tests.support.housing import phones as phones
from tests.support.postgres import TestCluster

ORDERED, PART = 85_000_000, 40_000_000  # satang


@pytest.fixture(autouse=True)
def no_complaint() -> None:
    """No page is opened in a browser here, whose complaints the other stories wait for."""


@pytest.fixture
async def stage(
    front: Front, phones: SimulatorClient, cluster: TestCluster, tmp_path: Path
) -> AsyncIterator[Stage]:
    async with open_stage(front, phones, cluster, tmp_path) as stage:
        await stage.begin_at(10, 0)
        yield stage


@pytest.fixture
async def house(stage: Stage) -> AsyncIterator[House]:
    house = House(stage)
    await house.open()
    yield house
    await house.close()


class Story:
    """The case as each side names it."""

    def __init__(self, stage: Stage, house: House, dao: Dao, case_id: UUID) -> None:
        self.stage, self.house, self.dao = stage, house, dao
        self.page = f"/console/referrals/{case_id}"
        self.case_id = case_id
        self.requests: dict[str, UUID] = {}

    async def refers_to(self, code: str, after: str = "") -> UUID:
        """Anong notes that Dao agrees, and sends the case without her name."""
        agency = await self.house.agency(code)
        await self.house.post("anong", f"{self.page}/agencies/consent", agency=agency, said="yes")
        sent = await self.house.post(
            "anong", f"{self.page}/agencies", agency=agency, fields="standing",
            after=self.requests[after] if after else "",
        )  # fmt: skip
        self.requests[code] = UUID(sent.headers["location"].rpartition("/")[2])
        return self.requests[code]

    async def answers(self, name: str, code: str, deed: str, **fields: object) -> None:
        await self.house.post(name, f"/console/portal/cases/{self.requests[code]}/{deed}", **fields)

    async def tells(self, name: str, code: str, track: str, step: str, **fields: object) -> None:
        """An officer records a step on the agency's own page."""
        form = {"track": track, "step": step, **day_fields(), **fields}
        await self.house.post(name, f"/console/portal/cases/{self.requests[code]}/steps", **form)

    async def notes(self, name: str, track: str, step: str, **fields: object) -> None:
        """Staff record what an agency told them."""
        form = {"track": track, "step": step, "happened_on": today().isoformat(), **fields}
        await self.house.post(name, f"{self.page}/tracks", **form)

    async def days(self, days: int) -> None:
        await self.stage.advance(timedelta(days=days))


@pytest.fixture
async def story(stage: Stage, house: House) -> Story:
    """Dao reports on LINE, and Anong takes it."""
    person = await stage.phones.create_person("line", "ดาว")
    dao = Dao(stage, person.id)
    await dao.says("สวัสดี")
    await dao.says("แจ้งเรื่อง")
    for answer in ("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่", "ในไทย", "ได้", "อย่าทักก่อน"):
        await dao.presses(answer)
    found = await stage.referral_of(person)
    assert found is not None
    assert dao.receipt
    assert (await dao.says(dao.receipt)).startswith("รายการนี้รอคนรับอยู่")
    await house.post("anong", f"/console/referrals/{found.id}/claim")
    assert (await dao.says(dao.receipt)).startswith("มีคนรับรายการนี้แล้ว")
    return Story(stage, house, dao, found.id)


async def test_dao_reads_where_her_case_is_from_the_first_word_to_the_last_satang(story: Story) -> None:
    assert await story.dao.case() == "ยังไม่ได้ส่งเรื่องไปหน่วยงานไหน เรื่องอยู่กับเจ้าหน้าที่ของเรา"
    await _two_agencies(story)
    await _protection_and_identification(story)
    program = await _prosecution(story)
    await _order(story, program)
    await _execution(story)
    await _payments(story)
    await _end(story)


async def _two_agencies(story: Story) -> None:
    """The police decline, the ministry's office takes it."""
    request_id = await story.refers_to("demo-police")
    assert "ส่งเรื่องไปแล้ว รอเขาเปิดอ่าน" in await story.dao.case()
    page = await story.house.reads("krit", f"/console/portal/cases/{request_id}")
    assert "ดาว" not in page
    assert "เปิดอ่านแล้ว รอเขาตอบ" in await story.dao.case()
    await story.answers("krit", "demo-police", "decline", reason="other_area")
    assert "รับเรื่องนี้ไม่ได้ เจ้าหน้าที่ของเราจะดูว่าที่ไหนช่วยได้" in await story.dao.case()
    await story.refers_to("demo-msdhs", after="demo-police")
    assert "เราส่งต่อให้ พมจ. เมืองตัวอย่าง (ทดลอง) แล้ว" in await story.dao.case()
    await story.answers("pim", "demo-msdhs", "accept")
    assert "พมจ. เมืองตัวอย่าง (ทดลอง)\nรับเรื่องแล้ว" in await story.dao.case()


async def _protection_and_identification(story: Story) -> None:
    """The day of protection runs out and somebody is told; then a team settles what she may have."""
    await story.tells("pim", "demo-msdhs", "victim", "protected", person=1, happened_at="09:30")
    assert "มีที่พักและคนดูแลชั่วคราวแล้ว" in await story.dao.case()
    assert "24 ชั่วโมง" in await story.dao.presses("ดูสิทธิ")
    await story.days(1)
    async with story.stage.house.database.unit_of_work() as session:
        assert await ring_due(session, story.stage.now()) == [story.case_id]
    assert "s29_protection" in await story.stage.house.value("SELECT string_agg(clock, ' ') FROM track_alarm")
    await story.tells("pim", "demo-msdhs", "victim", "mdt_screening", person=1)
    assert "หลายหน่วยงานกำลังคุยกัน" in await story.dao.case()
    await story.tells("pim", "demo-msdhs", "victim", "identified", person=1, outcome="s6")
    told = await story.dao.case()
    assert "สรุปแล้ว รับความช่วยเหลือตามกฎหมายนี้ได้" in told
    assert "เหยื่อ" not in told


async def _prosecution(story: Story) -> Program:
    """Staff write down what the police tell on the telephone; the prosecutor's program tells the rest."""
    for step, told in (
        ("complaint", "ตำรวจรับแจ้งความแล้ว"), ("inquiry", "ตำรวจกำลังสอบสวน"),
        ("to_prosecutor", "ตำรวจส่งเรื่องให้อัยการแล้ว"),
    ):  # fmt: skip
        await story.notes("anong", "prosecution", step)
        assert told in await story.dao.case()
    case_id = await story.refers_to("demo-prosecutor")
    program = await story.house.program("demo-prosecutor")
    await program.post(f"{case_id}/accept")
    await program.tells(case_id, "prosecution", "indicted")
    told = await story.dao.case()
    assert "อัยการคดีค้ามนุษย์ ตัวอย่าง (ทดลอง)\nรับเรื่องแล้ว" in told
    assert "อัยการฟ้องต่อศาลแล้ว" in told
    assert "ต่อไป ศาลพิจารณาคดี" in told
    return program


async def _order(story: Story, program: Program) -> None:
    """The claim goes with the case, and one judgment orders 850,000.00 baht."""
    case_id = story.requests["demo-prosecutor"]
    await program.tells(case_id, "compensation", "claim_filed", amount=ORDERED, fund="court")
    assert "อัยการขอเงินชดเชยต่อศาลแล้ว" in await story.dao.case()
    assert "อัยการจะขอให้ในคดีเดียวกัน ไม่ต้องเสียเงิน (ม.35)" in await story.dao.presses("ดูสิทธิ")
    await story.days(30)
    await program.tells(case_id, "prosecution", "judgment_1", outcome="convicted", people=2, months=120)
    await program.tells(case_id, "compensation", "ordered", amount=ORDERED, fund="court")
    told = await story.dao.case()
    assert "ศาลชั้นต้นตัดสินแล้ว" in told
    assert "ศาลสั่งให้จ่ายเงินชดเชยแล้ว" in told
    assert "คุณเป็นเจ้าหนี้ตามคำพิพากษา" in await story.dao.presses("ดูสิทธิ")
    money = await story.dao.presses("ดูเรื่องเงิน")
    assert money == "เรื่องเงิน\nสั่งให้จ่าย 850,000.00 บาท\nยังเหลือ 850,000.00 บาท"
    await story.days(30)
    await program.tells(case_id, "prosecution", "final", outcome="convicted")
    await program.tells(case_id, "compensation", "order_final")
    told = await story.dao.case()
    assert "คดีจบแล้ว" in told
    assert "คำสั่งให้จ่ายเงินไม่เปลี่ยนแล้ว" in told


async def _execution(story: Story) -> None:
    """Nothing is found; three months later it is tried again. Dao reads neither of what was found nor of what was not."""
    await story.refers_to("demo-execution")
    await story.answers("lek", "demo-execution", "accept")
    await story.tells("lek", "demo-execution", "compensation", "execution_opened")
    assert "กรมบังคับคดีเริ่มตามเงินให้แล้ว" in await story.dao.case()
    await story.tells("lek", "demo-execution", "compensation", "assets_traced", outcome="none_found")
    first = await story.dao.case()
    assert "กรมบังคับคดียังตามเงินให้อยู่" in first
    await story.days(90)
    assert "850,000.00" in await story.house.reads("boon", "/console/owed")
    await story.tells("lek", "demo-execution", "compensation", "assets_traced", outcome="found")
    again = await story.dao.case()
    assert "กรมบังคับคดียังตามเงินให้อยู่" in again
    assert again != first
    assert "ทรัพย์" not in first + again


async def _payments(story: Story) -> None:
    """Two payments, each confirmed in the chat: nobody wrote to her first, she was asked when she looked."""
    for amount, told, left in (
        ("400,000.00", "คุณบอกว่าได้รับเงินบางส่วนแล้ว", "\nยังเหลือ 450,000.00 บาท"),
        ("450,000.00", "คุณบอกว่าได้รับเงินแล้ว", ""),
    ):
        await story.tells("lek", "demo-execution", "compensation", "paid", amount=amount, fund="court")
        await story.stage.settle()
        assert await story.dao.unasked() == ""
        asked = await story.dao.says(story.dao.receipt)
        assert f"หน่วยงานบอกว่าจ่ายให้คุณ {amount} บาท" in asked
        assert await story.dao.presses("ได้รับเงินแล้ว") == f"จดไว้แล้วว่าคุณได้รับ {amount} บาท"
        assert told in await story.dao.case()
        money = await story.dao.presses("ดูเรื่องเงิน")
        assert ("ยังเหลือ" in money) == bool(left)
        assert left in money
        await story.days(30)
    rows = await story.stage.house.rows(
        "SELECT amount, source, agency_id, account_id FROM case_event WHERE step = 'receipt_confirmed' ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [(PART, "chat", None, None), (ORDERED - PART, "chat", None, None)]
    # Sums are the supervisor's and hers.
    assert "850,000.00" in await story.house.reads("boon", f"{story.page}/money")
    assert "850,000.00" not in await story.house.reads("anong", f"{story.page}/money")


async def _end(story: Story) -> None:
    """A supervisor closes the money's track, the agencies end their work, and who holds the case closes it."""
    await story.notes("boon", "compensation", "closed", outcome="paid_full")
    await story.answers(
        "lek", "demo-execution", "finish", outcome="helped", text="จ่ายครบตามคำสั่งแล้ว มีอะไรถามเราได้"
    )
    told = await story.dao.case()
    assert "เรื่องเงินปิดแล้ว" in told
    assert "สำนักงานบังคับคดี ตัวอย่าง (ทดลอง)\nทำส่วนของเขาเสร็จแล้ว" in told
    assert told.endswith("สำนักงานบังคับคดี ตัวอย่าง (ทดลอง) เขียนถึงคุณ\nจ่ายครบตามคำสั่งแล้ว มีอะไรถามเราได้")
    owed = await story.stage.house.value("SELECT owed FROM case_standing")
    assert owed == 0
    await story.house.post("anong", f"{story.page}/close", outcome="helped")
    assert await story.stage.house.value("SELECT state FROM referral") == "closed"
    assert (await story.dao.says(story.dao.receipt)).startswith("รายการนี้ปิดแล้ว")
    # What came of it stays to be read, and no track holds it any longer.
    assert "เรื่องเงินปิดแล้ว" in await story.dao.presses("ดูว่าถึงไหน")
    assert await story.stage.house.value("SELECT kept_for FROM referral") == "released"
    assert await story.stage.house.value("SELECT count(*) FROM message WHERE kind = 'notice'") == 0
