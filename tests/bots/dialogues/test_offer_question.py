import pytest

from bots.dialogues.offer_question import (
    QUESTIONS,
    REPLIES,
    Question,
    answer_in,
    matters_told,
    open_question,
    rejudge,
    weigh_as,
)
from nlp.judgement import judge
from tests.bots.dialogues.talk import judgement_of


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("รับสมัครพนักงานเสิร์ฟ ร้านอาหารครัวคุณต๋อย สีลม วันละ 450 บาท", "fee"),
        ("รับคนทำงานโรงงาน มีที่พัก ไม่มีค่าใช้จ่าย", "country"),
        ("รับแอดมินตอบแชท", "country"),
        ("งานเสริมออนไลน์ ทำที่บ้าน ใครก็ทำได้", "pay"),
        ("รับคนงานก่อสร้าง เชียงใหม่ ไม่มีค่าใช้จ่าย", "employer"),
    ],
)
def test_it_asks_what_the_words_leave_open_and_what_would_decide(text: str, question: Question) -> None:
    assert open_question(text, judge(text)) == question


def test_of_work_abroad_it_asks_who_employs_then_what_it_costs_then_who_keeps_the_papers() -> None:
    abroad = judgement_of("unclear", place="x")
    place = abroad.entities["place"][0]
    asked = []
    entities = {"place": (type(place)("ไต้หวัน", 0, 1, {"country": "TW"}),)}
    for told in ("", "employer", "fee"):
        if told:
            entities[told] = (place,)
        judged = type(abroad)("unclear", 0.2, (), dict(entities), abroad.crisis, "", "r", "m")
        asked.append(open_question("งานไต้หวัน", judged))
    assert asked == ["employer", "fee", "papers"]


def test_a_bad_answer_raises_the_band_and_a_good_one_never_says_it_is_fine() -> None:
    for score in (0.01, 0.1, 0.3, 0.5, 0.99):
        for question in QUESTIONS:
            bands = {reply: rejudge(score, {question: reply}) for reply in REPLIES}
            assert bands["yes"] in {"unclear", "caution", "danger"}
            assert bands["unsure"] != "unclear"
            assert (bands["yes"] if question == "fee" else bands["no"]) != "unclear"


def test_the_answer_counts_with_the_words() -> None:
    assert rejudge(0.1, {"fee": "yes"}) == "caution"
    assert rejudge(0.33, {"fee": "yes"}) == "danger"
    assert rejudge(0.2, {"papers": "no"}) == "danger"
    assert rejudge(0.2, {"pay": "no"}) == "danger"
    assert rejudge(0.2, {"employer": "yes"}) == "unclear"


def test_a_place_where_scam_centres_stand_weighs_more_than_any_abroad() -> None:
    hub, elsewhere = judge("อยู่ปอยเปต"), judge("ไปไต้หวัน")
    assert answer_in("fee", hub) == ("country", "no")
    assert weigh_as("country", "no", hub) == "hub"
    assert weigh_as("country", "no", elsewhere) == "no"
    assert rejudge(0.1, {"country": "hub"}) == "danger"
    assert rejudge(0.1, {"country": "no"}) == "caution"
    assert matters_told({"country": "hub"}) == {"abroad"}
