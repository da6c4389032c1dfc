import pytest

from bots.dialogues.conversation import advance
from bots.dialogues.offer import QUESTIONS, REPLIES, Question, Reply
from bots.engine.events import Event
from bots.engine.steps import DoubtEffect, Facts, ScreeningEffect, State
from core.messages.content import Card
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
