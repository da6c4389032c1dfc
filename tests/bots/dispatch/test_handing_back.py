"""Staff hand a case to the bot: the person goes on with its button, and what they answer flows into the case."""

from uuid import UUID

from core.accounts.invitations import add_account
from core.ids import new_id
from referrals.cases import read_case
from referrals.handing_back import hand_to_bot, take_from_bot
from referrals.queue import claim
from tests.bots.dispatch.test_reporting import Chat, press, text, words_of
from tests.support.house import QuietHouse


async def _staff(quiet: QuietHouse) -> UUID:
    async with quiet.database.unit_of_work() as session:
        account = await add_account(
            session, quiet.keys, email="anong@example.org", name="Anong", role="hotline_officer"
        )
        return account.id


async def test_the_questions_go_on_and_staff_read_along_until_they_take_it_back(quiet: QuietHouse) -> None:
    dao, anong = Chat(quiet), await _staff(quiet)
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่")
    await dao.sends(text("m5", "เชียงใหม่"))
    await dao.taps("ไม่ได้", "ทักแชตนี้ได้")
    referral, before = await dao.report()
    async with quiet.database.unit_of_work() as session:
        await claim(session, referral.id, anong)
        await hand_to_bot(
            session, quiet.keys, referral_id=referral.id, account_id=anong, dialogue="intake",
            notice="มีข้อความใหม่ถึงคุณ", form_id=new_id(),
        )  # fmt: skip
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    asked = await dao.sends(press("r1:go_on"))
    assert asked.choices
    await dao.taps(next(one.label for one in asked.choices if one.data.startswith("r1:")))
    await dao.sends(text("m9", "เขาบอกว่าห้ามบอกใคร"))
    after_referral, after = await dao.report()
    assert len(after.answers) > len(before.answers)
    assert after_referral.bot_dialogue == "intake"
    async with quiet.database.unit_of_work() as session:
        await take_from_bot(session, referral_id=referral.id, account_id=anong)
        case = await read_case(session, quiet.keys, referral.id, anong, oversees=False)
    assert "เขาบอกว่าห้ามบอกใคร" in [line.text for line in case.lines]
    assert [line.mark for line in case.lines if line.mark][-2:] == ["bot", "staff_again"]


async def test_status_and_lessons_answer_whoever_presses_their_button(quiet: QuietHouse) -> None:
    dao, anong = Chat(quiet), await _staff(quiet)
    await dao.sends(press("m1:staff"))
    referral, _ = await dao.report()
    async with quiet.database.unit_of_work() as session:
        await claim(session, referral.id, anong)
    said = {}
    for dialogue, button in (("status", "s1:status"), ("lessons", "e1:menu")):
        async with quiet.database.unit_of_work() as session:
            await hand_to_bot(
                session, quiet.keys, referral_id=referral.id, account_id=anong, dialogue=dialogue,
                notice="มีข้อความใหม่ถึงคุณ", form_id=new_id(),
            )  # fmt: skip
        await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
        said[dialogue] = words_of(await dao.sends(press(button)))
    assert "มีเจ้าหน้าที่รับเรื่องแล้ว" in said["status"]
    assert said["lessons"] != said["status"]
