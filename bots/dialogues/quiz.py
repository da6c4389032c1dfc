"""The game "จริงหรือลวง?": an offer, a guess, at once why; two guesses before the first explanation, two alike at the end.

Nothing that is shown or typed here is an offer to be judged, and nothing of it is offered while staff have a report.
"""

from collections.abc import Mapping

import msgspec

from bots.copy import whole_messages
from bots.dialogues import offer
from bots.dialogues.quiz_round import (
    DIALOGUE,
    Round,
    begin_anew,
    begun_round,
    finish,
    open_round,
    round_of,
    with_answer,
)
from bots.dialogues.quiz_screen import (
    CHOICES,
    MENU,
    PREFIX,
    explanation_content,
    game_content,
    menu_content,
    pick_content,
    question_content,
    result_content,
)
from bots.dialogues.quiz_words import choice_meant, is_ours
from bots.dialogues.speech import move, text
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, PrivateEffect, State, Step
from campaigns.quizzes.quiz import MEASURED, Choice, Question, quizzes

# Typed in other dialogues' words while a question is explained.
_WAY_ON = frozenset({"e1:next", "e1:on", "r1:go_on", "answer.agree"})
_ANSWERS = frozenset({"answer.yes", "answer.no", "answer.unsure", "answer.agree"})
_CHATTER = frozenset({"", "small_talk", "campaign_answer", "unreadable"})


def show_menu(state: State, _event: Event, _facts: Facts) -> Step:
    return Step(move(state, DIALOGUE), menu_content(state.language, begun_round(state)))


def press(state: State, event: Event, facts: Facts) -> Step | None:
    """A press that names a quiz; None for one that is no more."""
    what, _, rest = event.data.removeprefix(PREFIX).partition(".")
    quiz_id, _, rest = rest.partition(".")
    quiz = quizzes().get(quiz_id)
    if quiz is None:
        return None
    if what == "s":
        state, played = begin_anew(state, quiz)
        return _go_on(state, played, facts)
    played = round_of(state, quiz)
    if what == "p":
        return _go_on(state, played, facts)
    question_id, _, said = rest.partition(".")
    question = played.question(question_id)
    choice = next((one for one in CHOICES if one == said), None)
    if what != "a" or question is None or choice is None:
        return None
    return _take(state, played, question, choice, facts)


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """The typed way through: an answer, with or without a reason; on; anything else is not for the game."""
    played = open_round(state)
    if event.kind != "text" or played is None:
        return None
    question = played.asked if state.step == "asked" else None
    choice = choice_meant(event.text) if question and not is_ours(event.text) else None
    if question is not None and choice is not None:
        return _private(_take(state, played, question, choice, facts))
    code = whole_messages().get(as_whole_message(event.text), "")
    if question is None:
        return _private(_go_on(state, played, facts)) if code in _WAY_ON else None
    if offer.is_offer(facts) or facts.open_referral is not None or state.puzzled:
        return None
    if (code and code not in _ANSWERS) or facts.intent not in _CHATTER:
        return None
    puzzled = msgspec.structs.replace(state, puzzled=state.puzzled + 1)
    return Step(puzzled, pick_content(state.language, played, question))


def own_offer(state: State, event: Event) -> Step | None:
    """One of the game's offers sent to be checked: it is ours, and is neither judged nor counted."""
    return Step(state, game_content(state.language)) if is_ours(event.text) else None


def _go_on(state: State, played: Round, facts: Facts) -> Step:
    """The question that comes next; after the last one the score."""
    if played.asked is None:
        result = result_content(state.language, played, facts.channel, facts.our_ids)
        return Step(_at(state, played, "told"), result)
    return Step(_at(state, played, "asked"), question_content(state.language, played, played.asked))


def _take(state: State, played: Round, question: Question, choice: Choice, facts: Facts) -> Step:
    """Take an answer to the present question; a second one to an earlier question changes nothing."""
    if question.id in played.got:
        if not played.explains:
            return _go_on(state, played, facts)
        return Step(_at(state, played, "told"), explanation_content(state.language, played, question))
    if question != played.asked:
        return _go_on(state, played, facts)
    state, played = with_answer(state, played, question, choice)
    if not played.explains:
        later = text(state.language, "quiz.later")
        following = played.asked or question
        return Step(_at(state, played, "asked"), question_content(state.language, played, following, later))
    return _explain(state, played, question, facts)


def _explain(state: State, played: Round, question: Question, facts: Facts) -> Step:
    """At the end of the measure all of it is explained; then each question at once."""
    measured = played.quiz.questions[:MEASURED]
    explained = measured if question in measured else (question,)
    told = explanation_content(state.language, played, *explained)
    if played.asked is not None:
        return Step(_at(state, played, "told"), told)
    finished, effects = finish(state, played)
    result = result_content(state.language, played, facts.channel, facts.our_ids, *told.bubbles)
    return Step(_at(finished, played, "told"), result, effects=effects)


def _at(state: State, played: Round, step: str) -> State:
    return move(state, DIALOGUE, step, quiz=played.quiz.id)


def _private(step: Step) -> Step:
    """What is typed to the game is not what staff are to read."""
    return msgspec.structs.replace(step, effects=(*step.effects, PrivateEffect()))


PRESSES: Mapping[str, Answer] = {MENU: show_menu}
