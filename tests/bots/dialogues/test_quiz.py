"""The game from its menu to its score, pressed and typed."""

import pytest

from bots.dialogues.quiz_screen import share_text
from bots.engine.steps import OpenReferralEffect, PrivateEffect, QuizEffect, ScreeningEffect
from campaigns.quizzes.quiz import Question, quizzes
from core.messages.content import Button, Card, Text
from core.messages.wording import count_graphemes
from tests.bots.dialogues.talk import Talk, judgement_of

QUIZ = next(iter(quizzes().values()))
FIRST = QUIZ.questions[0]


def start(talk: Talk, quiz_id: str = QUIZ.id) -> None:
    talk.presses(f"q1:p.{quiz_id}")


def answer(talk: Talk, question: Question, *, rightly: bool = True, quiz_id: str = QUIZ.id) -> None:
    wrong = "real" if question.truth == "lure" else "lure"
    talk.presses(f"q1:a.{quiz_id}.{question.id}.{question.truth if rightly else wrong}")


def play(talk: Talk, *wrong: str, quiz_id: str = QUIZ.id) -> None:
    start(talk, quiz_id)
    for question in quizzes()[quiz_id].questions:
        answer(talk, question, rightly=question.id not in wrong, quiz_id=quiz_id)


def chats(talk: Talk, text: str) -> None:
    talk.says(text, judgement=judgement_of("not_an_offer", "small_talk"))


def data_of(talk: Talk) -> list[str]:
    return [button.data for button in talk.buttons]


def press_label(talk: Talk, label: str) -> None:
    talk.presses(next(button.data for button in talk.buttons if button.label == label))


@pytest.mark.parametrize("typed", ["เล่นเกม", "ควิซ", "ทดสอบ", "จริงหรือลวง", "/quiz", "เล่นเกมค่ะ"])
def test_the_game_is_found_by_a_word(talk: Talk, typed: str) -> None:
    talk.says(typed)
    assert [f"q1:p.{quiz_id}" for quiz_id in quizzes()] == data_of(talk)[: len(quizzes())]
    assert {"m1:staff", "m1:menu"} <= set(data_of(talk))


@pytest.mark.parametrize("way", ["m1:menu", "m1:help", "g1:quizzes"])
def test_the_game_is_found_from_the_menu_and_the_guide(talk: Talk, way: str) -> None:
    talk.presses(way)
    assert "q1:menu" in data_of(talk)


def test_the_game_is_found_by_asking(talk: Talk) -> None:
    talk.says("มีเกมให้เล่นไหม")
    assert "q1:menu" in data_of(talk)


@pytest.mark.parametrize("quiz_id", list(quizzes()))
@pytest.mark.parametrize("language", ["th", "en"])
def test_every_round_fits_its_bubbles(talk: Talk, quiz_id: str, language: str) -> None:
    talk.presses(f"l1:{language}")
    for wrong in (False, True):
        talk.presses(f"q1:s.{quiz_id}")
        for question in quizzes()[quiz_id].questions:
            answer(talk, question, rightly=not wrong, quiz_id=quiz_id)
            reply = talk.step.reply
            assert reply is not None
            assert len(reply.bubbles) <= 5
            assert len(reply.choices) <= 13
            assert [b for b in reply.bubbles if isinstance(b, Text) and count_graphemes(b.text) > 300] == []
            assert all(count_graphemes(button.label) <= 20 for button in talk.buttons)
            assert all(len(data.encode()) <= 64 for data in data_of(talk))


def test_nothing_is_explained_before_both_first_questions_are_answered(talk: Talk) -> None:
    start(talk)
    answer(talk, FIRST)
    assert FIRST.right["th"] not in talk.answer
    assert QUIZ.questions[1].offer["th"] in talk.answer
    answer(talk, QUIZ.questions[1], rightly=False)
    assert FIRST.right["th"] in talk.answer
    assert QUIZ.questions[1].missed["th"] in talk.answer


def test_a_later_answer_is_explained_at_once_with_the_words_that_tell(talk: Talk) -> None:
    start(talk)
    for question in QUIZ.questions[:2]:
        answer(talk, question)
    press_label(talk, "ไปข้อ 3")
    third = QUIZ.questions[2]
    assert third.offer["th"] in talk.answer
    answer(talk, third, rightly=False)
    assert third.missed["th"] in talk.answer
    assert f"“{third.tells['th'][0]}”" in talk.answer


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("จริง", "real"), ("ลวง", "lure"), ("ลวงค่ะ", "lure"), ("ไม่จริง", "lure"), ("ไม่หลอก", "real"),
        ("น่าจะลวงนะ", "lure"), ("2", "lure"), ("๑", "real"), ("Fake", "lure"), ("ลวง เพราะให้โอนเงินก่อน", "lure"),
        ("ลวงเพราะเขาให้โอนค่ามัดจำ 300 บาทก่อน", "lure"), ("คิดว่าข้อนี้จริง", "real"),
    ],
)  # fmt: skip
def test_an_answer_may_be_typed(talk: Talk, typed: str, choice: str) -> None:
    start(talk)
    talk.says(typed)
    assert talk.state.progress["quiz"]["got"][QUIZ.id] == {FIRST.id: choice}
    assert talk.effects(ScreeningEffect) == []
    # And staff who have a report of this person don't get to read it.
    assert len(talk.effects(PrivateEffect)) == 1


@pytest.mark.parametrize("typed", ["จริงหรือลวงก็ไม่รู้", "จริง ลวง"])
def test_what_may_be_either_is_not_taken_for_an_answer(talk: Talk, typed: str) -> None:
    start(talk)
    chats(talk, typed)
    assert talk.state.progress.get("quiz", {}).get("got", {}) == {}


def test_other_words_are_met_kindly_once_and_then_as_anywhere(talk: Talk) -> None:
    start(talk)
    chats(talk, "มะม่วง")
    assert "ไม่แน่ใจก็เดาได้เลย" in talk.answer
    assert {"จริง", "ลวง"} <= set(talk.labels)
    chats(talk, "มะม่วง")
    assert "เดาได้เลย" not in talk.answer


def test_the_way_on_may_be_typed(talk: Talk) -> None:
    start(talk)
    for question in QUIZ.questions[:2]:
        answer(talk, question)
    talk.says("ต่อไป")
    assert QUIZ.questions[2].offer["th"] in talk.answer


def test_the_score_comes_with_a_kind_word_and_something_to_pass_on(talk: Talk) -> None:
    play(talk, QUIZ.questions[0].id, QUIZ.questions[1].id)
    assert "ตอบตรง 4 จาก 6 ข้อ" in talk.answer
    assert "สองข้อท้ายตอบตรงกว่าสองข้อแรก" in talk.answer
    [card] = [bubble for bubble in talk.step.reply.bubbles if isinstance(bubble, Card)]
    [share] = [button for button in card.buttons if button.share]
    assert len(share.share) <= 100
    assert "4" not in share.share


@pytest.mark.parametrize(("misses", "word"), [(0, "ตาไวมาก"), (2, "ดีเลย"), (6, "ขอบคุณที่เล่นจนจบ")])
def test_every_score_gets_a_kind_word(talk: Talk, misses: int, word: str) -> None:
    play(talk, *(question.id for question in QUIZ.questions[:misses]))
    assert word in talk.answer


def test_an_invitation_names_us_where_there_is_room() -> None:
    assert share_text("th", "line", {"line": "@abc1234"}).endswith("@abc1234")
    assert share_text("th", "line", {}) == share_text("th", "line", {"line": "@" + "a" * 80})
    assert all(len(share_text(language, "", {})) <= 100 for language in ("th", "en"))


def test_a_round_is_counted_once_and_at_its_end(talk: Talk) -> None:
    start(talk)
    for question in QUIZ.questions[:-1]:
        answer(talk, question)
        assert talk.effects(QuizEffect) == []
    answer(talk, QUIZ.questions[-1], rightly=False)
    [effect] = talk.effects(QuizEffect)
    assert (effect.quiz, [one.right for one in effect.answers]) == (QUIZ.id, [True] * 5 + [False])
    assert [one.phase for one in effect.answers] == ["before"] * 2 + ["between"] * 2 + ["after"] * 2
    # Who plays again knows the answers: that is no measure of what was learnt.
    press_label(talk, "เล่นชุดนี้ใหม่")
    assert FIRST.offer["th"] in talk.answer
    for question in QUIZ.questions:
        answer(talk, question)
        assert talk.effects(QuizEffect) == []


def test_a_double_tap_answers_once(talk: Talk) -> None:
    start(talk)
    answer(talk, FIRST, rightly=False)
    answer(talk, FIRST)
    assert QUIZ.questions[1].offer["th"] in talk.answer
    answer(talk, QUIZ.questions[1])
    assert FIRST.missed["th"] in talk.answer
    answer(talk, QUIZ.questions[1], rightly=False)
    assert QUIZ.questions[1].right["th"] in talk.answer


def test_a_button_of_a_question_to_come_leads_to_the_present_one(talk: Talk) -> None:
    answer(talk, QUIZ.questions[4])
    assert FIRST.offer["th"] in talk.answer
    assert talk.state.progress.get("quiz", {}).get("got", {}) == {}


@pytest.mark.parametrize("data", ["q1:p.gone", f"q1:a.{QUIZ.id}.gone.real", f"q1:a.{QUIZ.id}.x.y", "q1:z"])
def test_an_old_button_is_met_kindly(talk: Talk, data: str) -> None:
    talk.presses(data)
    assert "ปุ่มนี้เก่าแล้ว" in talk.answer


def test_a_round_is_gone_on_with_after_days(talk: Talk) -> None:
    start(talk)
    answer(talk, FIRST)
    talk.says("เมนู")
    talk.wait(days=5)
    talk.says("เล่นเกม")
    press_label(talk, "เล่นต่อข้อ 2")
    assert QUIZ.questions[1].offer["th"] in talk.answer


def test_words_of_danger_come_first(talk: Talk) -> None:
    start(talk)
    talk.says("ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไว้")
    assert talk.step.crisis
    assert len(talk.effects(OpenReferralEffect)) == 1


def test_an_offer_sent_in_the_midst_is_checked(talk: Talk) -> None:
    start(talk)
    talk.says("รับแอดมิน 35,000 ไม่ใช้วุฒิ ทำที่ปอยเปต ไม่ต้องมีพาสปอร์ต แอดไลน์ @xyz99")
    assert len(talk.effects(ScreeningEffect)) == 1
    assert talk.state.progress.get("quiz", {}).get("got", {}) == {}


@pytest.mark.parametrize("quiz_id", list(quizzes()))
@pytest.mark.parametrize("language", ["th", "en"])
def test_an_offer_of_the_game_is_never_judged(talk: Talk, quiz_id: str, language: str) -> None:
    for question in quizzes()[quiz_id].questions:
        for added in ("", "เกม ข้อ 3/6\n", "อันนี้จริงไหม "):
            talk.says(f"{added}“{question.offer[language]}”")
            assert talk.effects(ScreeningEffect) == []
            assert "จากเกม" in talk.answer


def test_an_offer_of_the_game_within_somebody_elses_text_is_judged(talk: Talk) -> None:
    talk.says(f"{FIRST.offer['th']} {'แอดไลน์ @abc99 ด่วน รายได้ดี ไม่ต้องมีประสบการณ์ ' * 3}")
    assert len(talk.effects(ScreeningEffect)) == 1


@pytest.mark.parametrize("way", ["m1:menu", "m1:help"])
def test_in_a_report_the_game_is_not_offered(talk: Talk, way: str) -> None:
    talk.says("คุยกับเจ้าหน้าที่")
    talk.presses(way)
    assert "q1:menu" not in data_of(talk)


def test_the_game_in_english(talk: Talk) -> None:
    talk.presses("l1:en")
    start(talk)
    talk.says("fake")
    talk.says("real")
    assert FIRST.right["en"] in talk.answer
    assert "Number 3" in talk.labels
    assert isinstance(talk.buttons[0], Button)
