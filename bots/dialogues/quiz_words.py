"""What is typed in a quiz: "real" or "lure" in people's own words, and our own offers sent back to us."""

from functools import cache

from bots.copy import LANGUAGES, copy
from bots.dialogues.quiz_screen import CHOICES
from bots.dialogues.words import as_whole_message
from campaigns.quizzes.quiz import Choice, quizzes

_LONGEST_ANSWER = 40  # characters
_LONGEST_REASON = 120  # characters
# Around an offer of ours may stand what somebody adds in passing it on, and the game's own heading.
_MOST_ADDED = 80  # characters


def choice_meant(text: str) -> Choice | None:
    """A choice by number, by word, or with a reason behind it ("ลวง เพราะให้โอนก่อน"); None where it may be either."""
    said = as_whole_message(text)
    if said.isdecimal() and 1 <= int(said) <= len(CHOICES):
        return CHOICES[int(said) - 1]
    if said in _words():
        return _words()[said]
    plain = " ".join(text.casefold().split())
    if len(plain) <= _LONGEST_REASON:
        for word, choice in _words().items():
            rest = plain.removeprefix(word) if plain.startswith(word) else ""
            if rest.lstrip(" ,.:;-").startswith(_because()):
                return choice
    return _only_one(plain) if len(plain) <= _LONGEST_ANSWER else None


def is_ours(text: str) -> bool:
    """Whether a text is one of the quizzes' offers, whole, with little around it."""
    plain = _plain(text)
    return any(offer in plain and len(plain) <= len(offer) + _MOST_ADDED for offer in _offers())


def _only_one(plain: str) -> Choice | None:
    """The choice whose words stand in it; the longer word is read first, so that "ไม่จริง" is not "จริง"."""
    found: set[Choice] = set()
    for word, choice in _words().items():
        if word in plain:
            found.add(choice)
            plain = plain.replace(word, " ")
    return found.pop() if len(found) == 1 else None


@cache
def _words() -> dict[str, Choice]:
    """Longest first."""
    words = {
        word.casefold(): choice
        for choice in CHOICES
        for language in LANGUAGES
        for word in copy().lines(language, f"quiz.hears.{choice}")
    }
    return dict(sorted(words.items(), key=lambda pair: -len(pair[0])))


@cache
def _because() -> tuple[str, ...]:
    return tuple(word for language in LANGUAGES for word in copy().lines(language, "quiz.hears.because"))


@cache
def _offers() -> tuple[str, ...]:
    return tuple(
        _plain(offer)
        for quiz in quizzes().values()
        for question in quiz.questions
        for offer in question.offer.values()
    )


def _plain(text: str) -> str:
    return "".join(text.split())
