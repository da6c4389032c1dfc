"""Every way through a report, in both languages, as it is read on a telephone."""

import msgspec
import pytest

from bots.copy import count_graphemes
from bots.engine.events import Event
from bots.engine.steps import OpenReferralEffect, StoreAnswersEffect
from core.messages.content import Text
from referrals.questionnaires.questionnaire import Choice, Question
from referrals.questionnaires.reading import load_questionnaire
from tests.bots.dialogues.reporting import FIRST, asked, tap, types
from tests.bots.dialogues.talk import Talk, judgement_of

REPORT = load_questionnaire("report")
FIRST_HELD = ("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่", "ในไทย", "ไม่ได้", "อย่าทักก่อน", "จดแล้ว")
# What the questions branch on, each with the answers that lead down its branch.
WAYS = {
    "worker": {"T": "work", "G5": "working"},
    "travelling": {"T": "work", "G5": "travelling"},
    "abroad": {"G4": "abroad", "T": "work", "G5": "working"},
    "home": {"T": "home"},
    "child": {"G3": "yes"},
    "about a child": {"G2": "other", "T": "child"},
    "elder": {"T": "elder"},
    "money": {"T": "money"},
    "other": {"G2": "other", "T": "work", "G5": "working"},
    "witness": {"G2": "witness", "T": "work"},
    "passed on": {"C1": "refer"},
}


def answer_all(talk: Talk, way: dict[str, str]) -> list[str]:
    """Tap through the whole report, the first button where the way says nothing; return the questions asked."""
    seen = []
    while talk.state.dialogue == "intake":
        question = REPORT.by_id[asked(talk)]
        seen.append(question.id)
        assert len(seen) < 80, seen
        _look_at(talk)
        code = way.get(question.id) or next((one.code for one in question.choices), "skip")
        prefix = f"r1:{question.id}:{code}@"
        talk.wait(seconds=5)
        talk.presses(next(one.data for one in talk.buttons if one.data.startswith(prefix)))
        if talk.state.data.get("picked"):
            _look_at(talk)
            talk.presses(next(one.data for one in talk.buttons if ":done@" in one.data))
    return seen


def _look_at(talk: Talk) -> None:
    reply = talk.step.reply
    assert reply is not None
    assert reply.sensitive
    assert len(reply.bubbles) <= 5
    assert len(reply.choices) <= 13
    assert "x1:leave" in [one.data for one in reply.choices]
    for bubble in reply.bubbles:
        assert isinstance(bubble, Text)
        assert 0 < len(bubble.text) <= 300, bubble.text
    for choice in reply.choices:
        assert 0 < count_graphemes(choice.label) <= 20, choice.label
        assert len(choice.data.encode()) <= 64


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_each_way_leads_to_an_end_in_bubbles_that_fit(talk: Talk, way: dict[str, str], language: str) -> None:
    talk.presses(f"l1:{language}")
    talk.presses("m1:need")
    seen = answer_all(talk, {"G0": "free", "G1": "no", "G3": "no"} | way)
    assert seen[:2] == ["G0", "G1"]
    assert len(seen) == len(set(seen))
    assert set(way) <= set(seen) | {"T"}
    assert talk.state.dialogue == "reported"
    assert any(one.data == "s1:status" for one in talk.buttons)


def test_no_way_asks_more_than_seven_things_before_the_receipt() -> None:
    for way in WAYS.values():
        talk = Talk()
        talk.presses("m1:need")
        taps = 1
        while not talk.state.data.get("receipt_told"):
            question = REPORT.by_id[asked(talk)]
            code = ({"G0": "free", "G1": "no", "G3": "no"} | way).get(question.id) or question.choices[0].code
            talk.presses(f"r1:{question.id}:{code}@000000")
            taps += 1
        assert taps <= 12


@pytest.mark.parametrize(
    ("about", "number"),
    [("คนในบ้าน", "1300"), ("เด็ก", "1300"), ("ผู้สูงอายุ", "1300"), ("เงินหรือบัญชี", "1441")],
)
def test_each_matter_gets_its_own_numbers(talk: Talk, about: str, number: str) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST_HELD, about)
    assert number in talk.answer


def test_a_later_answer_may_show_that_it_cannot_wait(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    (opened,) = talk.effects(OpenReferralEffect)
    assert opened.priority != "P0"
    while asked(talk) != "M3":
        tap(talk, "งานหรือนายจ้าง" if asked(talk) == "T" else "ข้าม")
    tap(talk, "ออกไม่ได้")
    (raised,) = talk.effects(OpenReferralEffect)
    assert raised.priority == "P0"
    assert talk.step.crisis
    assert "191" in talk.answer
    assert "รอไม่ได้" in talk.answer
    tap(talk, "ข้าม")
    assert not talk.step.crisis
    assert talk.effects(OpenReferralEffect) == []


def test_the_last_question_takes_free_words(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    while asked(talk) != "X1":
        tap(talk, "ข้าม")
    types(talk, "เจ้าของชื่อเล่นหมู รถกระบะสีดำ", judgement=judgement_of(intent="small_talk"))
    (stored,) = talk.effects(StoreAnswersEffect)
    assert stored.answers[0].codes == ("text:เจ้าของชื่อเล่นหมู รถกระบะสีดำ",)
    assert "ครบแล้ว" in talk.answer


def test_commands_are_no_free_words(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    while asked(talk) != "X1":
        tap(talk, "ข้าม")
    types(talk, "เมนู")
    assert talk.effects(StoreAnswersEffect) == []
    assert "ทำต่อ" in talk.labels


def test_somebody_who_writes_again_after_all_was_asked_can_report_anew(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST)
    while talk.state.dialogue == "intake":
        tap(talk, "ข้าม")
    talk.referral = None
    talk.presses("m1:need")
    assert asked(talk) == "G0"
    assert not talk.state.data.get("answers")


def test_words_that_are_rude_to_us_get_the_question_again(talk: Talk) -> None:
    talk.presses("m1:need")
    types(talk, "บอตโง่", judgement=judgement_of(intent="small_talk"))
    assert "พิมพ์คุยสะดวกไหม" in talk.answer
    assert asked(talk) == "G0"


def test_a_place_out_of_this_world_is_no_answer(talk: Talk) -> None:
    talk.presses("m1:need")
    tap(talk, *FIRST[:4])
    talk.does(Event("location", latitude=200.0, longitude=500.0))
    assert asked(talk) == "G4"
    assert "G4" not in talk.state.data["answers"]


def test_questions_that_changed_meanwhile_are_asked_as_they_are_now(talk: Talk) -> None:
    """A draft of earlier questions: answers that still exist stay, others are asked again."""
    talk.presses("m1:need")
    tap(talk, "สะดวก", "ไม่มี")
    answers = {**talk.state.data["answers"], "Z9": ["gone"], "G2": ["a choice that is gone"]}
    talk.state = msgspec.structs.replace(
        talk.state, data={**talk.state.data, "answers": answers, "trail": [*answers], "hash": "0" * 64}
    )
    types(talk, "ทำต่อ")
    assert asked(talk) == "G2"
    assert set(talk.state.data["answers"]) == {"G0", "G1"}


def test_every_label_of_every_question_fits_a_button() -> None:
    for language in ("th", "en"):
        labels = [choice.label[language] for question in REPORT.questions for choice in question.choices]
        assert all(count_graphemes(label) <= 20 for label in labels)


def test_the_codes_that_the_dialogue_acts_on_are_in_the_questions() -> None:
    def choice(question: Question, code: str) -> Choice | None:
        return question.choice(code)

    for question, code in (
        ("G0", "watched"), ("G0", "free"), ("G2", "self"), ("G2", "job_check"), ("G3", "yes"), ("C3", "chat"),
        ("C3", "hours"), ("C2n", "named"),
    ):  # fmt: skip
        assert choice(REPORT.by_id[question], code), (question, code)
    assert REPORT.by_id["C2"].kind == "agencies"
