"""Guards invariant 2 (answered together) and 7: a flood of one person costs one call, and never hides help."""

from bots.dispatch.turn import _fitting
from core.messages.content import Content, Text


def _said(*words: str) -> Content:
    return Content(bubbles=tuple(Text(word) for word in words))


def test_the_same_answer_is_said_once() -> None:
    assert _fitting([(_said("a"), False), (_said("a"), False)]) == (Text("a"),)


def test_of_many_answers_the_newest_fit_into_one_call() -> None:
    answers = [(_said(str(number)), False) for number in range(20)]
    assert _fitting(answers) == tuple(Text(str(number)) for number in range(15, 20))


def test_the_answer_to_a_call_for_help_comes_first_and_whole() -> None:
    answers = [(_said("help", "numbers"), True), *[(_said(str(number)), False) for number in range(20)]]
    assert _fitting(answers) == tuple(map(Text, ("help", "numbers", "17", "18", "19")))


def test_one_long_answer_is_never_cut() -> None:
    words = tuple("abcdefg")
    assert _fitting([(_said(*words), False)]) == tuple(map(Text, words))
