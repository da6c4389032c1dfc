"""What a quiz shows: an offer with two buttons, why it is what it is, the score with something to pass on."""

from collections.abc import Mapping

import msgspec

from bots.copy import copy
from bots.dialogues.quiz_round import Round
from bots.dialogues.speech import content, text
from bots.engine.steps import Language
from campaigns.quizzes.quiz import Choice, Question, Quiz, quizzes
from core.languages import in_language
from core.messages.content import Bubble, Button, Card, Content, Text

PREFIX = "q1:"
MENU = "q1:menu"
CHOICES: tuple[Choice, ...] = ("real", "lure")
# A handle longer than this would push the text to be shared over what Telegram copies at once.
_LONGEST_SHARE = 100  # characters
_GOOD, _FAIR = 0.8, 0.5


def menu_content(language: Language, begun: Round | None) -> Content:
    """All quizzes; the one that was begun stands first, and once."""
    shown = [quiz_button(quiz, language) for quiz in quizzes().values()]
    if begun is not None and begun.asked is not None:
        label = copy().say(language, "buttons.quiz.on", n=begun.number(begun.asked))
        on = Button(label, data=f"{PREFIX}p.{begun.quiz.id}")
        shown = [on, *(one for one in shown if one.data != on.data)]
    reply = content(language, text(language, "quiz.menu"), text(language, "quiz.invented"))
    return _with(reply, *shown)


def question_content(language: Language, played: Round, question: Question, *first: Bubble) -> Content:
    """The offer, marked as the game's, and what to press or type."""
    offer = text(
        language,
        "quiz.offer",
        number=played.number(question),
        all=len(played.quiz.questions),
        offer=in_language(question.offer, language),
    )
    reply = content(language, *first, offer, text(language, "quiz.ask"))
    return _with(reply, *_choice_buttons(language, played, question))


def pick_content(language: Language, played: Round, question: Question) -> Content:
    """Answered in other words: the two choices again."""
    return _with(content(language, text(language, "quiz.pick")), *_choice_buttons(language, played, question))


def explanation_content(language: Language, played: Round, *questions: Question) -> Content:
    """Why, one bubble a question, and the way on; after the last question the score."""
    bubbles: list[Bubble] = [_explanation(language, played, question) for question in questions]
    if played.asked is None:
        return content(language, *bubbles)
    number = played.number(played.asked)
    way_on = Button(
        copy().say(language, "buttons.quiz.next", n=number), data=f"{PREFIX}p.{played.quiz.id}.{number}"
    )
    return _with(content(language, *bubbles), way_on)


def result_content(
    language: Language, played: Round, channel: str, our_ids: Mapping[str, str], *first: Bubble
) -> Content:
    """The score, a kind word whatever it is, and something to pass on that tells nobody the score."""
    share = Button(copy().say(language, "buttons.quiz.share"), share=share_text(language, channel, our_ids))
    again = Button(copy().say(language, "buttons.quiz.again"), data=f"{PREFIX}s.{played.quiz.id}")
    others = [quiz_button(quiz, language) for quiz in quizzes().values() if quiz.id != played.quiz.id]
    card = Card(
        band="neutral",
        title=in_language(played.quiz.title, language),
        lead=copy().say(language, "quiz.score", right=played.right(), all=len(played.quiz.questions)),
        facts=tuple(copy().say(language, key) for key in _words_for(played)),
        buttons=(share, again),
    )
    return _with(content(language, *first, card, choices=(MENU,)), *others)


def game_content(language: Language) -> Content:
    """One of our own offers came back to be checked."""
    return content(language, text(language, "quiz.ours"), choices=(MENU, "m1:check"))


def share_text(language: Language, channel: str, our_ids: Mapping[str, str]) -> str:
    """An invitation without a score, with our name on this platform where it is known and has room."""
    plain = copy().say(language, "quiz.share")
    named = f"{plain} {our_ids.get(channel, '')}".strip()
    return named if len(named) <= _LONGEST_SHARE else plain


def quiz_button(quiz: Quiz, language: Language) -> Button:
    return Button(in_language(quiz.title, language), data=f"{PREFIX}p.{quiz.id}")


def _explanation(language: Language, played: Round, question: Question) -> Text:
    right = played.got.get(question.id) == question.truth
    told = question.right if right else question.missed
    quoted = [f"“{words}”" for words in in_language(question.tells, language)]
    return text(
        language,
        f"quiz.{'right' if right else 'missed'}.{question.truth}",
        number=played.number(question),
        why=in_language(told, language),
        tells=" ".join(quoted),
    )


def _words_for(played: Round) -> list[str]:
    share = played.right() / len(played.quiz.questions)
    said = ["quiz.kind.many" if share >= _GOOD else "quiz.kind.some" if share >= _FAIR else "quiz.kind.few"]
    if played.right("after") > played.right("before"):
        said.append("quiz.gained")
    return said


def _choice_buttons(language: Language, played: Round, question: Question) -> list[Button]:
    return [
        Button(
            copy().say(language, f"buttons.quiz.{choice}"),
            data=f"{PREFIX}a.{played.quiz.id}.{question.id}.{choice}",
        )
        for choice in CHOICES
    ]


def _with(reply: Content, *shown: Button) -> Content:
    """The reply with these buttons before its own."""
    return msgspec.structs.replace(reply, choices=(*shown, *reply.choices))
