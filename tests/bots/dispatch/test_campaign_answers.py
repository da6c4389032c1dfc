"""A press on an answer, from the chat to its row."""

from uuid import UUID

from campaigns.plans.presses import encode_press
from tests.bots.dispatch.test_reporting import Chat, press, text, words_of
from tests.campaigns.carried_out import BEFORE, WHERE, add_campaign, plan_of
from tests.support.house import QuietHouse


async def campaign(quiet: QuietHouse) -> UUID:
    async with quiet.database.unit_of_work() as session:
        return await add_campaign(session, quiet.keys, plan_of(BEFORE, WHERE))


async def answers(quiet: QuietHouse) -> list[tuple[str, str, bool | None]]:
    rows = await quiet.rows('SELECT question, choice, "right" FROM campaign_answer ORDER BY question')
    return [tuple(row) for row in rows]


async def test_answers_are_replied_to_and_kept_once(quiet: QuietHouse) -> None:
    of, dao = await campaign(quiet), Chat(quiet)
    replied = await dao.sends(press(encode_press(of, "fee1", "yes")))
    assert "ยังไม่ต้องโอนค่ะ" in words_of(replied)
    replied = await dao.sends(press(encode_press(of, "fee1", "no")))
    assert "เรานับคำตอบแรก" in words_of(replied)
    await dao.sends(press(encode_press(of, "where", "10")), press(encode_press(of, "where", "50")))
    assert await answers(quiet) == [("fee1", "yes", False), ("where", "50", None)]
    assert await quiet.value("SELECT province FROM contact_trait") == "50"


async def test_a_campaign_that_is_gone_is_answered_kindly(quiet: QuietHouse) -> None:
    dao = Chat(quiet)
    replied = await dao.sends(press(encode_press(UUID(int=7), "fee1", "yes")))
    assert "คำถามนี้ปิดแล้ว" in words_of(replied)
    assert await answers(quiet) == []


async def test_a_cry_for_help_in_the_same_breath_goes_first(quiet: QuietHouse) -> None:
    of, dao = await campaign(quiet), Chat(quiet)
    replied = await dao.sends(
        press(encode_press(of, "fee1", "no")), text("help", "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป")
    )
    assert await quiet.value("SELECT priority FROM referral") == "P0"
    assert "ใช่ค่ะ ถามก่อน" not in str(replied.bubbles[0])
    assert await answers(quiet) == [("fee1", "no", True)]


async def test_nothing_of_it_joins_what_staff_read(quiet: QuietHouse) -> None:
    of, dao = await campaign(quiet), Chat(quiet)
    await dao.sends(text("staff", "คุยกับเจ้าหน้าที่"))
    before = await quiet.value("SELECT count(*) FROM referral_entry")
    await dao.sends(press(encode_press(of, "fee1", "no")))
    assert await quiet.value("SELECT count(*) FROM referral_entry") == before
