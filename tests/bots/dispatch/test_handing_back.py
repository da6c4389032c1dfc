"""Staff hand a case to the bot: the person goes on with its button, and what they answer flows into the case."""

from uuid import UUID

from core.accounts.invitations import add_account
from core.ids import new_id
from referrals.cases import read_case
from referrals.handing_back import end_silent, find_silent, hand_to_bot, take_from_bot
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


async def _handed(quiet: QuietHouse, dao: Chat, anong: UUID) -> UUID:
    """Dao's report, begun with the bot, held by Anong and handed back; the question stands on the phone again."""
    await dao.sends(press("m1:need"))
    await dao.taps("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่")
    await dao.sends(text("m5", "เชียงใหม่"))
    await dao.taps("ไม่ได้", "ทักแชตนี้ได้")
    referral, _ = await dao.report()
    async with quiet.database.unit_of_work() as session:
        await claim(session, referral.id, anong)
        await hand_to_bot(
            session, quiet.keys, referral_id=referral.id, account_id=anong, dialogue="intake",
            notice="มีข้อความใหม่ถึงคุณ", form_id=new_id(),
        )  # fmt: skip
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    await dao.sends(press("r1:go_on"))
    return referral.id


async def _marks(quiet: QuietHouse) -> list[str]:
    rows = await quiet.rows("SELECT mark FROM referral_entry WHERE mark IS NOT NULL ORDER BY id")
    return [row.mark for row in rows]


async def test_what_the_bot_can_not_read_is_asked_once_again_and_then_it_is_staffs(quiet: QuietHouse) -> None:
    dao, anong = Chat(quiet), await _staff(quiet)
    await _handed(quiet, dao, anong)
    again = await dao.sends(text("m9", "งืม ๆ"))
    assert any(one.data.startswith("r1:") for one in again.choices)
    assert (await dao.report())[0].bot_dialogue == "intake"
    given_up = await dao.sends(text("m10", "ก็นะ"))
    assert "ส่งต่อ" in words_of(given_up) or "เจ้าหน้าที่" in words_of(given_up)
    assert (await dao.report())[0].bot_dialogue is None
    assert (await _marks(quiet))[-1] == "bot_done"


async def test_it_is_staffs_again_when_the_questions_are_through(quiet: QuietHouse) -> None:
    dao, anong = Chat(quiet), await _staff(quiet)
    await _handed(quiet, dao, anong)
    for _ in range(40):
        if (await dao.report())[0].bot_dialogue is None:
            break
        await dao.taps("ข้าม")
    assert (await _marks(quiet))[-1] == "bot_done"


async def test_it_is_staffs_again_when_nobody_answers_the_bot(quiet: QuietHouse) -> None:
    dao, anong = Chat(quiet), await _staff(quiet)
    referral_id = await _handed(quiet, dao, anong)
    async with quiet.database.unit_of_work() as session:
        assert await find_silent(session) == []
    await quiet.rows("UPDATE referral SET last_entry_at = last_entry_at - interval '49 hours'")
    async with quiet.database.unit_of_work() as session:
        assert await find_silent(session) == [referral_id]
        assert await end_silent(session, referral_id)
        assert not await end_silent(session, referral_id)
    assert (await dao.report())[0].bot_dialogue is None
    assert (await _marks(quiet))[-1] == "bot_silent"
