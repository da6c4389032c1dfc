"""Quick messages answered in one turn: the facts are those of its beginning, the moment is the same."""

from datetime import datetime

from bots.dialogues.conversation import advance
from bots.engine.events import Event
from bots.engine.steps import CancelReferralEffect, Effect, Facts, OpenReferralEffect, State
from core.clock import BANGKOK
from nlp.judgement import Crisis
from tests.bots.dialogues.talk import CALM, crisis_of, judgement_of, words_of

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)
PLEA = crisis_of("urgent", "danger")
Said = tuple[Event, Crisis]


def one_turn(*said: Said, state: State | None = None) -> tuple[State, list[Effect], str]:
    state, effects, told = state or State(), [], ""
    for event, crisis in said:
        judged = judgement_of("not_an_offer", "small_talk") if event.kind == "text" else None
        step = advance(
            state, event, Facts(now=NOW, crisis=crisis, judgement=judged, receipt=str(len(told)).zfill(16))
        )
        state, told = step.state, told + words_of(step.reply)
        effects += step.effects
    return state, effects, told


def text(words: str, crisis: Crisis = CALM) -> Said:
    return Event("text", text=words), crisis


def test_a_plea_in_two_messages_opens_one_referral_and_shows_one_receipt() -> None:
    _, effects, told = one_turn(text("ช่วยด้วย", PLEA), text("เขาตี", PLEA), text("ออกไม่ได้"))
    assert len([effect for effect in effects if isinstance(effect, OpenReferralEffect)]) == 1
    assert told.count("เลขติดตาม") == 1


def test_another_danger_in_the_same_turn_is_added_without_a_second_receipt() -> None:
    _, effects, told = one_turn(
        text("ช่วยด้วย", PLEA), text("รออยู่"), text("เขาข่มขืน", crisis_of("urgent", "sexual_violence"))
    )
    assert [set(e.kinds) for e in effects if isinstance(e, OpenReferralEffect)] == [
        {"danger"}, {"danger", "sexual_violence"},
    ]  # fmt: skip
    assert told.count("เลขติดตาม") == 1


def test_a_button_pressed_twice_opens_once() -> None:
    press = (Event("press", data="m1:staff"), CALM)
    _, effects, told = one_turn(press, press)
    assert len(effects) == 1
    assert told.count("เลขติดตาม") == 1


def test_what_was_cancelled_in_the_turn_is_gone_in_it() -> None:
    cancel = (Event("press", data="c1:cancel"), CALM)
    confirm = (Event("press", data="c1:cancel.yes"), CALM)
    _, effects, told = one_turn(text("ช่วยด้วย", PLEA), cancel, confirm, text("ช่วยด้วย", PLEA))
    kinds = [type(effect) for effect in effects]
    assert kinds == [OpenReferralEffect, CancelReferralEffect, OpenReferralEffect]
    assert told.count("เลขติดตาม") == 2


def test_the_next_turn_believes_only_its_facts() -> None:
    state, _, _ = one_turn(text("ช่วยด้วย", PLEA))
    later = Facts(now=NOW.replace(minute=1), crisis=PLEA, judgement=judgement_of(), receipt="1" * 16)
    step = advance(state, Event("text", text="ช่วยด้วย"), later)
    assert [type(effect) for effect in step.effects] == [OpenReferralEffect]
    assert "เลขติดตาม" in words_of(step.reply)
