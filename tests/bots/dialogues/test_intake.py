import msgspec
import pytest

from bots.engine.events import Event
from bots.engine.steps import (
    AgencyConsentEffect,
    ContactRuleEffect,
    MinorEffect,
    OpenReferralEffect,
    StoreAnswersEffect,
)
from tests.bots.dialogues.reporting import FIRST, RECEIPT, asked, button, tap, types
from tests.bots.dialogues.talk import Talk, judgement_of


def test_from_hello_to_the_receipt_takes_at_most_twelve_taps(talk: Talk) -> None:
    talk.says("สวัสดี")
    taps = ("ขอความช่วยเหลือ", *FIRST)
    tap(talk, *taps)
    assert len(taps) <= 12
    assert RECEIPT in talk.answer
    assert talk.answer.count(RECEIPT) == 1


def test_it_asks_one_thing_a_bubble_with_buttons_and_a_way_out(talk: Talk) -> None:
    talk.presses("m1:need")
    for label in FIRST:
        assert {"ข้าม", "คุยกับเจ้าหน้าที่"} <= set(talk.labels)
        assert len(talk.buttons) <= 13
        tap(talk, label)


def test_nothing_is_opened_before_the_first_questions_are_through(talk: Talk) -> None:
    talk.presses("m1:need")
    for label in FIRST[:-1]:
        tap(talk, label)
        assert talk.effects(OpenReferralEffect) == []
        assert talk.effects(StoreAnswersEffect) == []
    tap(talk, FIRST[-1])
    (opened,) = talk.effects(OpenReferralEffect)
    (stored,) = talk.effects(StoreAnswersEffect)
    assert (opened.source, opened.receipt) == ("report", "1234567890123456")
    assert [one.question for one in stored.answers] == ["G0", "G1", "G2", "G3", "G4", "P5q", "C3"]


def test_every_question_may_be_passed_over_and_the_receipt_still_comes(talk: Talk) -> None:
    talk.presses("m1:need")
    for _ in range(7):
        assert RECEIPT not in talk.answer
        tap(talk, "ข้าม")
    assert RECEIPT in talk.answer


def test_all_questions_lead_to_an_end_with_an_end(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    for _ in range(60):
        if talk.state.dialogue != "intake":
            break
        assert len(talk.buttons) <= 13
        tap(talk, next(one.label for one in talk.buttons if one.data.startswith("r1:")))
        if "เลือกครบแล้ว" in talk.labels:
            tap(talk, "เลือกครบแล้ว")
    assert "ครบแล้ว" in talk.answer
    assert talk.answer.count(RECEIPT) == 0


def test_somebody_who_is_watched_reads_of_jobs_and_nothing_more(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "มีคนอยู่ใกล้")
    assert "งาน" in talk.answer
    assert talk.step.effects == ()
    assert "เจ้าหน้าที่" not in " ".join([talk.answer, *talk.labels])
    talk.says("ขอบคุณ")
    assert "ทำต่อ" not in talk.labels


def test_danger_now_is_told_to_staff_at_once_with_numbers(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "มี")
    (opened,) = talk.effects(OpenReferralEffect)
    assert (opened.priority, opened.source) == ("P0", "report")
    assert "191" in talk.answer
    assert "ส่งตำแหน่งมาด้วยก็ได้" in talk.answer
    assert talk.step.crisis
    assert any(one.location for one in talk.buttons)
    assert asked(talk) == "G2"
    tap(talk, *FIRST[2:])
    assert talk.effects(OpenReferralEffect) == []
    assert RECEIPT in talk.answer


def test_a_pin_answers_where_whenever_it_comes(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "มี")
    talk.does(Event("location", latitude=13.65, longitude=102.55))
    (stored,) = talk.effects(StoreAnswersEffect)
    assert [(one.question, one.codes) for one in stored.answers] == [("G4", ("geo:13.6500,102.5500",))]
    assert asked(talk) == "G2"


def test_typed_answers_count_like_buttons(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก")
    for words, question in (("ไม่มีค่ะ", "G2"), ("ตัวเอง", "G3"), ("ไม่ใช่", "G4"), ("เชียงใหม่", "P5q")):
        types(talk, words)
        assert asked(talk) == question
    assert talk.state.data["answers"]["G4"] == ["province:TH-50"]


def test_a_phone_number_is_not_a_place(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:4])
    types(talk, "0891234567")
    assert "เบอร์โทร" in talk.answer
    assert asked(talk) == "G4"


def test_not_understood_twice_leads_to_staff(talk: Talk) -> None:
    talk.presses("m1:need")
    for answer in ("ยังไม่เข้าใจ แตะปุ่ม", "ให้คนอ่านแทน"):
        types(talk, "กขค", judgement=judgement_of(intent="unreadable"))
        assert answer in talk.answer
        assert asked(talk) == "G0"
    tap(talk, "สะดวก")
    assert talk.state.puzzled == 0


def test_stickers_are_met_kindly_and_the_question_stays(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.does(Event("sticker"))
    assert "สติกเกอร์" in talk.answer
    assert "พิมพ์คุยสะดวกไหม" in talk.answer


def test_an_answer_to_an_old_question_counts_for_that_one(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก")
    old = button(talk, "มี").data
    tap(talk, *FIRST[1:])
    talk.presses(old)
    (opened,) = talk.effects(OpenReferralEffect)
    (stored,) = talk.effects(StoreAnswersEffect)
    assert opened.priority == "P0"
    assert [(one.question, one.codes) for one in stored.answers] == [("G1", ("yes",))]


def test_a_double_tap_answers_once(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:-1])
    data = button(talk, "อย่าทักก่อน").data
    talk.presses(data)
    talk.presses(data)
    assert talk.step.effects == ()
    assert RECEIPT not in talk.answer
    assert asked(talk) == "C4"


def test_one_back_asks_the_last_question_again(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", "ย้อน")
    assert asked(talk) == "G1"
    types(talk, "ย้อน")
    assert asked(talk) == "G0"


def test_words_that_came_with_the_question_do_not_answer_it(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.says("สะดวก")
    assert asked(talk) == "G0"
    assert talk.state.puzzled == 0


def test_enough_for_now_leaves_it_with_staff_and_can_be_taken_up_again(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST, "พอแค่นี้ก่อน")
    assert "คำตอบที่มีอยู่กับเจ้าหน้าที่แล้ว" in talk.answer
    talk.wait(days=3)
    talk.says("ทำต่อ")
    tap(talk, "สะดวก")
    assert asked(talk) == "C4"


def test_before_anything_is_sent_enough_means_that_nothing_is(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก")
    types(talk, "พอแค่นี้ก่อน")
    assert "ยังไม่ได้ส่งให้ใคร" in talk.answer
    assert talk.step.effects == ()


def test_a_child_reads_a_shorter_notice_and_is_no_longer_looked_at_by_campaigns(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", "ตัวเอง", "ใช่")
    assert talk.effects(MinorEffect) == [MinorEffect(True)]
    assert talk.state.minor
    assert "หนู" in talk.answer


def test_who_is_under_age_stays_so_when_they_write_about_a_friend(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", "ตัวเอง", "ใช่")
    while talk.state.dialogue == "intake":
        tap(talk, "ข้าม")
    talk.referral = None
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", "ญาติหรือเพื่อน", "ไม่ใช่")
    assert talk.effects(MinorEffect) == []
    assert talk.state.minor


@pytest.mark.parametrize("whose", ["ญาติหรือเพื่อน", "คนที่พบเห็น"])
def test_a_child_that_somebody_writes_about_is_not_who_writes(talk: Talk, whose: str) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", whose, "ใช่")
    assert talk.effects(MinorEffect) == []
    assert "เขา" in talk.answer


def test_abroad_the_consul_and_the_clock_are_told(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:4])
    types(talk, "เมียวดี")
    assert "02-572-8442" in talk.answer
    assert "ตอนนี้ 10.00 น." in talk.answer
    assert "ที่นั่นตอนนี้ 9.30 น." in talk.answer


def test_where_clocks_go_as_ours_nothing_is_said_of_them(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:4])
    types(talk, "ปอยเปต")
    assert "ตอนนี้ 10.00 น." in talk.answer
    assert "ที่นั่น" not in talk.answer


def test_hours_said_abroad_are_kept_in_thai_time(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:4])
    types(talk, "เมียวดี")
    tap(talk, "ไม่ได้", "เฉพาะบางเวลา")
    assert talk.effects(ContactRuleEffect) == [ContactRuleEffect(False)]
    while asked(talk) != "C3h":
        tap(talk, "ข้าม")
    tap(talk, "เย็น 17–21 น.")
    assert talk.effects(ContactRuleEffect) == [ContactRuleEffect(True, 17 * 60 + 30, 21 * 60 + 30)]


@pytest.mark.parametrize(
    ("label", "first"), [("อย่าทักก่อน", False), ("ทักแชตนี้ได้", True), ("ข้าม", False), ("ใช้คำลับ", False)]
)
def test_nobody_is_written_to_first_unless_they_said_so(talk: Talk, *, label: str, first: bool) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:-1], label)
    assert talk.effects(ContactRuleEffect) == [ContactRuleEffect(first)]


def test_a_doubted_job_is_looked_at_first(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี", "แค่สงสัยงาน")
    assert "ส่งข้อความหรือรูปประกาศงานมาได้เลย" in talk.answer
    tap(talk, "ทำต่อ")
    for question in ("J2", "J3", "J4", "J5", "J6"):
        assert asked(talk) == question
        assert RECEIPT not in talk.answer
        tap(talk, "ไม่แน่ใจ")
    assert asked(talk) == "C3"
    tap(talk, "อย่าทักก่อน")
    assert RECEIPT in talk.answer


def to_question(talk: Talk, question: str) -> None:
    for _ in range(60):
        if asked(talk) == question:
            return
        tap(talk, "ข้าม")
    raise AssertionError(f"{question} was never asked")


def test_each_agency_is_agreed_to_alone_and_without_the_name(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    to_question(talk, "C1")
    tap(talk, "ส่งต่อหน่วยงาน", "ตร.", "มูลนิธิ", "เลือกครบแล้ว")
    consents = talk.effects(AgencyConsentEffect)
    assert [(one.agency, one.granted, one.with_identity) for one in consents] == [
        ("police", True, False),
        ("ngo", True, False),
    ]
    assert asked(talk) == "C2n"
    tap(talk, "ส่งชื่อด้วย")
    assert [one.with_identity for one in talk.effects(AgencyConsentEffect)] == [True, True]


def test_several_are_picked_one_by_one_and_a_second_tap_takes_none_away(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    to_question(talk, "C1")
    tap(talk, "ส่งต่อหน่วยงาน")
    data = button(talk, "ตร.").data
    talk.presses(data)
    talk.presses(data)
    assert "เลือกไว้: ตร." in talk.answer
    assert "ตร." not in talk.labels


def test_an_old_button_after_the_report_still_changes_the_answer(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, "สะดวก")
    old = button(talk, "มี").data
    tap(talk, *FIRST[1:])
    talk.state = msgspec.structs.replace(talk.state, dialogue="staff", step="open", data={})
    talk.presses(old)
    assert "แก้คำตอบให้แล้ว" in talk.answer
    assert [one.question for one in talk.effects(StoreAnswersEffect)[0].answers] == ["G1"]
    assert talk.effects(OpenReferralEffect)[0].priority == "P0"
    talk.presses("r1:C3:chat@abcdef")
    assert talk.effects(ContactRuleEffect) == [ContactRuleEffect(True)]
    talk.presses("r1:C2n:named@abcdef")
    assert "ปุ่มนี้เก่าแล้ว" in talk.answer


def test_a_button_that_never_was_one_is_met_kindly(talk: Talk) -> None:
    talk.presses("r1:G1:yes@abcdef")
    assert "ปุ่มนี้เก่าแล้ว" in talk.answer
    talk.presses("m1:need")
    for data in ("r1:G1:perhaps@abcdef", "r1:nonsense", "r1:Z9:yes@abcdef"):
        talk.presses(data)
        assert "ปุ่มนั้นเก่าแล้ว" in talk.answer
        assert asked(talk) == "G0"


def test_what_is_closed_or_erased_does_not_come_back_by_an_answer(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    talk.referral = None
    tap(talk, "จดแล้ว")
    assert talk.step.effects == ()
    assert "ปิดหรือลบไปแล้ว" in talk.answer
    assert "r1:begin" in [one.data for one in talk.buttons]
    tap(talk, "ตอบทีละข้อ")
    assert asked(talk) == "G0"
    assert not talk.state.data.get("answers")
