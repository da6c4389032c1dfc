"""One whole report through the dispatcher: what is stored, what is not, and what an unsend takes back."""

from typing import Any

import sqlalchemy as sa

from campaigns.audience.selecting import sendable
from campaigns.plans.audience import Audience
from core.clock import utc_now
from core.messages.content import Content
from referrals.models import Referral
from referrals.reports import Report, read_report
from tests.support.house import QuietHouse

DAO = "U" + "da0" * 10 + "da"


class Chat:
    """Dao's side of a chat on LINE: what she taps and types, in turns of their own."""

    def __init__(self, quiet: QuietHouse) -> None:
        self.quiet = quiet
        self.count = 0

    async def sends(self, *events: dict[str, Any]) -> Content:
        stamped = []
        for event in events:
            self.count += 1
            stamped.append(
                event
                | {
                    "mode": "active", "timestamp": 1_700_000_000_000 + self.count,
                    "webhookEventId": f"01E{self.count}", "replyToken": f"{self.count:032d}",
                    "source": {"type": "user", "userId": DAO},
                }
            )  # fmt: skip
        assert await self.quiet.post_line({"destination": "U", "events": stamped}) == 200
        await self.quiet.turn()
        # Or the next answer would queue up behind this one.
        await self.quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
        return self.answer

    @property
    def answer(self) -> Content:
        return self.quiet.notebook.sent[-1].envelope.content

    async def taps(self, *labels: str) -> Content:
        for label in labels:
            data = next(one.data for one in self.answer.choices if one.label == label)
            await self.sends(press(data))
        return self.answer

    async def report(self) -> tuple[Referral, Report]:
        async with self.quiet.database.unit_of_work() as session:
            referral = (await session.scalars(sa.select(Referral))).one()
            return referral, await read_report(session, self.quiet.keys, referral)


def press(data: str) -> dict[str, Any]:
    return {"type": "postback", "postback": {"data": data}}


def text(name: str, words: str) -> dict[str, Any]:
    return {"type": "message", "message": {"type": "text", "id": name, "text": words}}


def unsend(name: str) -> dict[str, Any]:
    return {"type": "unsend", "unsend": {"messageId": name}}


def words_of(content: Content) -> str:
    return str(content.bubbles)


async def test_a_whole_report_is_stored_when_its_receipt_is_shown(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่")
    await dao.sends(text("m5", "เชียงใหม่"))
    await dao.taps("ไม่ได้")
    assert await quiet.value("SELECT count(*) FROM referral") == 0
    await dao.taps("ทักแชตนี้ได้")
    referral, report = await dao.report()
    assert (referral.source, referral.place) == ("report", "province:TH-50")
    assert {question: told.codes for question, told in report.answers.items()} == {
        "G0": ("free",), "G1": ("no",), "G2": ("self",), "G3": ("no",), "G4": ("province:TH-50",),
        "P5q": ("cannot",), "C3": ("chat",),
    }  # fmt: skip
    assert await quiet.value("SELECT may_write_first FROM contact_rule")
    receipt = words_of(dao.answer).partition("เลขติดตามของคุณ")[2][2:21].replace(" ", "")
    assert referral.receipt_key == quiet.keys.keyset.index("receipt", receipt)


async def test_a_typed_answer_that_is_unsent_is_gone_before_and_after_it_is_stored(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่")
    await dao.sends(text("m5", "เชียงใหม่"))
    await dao.sends(unsend("m5"))
    await dao.taps("ไม่ได้")
    await dao.sends(text("m7", "เชียงราย"))
    await dao.taps("อย่าทักก่อน")
    referral, report = await dao.report()
    assert report.answers["G4"].codes == ("province:TH-57",)
    await dao.sends(unsend("m7"))
    referral, report = await dao.report()
    assert "G4" not in report.answers
    assert "G0" in report.answers
    assert referral.place is None


async def test_danger_opens_at_once_and_the_rest_joins_the_same_report(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "มี")
    referral, report = await dao.report()
    assert (referral.priority, referral.source, set(report.answers)) == ("P0", "report", {"G0", "G1"})
    assert "danger_now" in referral.reasons
    await dao.taps("ตัวเอง")
    same, report = await dao.report()
    assert same.id == referral.id
    assert set(report.answers) == {"G0", "G1", "G2"}


async def test_a_cry_in_the_midst_keeps_what_was_answered(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง")
    await dao.sends(text("m4", "ช่วยด้วย ถูกขังอยู่ ออกไม่ได้ เขาตี"))
    referral, report = await dao.report()
    assert (referral.source, referral.priority) == ("crisis", "P0")
    assert set(report.answers) == {"G0", "G1", "G2"}
    assert await quiet.value("SELECT count(*) FROM referral_entry") == 1


async def test_what_was_told_before_there_was_a_referral_reaches_staff_with_it(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.sends(text("m2", "เขาไม่จ่ายค่าแรงมาสามเดือนแล้ว"))
    await dao.taps("สะดวก", "มี")
    assert await quiet.value("SELECT count(*) FROM referral_entry WHERE body IS NOT NULL") == 1
    await dao.sends(unsend("m2"))
    assert await quiet.value("SELECT count(*) FROM referral_entry WHERE body IS NOT NULL") == 0


async def test_a_child_is_marked_as_one(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง", "ใช่")
    assert await quiet.value("SELECT minor FROM contact")
    await dao.taps("ย้อน", "ไม่ใช่")
    assert not await quiet.value("SELECT minor FROM contact")


async def test_two_taps_in_one_turn_store_one_answer_each(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก")
    yes = next(one.data for one in dao.answer.choices if one.label == "มี")
    await dao.sends(press(yes), press(yes))
    assert await quiet.value("SELECT count(*) FROM referral") == 1
    assert await quiet.value("SELECT count(*) FROM report_answer") == 2


async def test_ten_messages_at_once_are_one_answer_that_ends_with_the_question(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก")
    story = [text(f"s{number}", f"หัวหน้าพูดไม่ดีกับเรา เล่าตอนที่ {number}") for number in range(10)]
    sent = len(quiet.notebook.sent)
    await dao.sends(*story)
    assert len(quiet.notebook.sent) == sent + 1
    assert len(dao.answer.bubbles) <= 5
    assert "มีใครถูกทำร้าย" in str(dao.answer.bubbles[-1])
    await dao.taps("มี")
    assert await quiet.value("SELECT count(*) FROM referral_entry WHERE body IS NOT NULL") == 10


async def test_a_report_closed_meanwhile_is_not_told_anew_but_another_may_be_begun(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่", "ในไทย", "ไม่ได้", "อย่าทักก่อน")
    await quiet.rows("UPDATE referral SET state = 'closed', closed_at = now(), closed_as = 'advised'")
    await dao.taps("จดแล้ว")
    assert await quiet.value("SELECT count(*) FROM referral") == 1
    await dao.taps("ตอบทีละข้อ", *["ข้าม"] * 7)
    assert await quiet.value("SELECT count(*) FROM referral") == 2
    assert (
        await quiet.value(
            "SELECT count(*) FROM report_answer a JOIN referral r ON r.id = a.referral_id WHERE r.state = 'open'"
        )
        == 7
    )


async def test_consent_and_name_are_written_down_line_by_line(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่", "ในไทย", "ไม่ได้", "อย่าทักก่อน")
    while all(one.label != "ส่งต่อหน่วยงาน" for one in dao.answer.choices):
        await dao.taps("ข้าม")
    await dao.taps("ส่งต่อหน่วยงาน", "แรงงาน", "เลือกครบแล้ว", "ส่งชื่อด้วย")
    rows = await quiet.rows("SELECT agency, granted, with_identity, wording FROM agency_consent ORDER BY id")
    assert [tuple(row)[:3] for row in rows] == [("labour", True, False), ("labour", True, True)]
    assert {row.wording for row in rows} == {await quiet.value("SELECT hash FROM questionnaire")}


async def test_no_news_reaches_who_is_in_the_middle_of_a_report(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("n1:start"))
    await dao.sends(press("m1:need"))
    assert await quiet.value("SELECT count(*) FROM referral") == 0
    async with quiet.database.unit_of_work() as session:
        assert (await session.execute(sendable(Audience(), None, utc_now()))).all() == []


async def test_a_hold_for_good_is_not_shortened_by_a_report_that_is_begun(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    await dao.sends(press("m1:staff"))
    await dao.sends(press("m1:need"))
    assert await quiet.rows("SELECT until FROM broadcast_hold") == [(None,)]
