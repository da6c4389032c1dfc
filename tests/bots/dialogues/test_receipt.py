from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from bots.dialogues.receipt import SESSION_SECONDS, WORDING, read_code
from bots.engine.steps import (
    AddWordsEffect,
    CopyEffect,
    EraseReportEffect,
    KeepReportEffect,
    MoveReportEffect,
    OpenReferral,
    OpenReferralEffect,
    PrivateEffect,
    ReportAgencyEffect,
    ReportRuleEffect,
)
from referrals.tracked import Agreed, StaffAnswer, Tracked, Viewing
from tests.bots.dialogues.talk import CALM, Talk, crisis_of

REPORT = UUID(int=7)
CODE = "1234 5678 9012 3456"
FOUND = Tracked(referral=REPORT, stage="waiting")


@pytest.fixture
def opened(talk: Talk) -> Talk:
    """A report that was opened by its code and code word on another phone."""
    talk.tracked = FOUND
    talk.says(CODE)
    talk.tracked = msgspec.structs.replace(FOUND, opened=True)
    talk.says("มะม่วงสุก")
    return talk


def changed(talk: Talk, **changes: object) -> None:
    talk.tracked = msgspec.structs.replace(talk.tracked, **changes)


def codes(talk: Talk) -> set[str]:
    return {button.data for button in talk.buttons}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("1234567890123456", "1234567890123456"),
        (" 1234 5678 9012 3456 ", "1234567890123456"),
        ("1234-5678-9012-3456", "1234567890123456"),
        ("1234–5678–9012–3456", "1234567890123456"),
        ("๑๒๓๔ ๕๖๗๘ ๙๐๑๒ ๓๔๕๖", "1234567890123456"),
        ("เลขติดตาม 1234 5678 9012 3456", "1234567890123456"),
        ("เลขติดตาม: 1234567890123456 ค่ะ", ""),
        ("code 1234567890123456.", "1234567890123456"),
        ("1234 5678", "12345678"),
        ("โอนเข้าบัญชี 1234567890123456 ชื่อสมชาย", ""),
        ("", ""),
        ("²²²²²²²²²²²²²²²²", ""),
    ],
)
def test_a_code_is_read_however_it_is_typed(said: str, code: str) -> None:
    assert read_code(said) == code


@pytest.mark.parametrize("before", ["สวัสดี", "แจ้งเรื่อง", "ช่วยดูงานนี้ รับแอดมิน เงินดี", "ข้อมูลของฉัน"])
def test_a_code_is_understood_in_whatever_is_going_on(talk: Talk, before: str) -> None:
    talk.says(before)
    talk.tracked = FOUND
    talk.says(CODE)
    assert talk.about == "code:1234567890123456"
    assert talk.answer.startswith("รายการนี้รอคนรับอยู่")


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("waiting", "รายการนี้รอคนรับอยู่"), ("held", "มีคนรับรายการนี้แล้ว"),
        ("answered", "รายการนี้มีข้อความตอบกลับ"), ("closed", "รายการนี้ปิดแล้ว"),
    ],
)  # fmt: skip
def test_the_code_alone_tells_where_it_stands_like_a_parcel(talk: Talk, stage: str, told: str) -> None:
    talk.tracked = msgspec.structs.replace(FOUND, stage=stage)
    talk.says(CODE)
    assert talk.answer.startswith(told)
    assert "คำลับ" in talk.answer
    assert talk.step.reply.sensitive
    assert talk.effects(PrivateEffect)
    talk.presses("k1:status")
    assert "พิมพ์เลขติดตามมาใหม่" in talk.answer


def test_a_wrong_code_is_answered_kindly_and_may_be_typed_again(talk: Talk) -> None:
    for _ in range(2):
        talk.says(CODE)
        assert talk.answer.startswith("ไม่พบรายการตามเลขนี้")
        assert {"s1:status", "m1:staff", "m1:menu"} <= codes(talk)


@pytest.mark.parametrize(("wait", "told"), [(10, "10 วินาที"), (90, "90 วินาที"), (300, "5 นาที"), (301, "6 นาที")])
def test_a_slowed_try_is_told_how_long(talk: Talk, wait: int, told: str) -> None:
    talk.tracked = Tracked(wait=wait)
    talk.says(CODE)
    assert talk.answer.startswith(f"ลองใหม่ในอีก {told}")
    assert "m1:staff" in codes(talk)


def test_asked_for_the_code_a_miscounted_one_is_counted(talk: Talk) -> None:
    talk.presses("k1:start")
    talk.says("1234 5678 9012 345")
    assert talk.answer.startswith("นับได้ 15 ตัว")
    assert talk.effects(PrivateEffect)
    talk.says("เมนู")
    assert talk.state.dialogue == ""


def test_the_code_word_opens_it_and_is_told_to_nobody(talk: Talk) -> None:
    talk.tracked = FOUND
    talk.says(CODE)
    talk.says("มะละกอ")
    assert talk.answer == "คำลับไม่ตรง ลองพิมพ์ใหม่ได้"
    answer = StaffAnswer("เราอยู่ตรงนี้", talk.now - timedelta(hours=1))
    talk.tracked = Tracked(referral=REPORT, stage="answered", opened=True, answers=(answer,))
    talk.says(" มะม่วงสุก ")
    assert talk.about == f"word:{REPORT} มะม่วงสุก"
    assert "23 พ.ย. 2569 เวลา 09.00 น.\nเราอยู่ตรงนี้" in talk.answer
    assert talk.effects(PrivateEffect)
    assert {
        "k1:add",
        "k1:who",
        "k1:agencies",
        "k1:rules",
        "k1:erase",
        "k1:move",
        "k1:done",
        "x1:leave",
    } <= codes(talk)


def test_neither_commands_nor_long_texts_are_taken_for_the_word(talk: Talk) -> None:
    talk.tracked = FOUND
    talk.says(CODE)
    talk.says("เมนู")
    assert "คำลับ" not in talk.answer
    talk.says(CODE)
    talk.says("รับสมัครงานด่วน " * 8)
    assert "คำลับไม่ตรง" not in talk.answer


def test_in_its_own_chat_without_a_word_it_opens_at_once_and_is_not_moved(talk: Talk) -> None:
    talk.tracked = Tracked(referral=REPORT, stage="held", mine=True, opened=True)
    talk.says(CODE)
    assert talk.answer.startswith("มีคนรับรายการนี้แล้ว")
    assert "คำลับ" not in talk.answer
    assert "k1:move" not in codes(talk)


def test_the_session_ends_a_quarter_of_an_hour_after_the_last_step(opened: Talk) -> None:
    opened.wait(seconds=SESSION_SECONDS - 1)
    opened.presses("k1:who")
    assert opened.answer == "ยังไม่มีใครเปิดอ่าน"
    opened.wait(seconds=SESSION_SECONDS + 1)
    opened.presses("k1:who")
    assert opened.answer.startswith("รายการนี้ปิดหน้าจอแล้ว")


def test_nothing_of_it_stays_in_the_chat_after_leaving(opened: Talk) -> None:
    opened.presses("k1:done")
    assert str(REPORT) not in msgspec.json.encode(opened.state).decode()
    opened.presses("k1:erase.yes")
    assert opened.effects(EraseReportEffect) == []


def test_without_the_word_no_press_does_anything(talk: Talk) -> None:
    talk.tracked = FOUND
    talk.says(CODE)
    for press in ("k1:add", "k1:who", "k1:on.police", "k1:rule.any", "k1:erase.yes", "k1:keep", "k1:move"):
        talk.tracked = FOUND
        talk.says(CODE)
        talk.presses(press)
        assert talk.step.effects == (), press


def test_it_tells_who_opened_the_report_by_role_and_time_only(opened: Talk) -> None:
    changed(
        opened,
        viewings=(
            Viewing("hotline_officer", opened.now), Viewing("supervisor", opened.now - timedelta(days=1)),
            Viewing("administrator", opened.now - timedelta(days=2)),
        ),
    )  # fmt: skip
    opened.presses("k1:who")
    assert opened.answer.splitlines() == [
        "คนที่เปิดอ่าน", "• เจ้าหน้าที่ 23 พ.ย. 2569 เวลา 10.00 น.",
        "• หัวหน้าเจ้าหน้าที่ 22 พ.ย. 2569 เวลา 10.00 น.", "• ผู้ดูแลระบบ 21 พ.ย. 2569 เวลา 10.00 น.",
    ]  # fmt: skip


def test_words_are_added_one_after_the_other_until_something_else_is_pressed(opened: Talk) -> None:
    opened.presses("k1:add")
    for words in ("เขาย้ายเราไปตึกใหม่", "ชั้นสาม"):
        opened.says(words, crisis=CALM)
        assert opened.effects(AddWordsEffect) == [AddWordsEffect(REPORT)]
        assert opened.effects(PrivateEffect)
        assert opened.answer == "เพิ่มให้แล้ว พิมพ์ต่อได้เลย"
    opened.presses("k1:status")
    opened.says("ขอบคุณค่ะ")
    assert opened.effects(AddWordsEffect) == []


def test_words_of_danger_are_answered_as_such_and_join_the_report_all_the_same(opened: Talk) -> None:
    opened.presses("k1:add")
    opened.says("ช่วยด้วย โดนขังอยู่ในตึก", crisis=crisis_of("urgent", "detention"))
    assert opened.effects(AddWordsEffect) == [AddWordsEffect(REPORT)]
    assert [one.priority for one in opened.effects(OpenReferralEffect)] == ["P0"]
    assert "เพิ่มให้แล้ว" not in opened.answer


def test_words_of_concern_are_part_of_the_report_and_the_adding_goes_on(opened: Talk) -> None:
    opened.presses("k1:add")
    for _ in range(2):
        opened.says("เขาไม่ให้ออกไปไหน", crisis=crisis_of("concern", "detention"))
        assert opened.effects(AddWordsEffect) == [AddWordsEffect(REPORT)]
        assert opened.answer == "เพิ่มให้แล้ว พิมพ์ต่อได้เลย"


def test_nothing_is_added_to_a_closed_one(opened: Talk) -> None:
    changed(opened, stage="closed")
    opened.presses("k1:add")
    assert opened.answer.startswith("รายการนี้ปิดแล้ว เพิ่มไม่ได้")
    assert not {"k1:add", "k1:agencies", "k1:rules"} & codes(opened)


def test_consent_is_changed_agency_by_agency(opened: Talk) -> None:
    changed(opened, agencies=(Agreed("police", granted=True, with_identity=False),))
    opened.presses("k1:agencies")
    assert {"k1:off.police", "k1:on.ngo", "k1:on.msdhs"} <= codes(opened)
    assert "k1:on.police" not in codes(opened)
    opened.presses("k1:off.police")
    assert opened.effects(ReportAgencyEffect) == [ReportAgencyEffect(REPORT, "police", False, WORDING)]


@pytest.mark.parametrize(
    ("press", "rule"),
    [
        ("never", (False, None, None)), ("any", (True, None, None)), ("day", (True, 540, 1020)),
        ("evening", (True, 1080, 1260)),
    ],
)  # fmt: skip
def test_wishes_of_contact_are_changed(
    opened: Talk, press: str, rule: tuple[bool, int | None, int | None]
) -> None:
    opened.presses("k1:rules")
    opened.presses(f"k1:rule.{press}")
    assert opened.effects(ReportRuleEffect) == [ReportRuleEffect(REPORT, *rule)]


def test_an_ordinary_one_is_erased_at_once_after_one_question(opened: Talk) -> None:
    opened.presses("k1:erase")
    assert opened.effects(EraseReportEffect) == []
    assert "เอาคืนไม่ได้" in opened.answer
    opened.presses("k1:erase.yes")
    assert opened.effects(EraseReportEffect) == [EraseReportEffect(REPORT)]
    assert opened.answer == "ลบแล้ว เลขนี้ใช้ไม่ได้อีก"
    assert str(REPORT) not in msgspec.json.encode(opened.state).decode()


def test_an_urgent_one_is_erased_after_72_hours_and_can_be_kept(opened: Talk) -> None:
    changed(opened, erases_late=True)
    opened.presses("k1:erase")
    assert "72 ชั่วโมง" in opened.answer
    opened.presses("k1:erase.yes")
    assert "72 ชั่วโมง" in opened.answer
    assert opened.effects(EraseReportEffect) == [EraseReportEffect(REPORT)]
    assert "k1:keep" in codes(opened)
    changed(opened, erase_at=opened.now + timedelta(hours=72))
    opened.presses("k1:status")
    assert "จะถูกลบ 26 พ.ย. 2569 เวลา 10.00 น." in opened.answer
    opened.presses("k1:keep")
    assert opened.effects(KeepReportEffect) == [KeepReportEffect(REPORT)]


def test_one_that_the_law_keeps_is_not_called_erased_and_the_wish_can_be_taken_back(opened: Talk) -> None:
    changed(opened, held=True)
    opened.presses("k1:erase")
    assert "กฎหมายให้เก็บเรื่องนี้ไว้ก่อน" in opened.answer
    opened.presses("k1:erase.yes")
    assert opened.effects(EraseReportEffect) == [EraseReportEffect(REPORT)]
    assert opened.answer.startswith("จดไว้แล้ว")
    assert "k1:keep" in codes(opened)
    changed(opened, held=True, erase_at=opened.now)
    opened.presses("k1:status")
    assert "ตอนนี้กฎหมายให้เก็บไว้ก่อน" in opened.answer
    assert "จะถูกลบ" not in opened.answer


def test_it_is_moved_here_by_word_or_press(opened: Talk) -> None:
    opened.says("ย้ายมาคุยที่นี่")
    assert opened.effects(MoveReportEffect) == [MoveReportEffect(REPORT)]
    assert opened.answer.startswith("ย้ายมาคุยที่นี่แล้ว")


def test_in_the_new_chat_the_word_guards_it_as_in_the_old_one(opened: Talk) -> None:
    opened.presses("k1:status")
    opened.presses("k1:move")
    assert opened.state.code_word == "มะม่วงสุก"
    opened.presses("p1:copy")
    assert opened.effects(CopyEffect) == []


def test_a_chat_with_a_word_of_its_own_keeps_it_when_a_report_is_moved_there(opened: Talk) -> None:
    opened.state = msgspec.structs.replace(opened.state, code_word="รถไฟสีทอง")
    opened.presses("k1:move")
    assert opened.state.code_word == "รถไฟสีทอง"


def test_it_is_not_moved_into_a_chat_with_an_open_matter_of_its_own(opened: Talk) -> None:
    opened.referral = OpenReferral(UUID(int=1), "P2", claimed=False, cancellable=False)
    opened.presses("k1:move")
    assert opened.effects(MoveReportEffect) == []
    assert opened.answer.startswith("แชตนี้มีเรื่องที่เปิดอยู่แล้ว")


def test_a_report_erased_or_given_another_word_meanwhile_is_over_on_the_screen(opened: Talk) -> None:
    opened.tracked = Tracked()
    opened.presses("k1:status")
    assert opened.answer.startswith("รายการนี้ปิดหน้าจอแล้ว")
    assert opened.labels


def test_in_the_decoy_face_a_code_of_somebody_elses_report_says_nothing_of_it(talk: Talk) -> None:
    talk.presses("x1:leave")
    talk.tracked = FOUND
    talk.says("9999 9999 9999 9999")
    assert "รายการ" not in talk.answer


def test_every_screen_but_answers_is_short(opened: Talk) -> None:
    for press in ("k1:status", "k1:who", "k1:add", "k1:agencies", "k1:rules", "k1:erase", "k1:status"):
        opened.presses(press)
        assert max(map(len, opened.answer.split("\n\n"))) <= 300
        assert len(opened.buttons) <= 13, press


def test_it_speaks_english_too(opened: Talk) -> None:
    opened.presses("l1:en")
    opened.tracked = FOUND
    opened.says(CODE)
    assert opened.answer.startswith("This item waits")
