"""Who is asked for an answer, in which order."""

from datetime import datetime

import msgspec
import pytest

from bots.engine.advance import Answer, Dialogues, advance
from bots.engine.events import Event
from bots.engine.steps import Facts, OpenReferralEffect, State, Step, TypingEffect
from core.clock import BANGKOK
from core.messages.content import Content, Text
from nlp.judgement import Crisis

FACTS = Facts(now=datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK), crisis=Crisis("none", (), 0.0))
TEXT = Event("text", text="x")
CALL = OpenReferralEffect("P0", "crisis")


def saying(name: str, *effects: OpenReferralEffect | TypingEffect) -> Answer:
    def answer(state: State, _event: Event, _facts: Facts) -> Step:
        return Step(state, Content((Text(name),)), effects=effects)

    return answer


def silent(_state: State, _event: Event, _facts: Facts) -> None:
    return None


def dialogues(**answers: Answer) -> Dialogues:
    """Dialogues in which everybody named answers with their own name and all others have nothing to say."""
    known = {"group": silent, "crisis": silent, "opt_out": silent, "route": silent} | answers
    here = known.pop("here", None)
    return Dialogues(current={"here": here} if here else {}, **known)


def said(step: Step) -> str:
    return step.reply.bubbles[0].text if step.reply else ""  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answering", "heard"),
    [
        (["crisis", "opt_out", "here", "route"], "crisis"),
        (["opt_out", "here", "route"], "opt_out"),
        (["here", "route"], "here"),
        (["route"], "route"),
        ([], ""),
    ],
)
def test_crisis_is_asked_first_then_opt_out_words_then_the_dialogue_then_routing(
    answering: list[str], heard: str
) -> None:
    everybody = dialogues(**{name: saying(name) for name in answering})
    assert said(advance(everybody, State(dialogue="here"), TEXT, FACTS)) == heard


def test_another_dialogue_than_the_current_one_is_not_asked() -> None:
    everybody = dialogues(here=saying("here"), route=saying("route"))
    assert said(advance(everybody, State(dialogue="gone"), TEXT, FACTS)) == "route"


def test_in_a_group_only_the_group_is_asked() -> None:
    everybody = dialogues(crisis=saying("crisis", CALL), route=saying("route"), group=saying("group"))
    event = msgspec.structs.replace(TEXT, place="group")
    assert said(advance(everybody, State(), event, FACTS)) == "group"
    assert advance(dialogues(crisis=saying("crisis", CALL)), State(), event, FACTS) == Step(State())


def test_on_standby_only_the_call_for_staff_remains_of_a_crisis_answer() -> None:
    everybody = dialogues(
        crisis=saying("crisis", CALL, TypingEffect()), route=saying("route", TypingEffect())
    )
    event = msgspec.structs.replace(TEXT, standby=True)
    assert advance(everybody, State(step="s"), event, FACTS) == Step(State(step="s"), effects=(CALL,))
    assert advance(dialogues(route=saying("route")), State(), event, FACTS) == Step(State())


def test_an_answer_starts_the_count_of_misunderstandings_over() -> None:
    step = advance(dialogues(route=saying("route")), State(puzzled=3), TEXT, FACTS)
    assert step.state.puzzled == 0


def test_an_answer_that_counts_on_and_a_silent_one_leave_the_count() -> None:
    def count(state: State, _event: Event, _facts: Facts) -> Step:
        counted = msgspec.structs.replace(state, puzzled=state.puzzled + 1)
        return Step(counted, Content((Text("?"),)))

    assert advance(dialogues(route=count), State(puzzled=1), TEXT, FACTS).state.puzzled == 2
    assert advance(dialogues(), State(puzzled=1), TEXT, FACTS).state.puzzled == 1
