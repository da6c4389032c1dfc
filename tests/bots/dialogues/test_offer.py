import msgspec
import pytest

from bots.dialogues.conversation import advance
from bots.dialogues.offer import QUESTIONS, REPLIES, Question, Reply
from bots.engine.events import Event
from bots.engine.steps import DoubtEffect, Facts, ScreeningEffect, State
from core.messages.content import Card
from nlp.judgement import Indicator, Judgement, judge
from tests.bots.dialogues.talk import CALM, Talk, judgement_of, words_of


@pytest.mark.parametrize(
    ("entities", "question"),
    [
        ({}, "เก็บเงินก่อนเริ่มงานไหม"),
        ({"fee": "500"}, "บอกชื่อบริษัท"),
        ({"fee": "500", "employer": "ก"}, "ไปทำงานที่ไหน"),
        ({"fee": "500", "licence": "น.1/2560"}, "ไปทำงานที่ไหน"),
    ],
)
def test_where_the_words_do_not_decide_it_asks_what_they_leave_open(
    talk: Talk, entities: dict[str, str], question: str
) -> None:
    talk.says("รับคนทำงาน", judgement=judgement_of("unclear", "check_offer", **entities))
    assert "ยังบอกไม่ได้" in talk.answer
    assert question in talk.answer
    assert "ไม่แน่ใจ" in talk.labels
    assert len(talk.effects(ScreeningEffect)) == 1


def test_undecided_is_a_card_too_and_the_question_stands_last(talk: Talk) -> None:
    talk.says("รับคนทำงาน", judgement=judgement_of("unclear", "check_offer"))
    card, question = talk.step.reply.bubbles
    assert (card.band, card.title) == ("unclear", "❔ ยังบอกไม่ได้")
    assert card.steps == ()
    assert card.note
    assert question.text.startswith("ขอถามข้อเดียว")


def test_the_answer_is_weighed_with_the_words_and_not_twice(talk: Talk) -> None:
    talk.says("รับคนทำงาน", judgement=judgement_of("unclear", "check_offer"))
    talk.presses("o1:fee.yes")
    first = talk.step.reply.bubbles[0]
    talk.presses("o1:fee.yes")
    assert talk.step.reply.bubbles[0] == msgspec.structs.replace(first, note="")
    assert first.band == "danger"
    assert any("1441" in step for step in first.steps)
    talk.presses("o1:fee.no")
    assert talk.step.reply.bubbles[0].band != "danger"


def test_a_typed_denial_that_names_money_is_a_no(talk: Talk) -> None:
    talk.says("รับคนทำงาน", judgement=judgement_of("unclear", "check_offer"))
    talk.says("เขาบอกว่าไม่มีค่าใช้จ่าย ไม่เก็บสักบาท", judgement=judgement_of(money="1"))
    assert "ดีที่ยังไม่เก็บ" in talk.answer


@pytest.mark.parametrize(
    "text",
    ["ทะเลสวยมาก ไปเที่ยวกับที่บ้านมา เมื่อวานนี้เอง " * 3, "พรุ่งนี้ประชุมสิบโมง อย่าลืมเอกสารนะทุกคน ขอบคุณมากที่ช่วยกัน" * 2],
)
@pytest.mark.parametrize("intent", ["small_talk", "check_offer"])
def test_a_long_text_without_an_offer_is_said_to_have_none_and_help_is_offered(
    talk: Talk, text: str, intent: str
) -> None:
    talk.says(text, judgement=judgement_of("not_an_offer", intent))
    assert "ไม่เจอคำชวนทำงาน" in talk.answer
    assert {"m1:check", "m1:need", "m1:staff"} <= {button.data for button in talk.buttons}


@pytest.mark.parametrize(
    ("known", "word"), [({}, "อย่าส่งรูปบัตร"), ({"fee": "1"}, "อย่าเติมเงิน"), ({"place": "x"}, "อย่าส่งรูปบัตร")]
)
def test_the_text_to_pass_on_fits_one_press_and_names_nobody(
    talk: Talk, known: dict[str, str], word: str
) -> None:
    talk.says("รับคน", judgement=judgement_of("danger", "check_offer", **known))
    talk.presses("o1:warn")
    share = talk.step.reply.choices[0]
    assert word in share.share
    assert "1694" in share.share
    assert len(share.share) <= 100
    assert "คุณ" not in share.share


def test_the_answer_changes_the_advice(talk: Talk) -> None:
    advice = set()
    for question in QUESTIONS:
        for reply in REPLIES:
            talk.presses(f"o1:{question}.{reply}")
            card = talk.step.reply.bubbles[0] if talk.step.reply else None
            assert isinstance(card, Card)
            advice.add((card.band, card.lead))
    assert len(advice) == len(QUESTIONS) * len(REPLIES)


@pytest.mark.parametrize(
    ("question", "said", "entities", "same_as"),
    [
        ("fee", "เก็บค่ะ", {}, "yes"),
        ("fee", "ไม่เก็บ", {}, "no"),
        ("fee", "ไม่แน่ใจครับ", {}, "unsure"),
        ("fee", "เขาขอ 500 บาท", {"money": "500"}, "yes"),
        ("employer", "ชื่อบริษัท ก จำกัด", {"employer": "ก"}, "yes"),
        ("country", "ต่างประเทศ", {}, "no"),
        ("country", "เชียงใหม่", {"place": "เชียงใหม่"}, "yes"),
    ],
)
def test_a_typed_answer_counts_like_the_button(
    talk: Talk, question: Question, said: str, entities: dict[str, str], same_as: Reply
) -> None:
    known = {"fee": {}, "employer": {"fee": "1"}, "country": {"fee": "1", "employer": "ก"}}[question]
    talk.says("รับคน", judgement=judgement_of("unclear", "check_offer", **known))
    talk.says(said, judgement=judgement_of("not_an_offer", "small_talk", **entities))
    typed = talk.answer
    talk.presses(f"o1:{question}.{same_as}")
    assert talk.answer.splitlines()[:2] == typed.splitlines()[:2]


def test_another_offer_instead_of_an_answer_is_judged(talk: Talk) -> None:
    talk.says("รับคน", judgement=judgement_of("unclear", "check_offer"))
    talk.says("ไม่เก็บ", judgement=judgement_of("danger", "check_offer"))
    assert "⛔ อันตราย" in talk.answer


def test_words_that_answer_nothing_leave_the_question(talk: Talk) -> None:
    talk.says("รับคน", judgement=judgement_of("unclear", "check_offer"))
    talk.says("แล้วไง", judgement=judgement_of("not_an_offer", "unreadable"))
    assert "ยังไม่เข้าใจ" in talk.answer


def test_asking_for_a_check_without_an_offer_invites_one(talk: Talk) -> None:
    talk.presses("m1:check")
    assert "ส่งข้อความหรือรูปประกาศงาน" in talk.answer
    assert talk.step.effects == ()


def test_the_warning_for_the_family_stands_alone_and_names_nobody(talk: Talk) -> None:
    talk.presses("o1:warn")
    assert talk.step.reply is not None
    text = talk.step.reply.bubbles[1].text
    assert "1694" in text
    assert "คุณ" not in text


def test_a_doubted_result_is_noted_and_a_person_offered(talk: Talk) -> None:
    talk.presses("o1:wrong")
    assert talk.step.effects == (DoubtEffect(),)
    assert "คุยกับเจ้าหน้าที่" in talk.labels


def test_it_asks_how_many_sent_the_like_before_it_answers(talk: Talk) -> None:
    judged = judgement_of("danger", "check_offer")
    facts = Facts(now=talk.now, crisis=CALM, judgement=judged, intent="check_offer")
    step = advance(State(), Event("text", text="รับแอดมิน"), facts)
    assert (step.wanted, step.reply, step.effects) == ({"similar"}, None, ())
    talk.similar = 12
    talk.says("รับแอดมิน", judgement=judged)
    assert "12 ครั้งใน 7 วัน" in talk.answer


def test_a_count_that_could_not_be_had_is_not_asked_for_again(talk: Talk) -> None:
    judged = judgement_of("danger", "check_offer")
    facts = Facts(now=talk.now, crisis=CALM, judgement=judged, fetched=frozenset({"similar"}))
    step = advance(State(), Event("text", text="รับแอดมิน"), facts)
    assert not step.wanted
    assert "ครั้งใน 7 วัน" not in words_of(step.reply)


def test_the_next_offer_is_no_answer_to_the_question_about_the_last(talk: Talk) -> None:
    first = judgement_of("unclear", "check_offer")
    talk.says("รับคนทำงาน", judgement=first)
    second = judgement_of("unclear", "check_offer", money="13,500")
    talk.says("ร้านกาแฟรับพนักงานหน้าร้าน เงินเดือน 13,500", judgement=second)
    assert "เก็บเงินก่อนเริ่มงานไหม" in talk.answer
    assert [effect.judgement for effect in talk.effects(ScreeningEffect)] == [second]


def test_a_word_that_only_looked_familiar_to_a_model_still_answers_the_question(talk: Talk) -> None:
    talk.says("รับคนทำงาน", judgement=judgement_of("unclear", "check_offer"))
    learned = Indicator("wording", "", "คล้าย", 0.5, 0, 8, "ไปปอยเปต")
    place = judge("ไปปอยเปต").entities
    talk.says(
        "ไปปอยเปต", judgement=Judgement("caution", 0.5, (learned,), place, CALM, "check_offer", "r", "m")
    )
    assert talk.step.reply.bubbles[0].band == "danger"
    assert "อย่าเพิ่งเดินทาง" in talk.answer


def test_what_is_passed_on_says_nothing_that_is_wrong_tomorrow(talk: Talk) -> None:
    for hours in range(0, 72, 5):
        talk.wait(hours=hours)
        talk.presses("o1:warn")
        assert "1694 กรมการจัดหางาน" in talk.answer
        for word in ("พรุ่งนี้", "วันนี้", "เปิด", "8.30"):
            assert word not in talk.answer


def test_an_old_button_of_an_offer_in_the_midst_of_a_report_is_answered(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.wait(seconds=5)
    talk.presses("r1:G0:free@abcdef")
    assert talk.state.data["answers"]
    talk.presses("o1:fee.yes")
    assert "อย่าเพิ่งโอน" in talk.answer
    assert "r1:go_on" in {button.data for button in talk.buttons}
