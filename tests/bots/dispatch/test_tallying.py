"""A round of a quiz from the chat to the sums of the day; who played stands nowhere."""

import pytest

from campaigns.quizzes.quiz import quizzes
from tests.bots.dispatch.test_reporting import Chat, press, text
from tests.support.house import QuietHouse

QUIZ = next(iter(quizzes().values()))


async def play(chat: Chat) -> None:
    for question in QUIZ.questions:
        await chat.sends(press(f"q1:a.{QUIZ.id}.{question.id}.lure"))


async def test_a_finished_round_is_counted_once_and_of_nobody(quiet: QuietHouse) -> None:
    chat = Chat(quiet)
    await play(chat)
    await chat.sends(press(f"q1:s.{QUIZ.id}"))
    await play(chat)
    rows = await quiet.rows('SELECT question, phase, asked, "right" FROM quiz_tally')
    assert {row.question: (row.phase, row.asked, row.right) for row in rows} == {
        question.id: (question.phase, 1, int(question.truth == "lure")) for question in QUIZ.questions
    }
    columns = await quiet.rows(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'quiz_tally'"
    )
    assert {row.column_name for row in columns} == {"quiz", "question", "phase", "day", "asked", "right"}


async def test_an_unfinished_round_is_not_counted(quiet: QuietHouse) -> None:
    chat = Chat(quiet)
    for question in QUIZ.questions[:-1]:
        await chat.sends(press(f"q1:a.{QUIZ.id}.{question.id}.lure"))
    assert await quiet.value("SELECT count(*) FROM quiz_tally") == 0


@pytest.mark.parametrize("answer", ["ลวง", "ลวง เพราะให้โอนก่อน"])
async def test_nothing_of_the_game_is_stored_as_an_offer_or_read_by_staff(
    quiet: QuietHouse, answer: str
) -> None:
    chat = Chat(quiet)
    await chat.sends(text("staff", "คุยกับเจ้าหน้าที่"))
    before = await quiet.value("SELECT count(*) FROM referral_entry")
    await chat.sends(press(f"q1:p.{QUIZ.id}"))
    await chat.sends(text("answer", answer))
    await chat.sends(text("offer", QUIZ.questions[0].offer["th"]))
    assert await quiet.value("SELECT count(*) FROM screening") == 0
    assert await quiet.value("SELECT count(*) FROM referral_entry") == before + 1
