import msgspec
import pytest

from bots.dialogues.lesson_finding import index
from bots.dialogues.lesson_screen import PREFIX
from campaigns.lessons import packs
from core.messages.content import Text
from nlp.retrieval import ask_guide, entries
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of

COURSES = [pack for pack in packs().values() if pack.course]


def chats(talk: Talk, text: str) -> None:
    talk.says(text, judgement=judgement_of("not_an_offer", "small_talk"))


def data_of(talk: Talk) -> list[str]:
    return [button.data for button in talk.buttons]


def press_label(talk: Talk, label: str) -> None:
    talk.presses(next(button.data for button in talk.buttons if button.label == label))


def test_the_list_names_every_pack_and_a_way_out(talk: Talk) -> None:
    talk.says("เรียนรู้")
    assert [f"{PREFIX}p.{pack_id}" for pack_id in packs()] == data_of(talk)[: len(packs())]
    assert {"m1:staff", "m1:menu"} <= set(data_of(talk))


@pytest.mark.parametrize("pack_id", list(packs()))
def test_a_pack_can_be_walked_from_its_first_lesson_to_its_last_word(talk: Talk, pack_id: str) -> None:
    pack = packs()[pack_id]
    talk.presses(f"e1:l.{pack_id}.{pack.lessons[0].id}")
    seen = [talk.answer]
    while any(button.label == "บทต่อไป" for button in talk.buttons):
        press_label(talk, "บทต่อไป")
        assert len(talk.step.reply.bubbles) <= 5
        assert len(talk.step.reply.choices) <= 13
        seen.append(talk.answer)
    assert len(seen) == len(pack.lessons)
    assert len(set(seen)) == len(seen)
    talk.says("ต่อไป")
    assert pack.closing["th"] in talk.answer


@pytest.mark.parametrize("pack", COURSES, ids=lambda pack: pack.id)
def test_every_answer_to_an_exercise_gets_its_own_kind_word(talk: Talk, pack: object) -> None:
    for lesson in pack.lessons:
        replies = set()
        for choice in lesson.exercise.choices:
            talk.presses(f"e1:a.{pack.id}.{lesson.id}.{choice.id}")
            assert choice.reply["th"] in talk.answer
            replies.add(talk.answer)
        assert len(replies) == len(lesson.exercise.choices)


@pytest.mark.parametrize("typed", ["ไม่โอน", "ไม่โอนค่ะ", "3", "ไม่จ่าย"])
def test_an_exercise_is_answered_by_typing_too(talk: Talk, typed: str) -> None:
    talk.presses("e1:l.job_scams.pay_first")
    chats(talk, typed)
    assert "ใช่เลย งานที่ต้องจ่ายก่อน" in talk.answer


def test_an_answer_in_other_words_is_met_kindly_once_and_then_as_anywhere(talk: Talk) -> None:
    talk.presses("e1:l.job_scams.pay_first")
    chats(talk, "มะม่วง")
    assert "ข้อนี้ไม่มีคะแนน" in talk.answer
    assert "ไม่โอน" in talk.labels
    chats(talk, "มะม่วง")
    assert "m1:staff" in data_of(talk)
    assert "ข้อนี้ไม่มีคะแนน" not in talk.answer


@pytest.mark.parametrize("asked", ["เงินชดเชย", "ลูกติดมือถือ"])
def test_another_subject_in_the_middle_of_an_exercise_is_gone_to(talk: Talk, asked: str) -> None:
    talk.presses("e1:l.job_scams.pay_first")
    chats(talk, asked)
    assert "ข้อนี้ไม่มีคะแนน" not in talk.answer
    talk.presses("e1:on")
    assert talk.state.data["pack"] != "job_scams"


@pytest.mark.parametrize("typed", ["ใช่", "ไม่แน่ใจ"])
def test_yes_and_no_answer_no_exercise_and_the_choices_are_shown(talk: Talk, typed: str) -> None:
    talk.presses("e1:l.job_scams.pay_first")
    chats(talk, typed)
    assert "ข้อนี้ไม่มีคะแนน" in talk.answer


def test_a_course_goes_on_where_it_was_left_days_later(talk: Talk) -> None:
    talk.presses("e1:l.job_scams.pay_first")
    talk.presses("e1:a.job_scams.pay_first.no")
    press_label(talk, "บทต่อไป")
    talk.presses("e1:a.job_scams.too_good.likes")
    talk.presses("m1:menu")
    talk.wait(days=5)
    talk.says("เรียนรู้")
    assert talk.labels[0] == "ทำต่อบทที่ 3"
    talk.presses(talk.buttons[0].data)
    assert talk.answer.startswith("บทที่ 3/8 ")
    talk.says("เมนู")
    talk.says("งานหลอก")
    assert "ทำต่อบทที่ 3" in talk.labels
    assert "เริ่มบทที่ 1" in talk.labels


def test_on_and_back_are_understood_as_words(talk: Talk) -> None:
    talk.presses("e1:l.job_scams.pay_first")
    talk.says("ต่อ")
    assert talk.answer.startswith("บทที่ 2/8 ")
    talk.says("ย้อนกลับ")
    assert talk.answer.startswith("บทที่ 1/8 ")


def test_a_finished_course_says_so_and_begins_again(talk: Talk) -> None:
    last = packs()["job_scams"].lessons[-1]
    talk.presses(f"e1:a.job_scams.{last.id}.{last.exercise.choices[0].id}")
    assert packs()["job_scams"].closing["th"] in talk.answer
    talk.presses("e1:p.job_scams")
    assert "คุณอ่านครบแล้ว" in talk.answer
    assert "เริ่มบทที่ 1" in talk.labels


def test_the_source_is_told_with_its_day_and_that_nobody_signed_it_yet(talk: Talk) -> None:
    talk.presses("e1:l.job_scams.pay_first")
    talk.says("ที่มา")
    assert "ที่มา: คำเตือนของกรมการจัดหางาน" in talk.answer
    assert "23 พ.ย. 2569" in talk.answer
    assert "ยังไม่มีเจ้าหน้าที่ของกระทรวงลงชื่อตรวจ" in talk.answer
    talk.presses("l1:en")
    talk.presses("e1:s.job_scams.pay_first")
    assert "23 November 2026" in talk.answer


def test_lessons_speak_the_language_of_the_conversation(talk: Talk) -> None:
    talk.presses("l1:en")
    talk.says("job scams")
    assert "Eight short lessons" in talk.answer
    press_label(talk, "Start lesson 1")
    assert talk.answer.startswith("Lesson 1/8 · You pay first\n\n")


def test_numbers_come_from_the_directory_with_their_hours(talk: Talk) -> None:
    talk.presses("e1:l.job_scams.paid")
    assert "1441 ศูนย์ AOC (24 ชม.)" in talk.answer


def test_an_offer_in_the_middle_of_a_lesson_is_judged_and_the_course_is_kept(talk: Talk) -> None:
    talk.presses("e1:l.job_scams.too_good")
    talk.says("รับแอดมินปอยเปต", judgement=judgement_of("danger", "check_offer"))
    assert "⛔" in talk.answer
    talk.says("เรียนรู้")
    assert talk.labels[0] == "ทำต่อบทที่ 2"


@pytest.mark.parametrize(
    "data",
    ["e1:l.gone.away", "e1:l.job_scams.gone", "e1:a.job_scams.pay_first.gone", "e1:", "e1:zzz", "e1:l"],
)
def test_a_button_of_a_lesson_that_is_no_more_is_met_as_an_old_one(talk: Talk, data: str) -> None:
    talk.presses(data)
    assert "ปุ่มนี้เก่าแล้ว" in talk.answer


def test_progress_of_a_lesson_that_was_taken_out_begins_the_pack_anew(talk: Talk) -> None:
    kept = {"last": "job_scams", "next": {"job_scams": "gone"}}
    talk.state = msgspec.structs.replace(talk.state, progress={"lessons": kept})
    talk.says("เรียนรู้")
    assert talk.labels[0] == "เริ่มบทที่ 1"


def test_every_press_fits_telegrams_sixty_four_bytes() -> None:
    codes = [
        f"e1:a.{pack.id}.{lesson.id}.{choice.id}"
        for pack in packs().values()
        for lesson in pack.lessons
        if lesson.exercise
        for choice in lesson.exercise.choices
    ]
    assert max(len(code.encode()) for code in codes) <= 64


def test_packs_and_entries_of_the_guide_share_no_name() -> None:
    assert not set(packs()) & set(entries())


def test_every_way_to_ask_that_is_written_down_finds_its_lesson() -> None:
    found = []
    for pack in packs().values():
        for lesson in pack.lessons:
            for asked in lesson.asked:
                best = ask_guide(asked, index())
                found.append(best.sure and best.matches[0].entry == f"{pack.id}.{lesson.id}")
    assert sum(found) / len(found) >= 0.97


# Asked by people who never saw the packs.
@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("เงินอุดหนุนบุตรได้ถึงอายุกี่ปีคะ", "newborn_grant"),
        ("อยากรู้ว่าเงินเด็กแรกเกิดลงทะเบียนที่ไหน", "newborn_grant.ask"),
        ("ลูกติดโทรศัพท์มากทำไงดี", "family_school.screens"),
        ("ลูกไม่ค่อยฟังเลยทำยังไงดีคะ", "family_school.listen"),
        ("ขอเงินชดเชยจากศาลต้องทำยังไง", "victims_rights.claim"),
        ("ผู้เสียหายมีสิทธิอะไรบ้างครับ", "victims_rights"),
        ("ปรับบ้านให้ผู้สูงอายุยังไง", "elderly_preparation.home"),
        ("อยากเป็นจิตอาสาต้องเริ่มยังไง", "welfare_and_volunteering"),
        ("how do i get compensation from court", "victims_rights.claim"),
        ("where can i apply for newborn grant", "newborn_grant.ask"),
    ],
)
def test_a_free_question_finds_its_lesson_or_offers_it(talk: Talk, question: str, entry: str) -> None:
    talk.says(question, judgement=judgement_of("not_an_offer", "service_question"))
    pack_id, _, lesson_id = entry.partition(".")
    pack = packs()[pack_id]
    at = pack.place_of(lesson_id)
    told = pack.about if at is None else {"th": pack.lessons[at].bubbles["th"][-1].splitlines()[0]}
    offered = [
        data
        for data in data_of(talk)
        if data.startswith(f"{PREFIX}l.{entry}") or data == f"{PREFIX}p.{entry}"
    ]
    assert told["th"] in talk.answer or offered, talk.answer


def test_a_subject_named_in_small_talk_is_answered_only_where_it_is_plain(talk: Talk) -> None:
    chats(talk, "ลูกติดมือถือค่ะ")
    assert "มือถือกับเด็ก" in talk.answer
    talk.says("เมนู")
    chats(talk, "วันนี้ลูกได้มือถือใหม่ ดีใจมาก")
    assert "มือถือกับเด็ก" not in talk.answer


def test_worry_that_a_lesson_answers_gets_help_first_and_the_lesson_beside(talk: Talk) -> None:
    talk.says("จะช่วยเพื่อนที่ถูกทำร้ายยังไง", crisis=crisis_of("concern", "domestic_violence"))
    assert "อยากให้เจ้าหน้าที่ช่วยดูไหม" in talk.answer
    assert "e1:l.anti_violence.friend" in data_of(talk)
    talk.presses("e1:l.anti_violence.friend")
    assert "ฟังจนจบ" in talk.answer


def test_the_index_is_built_once() -> None:
    assert index() is index()


def test_the_first_bubble_carries_the_title(talk: Talk) -> None:
    for pack in packs().values():
        for at, lesson in enumerate(pack.lessons):
            talk.presses(f"e1:l.{pack.id}.{lesson.id}")
            first = talk.step.reply.bubbles[0]
            assert isinstance(first, Text)
            assert lesson.title["th"] in first.text.splitlines()[0]
            assert not pack.course or f"{at + 1}/{len(pack.lessons)}" in first.text


def test_a_heading_stands_apart_from_what_it_heads(talk: Talk) -> None:
    talk.presses("e1:l.job_scams.paid")
    heading, blank, body = talk.step.reply.bubbles[0].text.split("\n")[:3]
    assert " · " in heading
    assert (blank, bool(body)) == ("", True)
