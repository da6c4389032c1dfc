from campaigns.quizzes.quiz import quizzes
from campaigns.ready.questions import quiz_block


def test_a_question_of_a_quiz_is_asked_whole_with_both_answers_explained() -> None:
    question = quizzes()["job_offers"].questions[0]
    block = quiz_block("job_offers", question.id, compares=True)
    assert question.offer["th"] in block.question["th"]
    assert {choice.id: choice.right for choice in block.choices} == {"real": False, "lure": True}
    replies = {choice.id: choice.reply["en"] for choice in block.choices}
    assert question.right["en"] in replies["lure"]
    assert question.missed["en"] in replies["real"]
    assert all(tell in replies["lure"] for tell in question.tells["en"])
    assert (block.measures, block.phase) == ("fold_bags", "before")


def test_its_twin_measures_the_same_afterwards_and_a_lone_one_measures_nothing() -> None:
    after = quiz_block("job_offers", "beads", compares=True)
    assert (after.measures, after.phase) == ("fold_bags", "after")
    alone = quiz_block("job_offers", "beads", compares=False)
    assert (alone.measures, alone.phase) == ("", "")
