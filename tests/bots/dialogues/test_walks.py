"""Many conversations at random, by buttons, old buttons and typed words: nothing breaks, ends or tells too much."""

import random
from functools import cache

import pytest

from bots.copy import copy, count_graphemes, whole_messages
from bots.dialogues.routing import PRESSES
from bots.dialogues.speech import LEAVE
from bots.engine.steps import State, StoreAnswersEffect
from core.messages.content import Card, Text
from nlp.judgement import Judgement, judge
from referrals.directory.hotlines import all_hotlines
from tests.bots.dialogues.talk import Talk, words_of

DANGER = ("ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ตไป", "ไม่อยากมีชีวิตอยู่แล้ว คืนนี้จะกินยาตาย")
SAID = (
    *DANGER, "แฟนชอบบีบแขนเราเวลาโมโห", "อยู่ปอยเปต", "มีสามคน อยู่ชั้นสอง", "ขอบคุณค่ะ", "0812345678", "กรุงเทพ",
    "รับสมัครแอดมินตอบแชท ปอยเปต เงินเดือน 35,000 แอดไลน์ @rich888", "โอนเงินให้เขาไปแล้ว 5000 โดนหลอก",
    "1234 5678 9012 3456", "มะม่วงสุก", "ๆๆ", "กลับหน้าแรก", "ทำต่อ",
)  # fmt: skip
_PAUSES = (0, 5, 40, 700, 90_000)  # seconds


@cache
def judged(said: str) -> Judgement:
    return judge(said)


@pytest.mark.parametrize("seed", range(120))
def test_no_walk_ends_breaks_or_tells_too_much(seed: int) -> None:
    chance, talk = random.Random(seed), Talk()
    talk.channel = chance.choice(["line", "telegram"])
    for _ in range(chance.randint(4, 16)):
        talk.wait(seconds=chance.choice(_PAUSES))
        _let_staff_act(talk, chance)
        before, known = talk.state, talk.referral is not None
        pressed = _go(talk, chance)
        _look_at(talk, before, pressed=pressed)
        assert known or talk.referral is not None or not talk.effects(StoreAnswersEffect)


def _let_staff_act(talk: Talk, chance: random.Random) -> None:
    if talk.referral is not None and chance.random() < 0.1:
        talk.claim()
    elif chance.random() < 0.05:
        # Closed, or erased from another phone.
        talk.referral = None


def _go(talk: Talk, chance: random.Random) -> bool:
    """One step of the walk; whether it was a press."""
    way, buttons = chance.random(), [button.data for button in talk.buttons if button.data]
    if way < 0.65:
        talk.presses(chance.choice(buttons if buttons and way < 0.58 else [*PRESSES]))
        return True
    said = chance.choice(SAID if way < 0.92 else [*whole_messages()])
    talk.says(said, judgement=judged(said))
    if said in DANGER:
        assert talk.referral is not None
        assert talk.referral.priority == "P0"
    return False


def _look_at(talk: Talk, before: State, *, pressed: bool) -> None:
    reply, state = talk.step.reply, talk.state
    if reply is None:
        assert not pressed or before.decoy
        return
    choices = [choice.data for choice in reply.choices if choice.data]
    assert choices, "a dead end"
    assert len(choices) == len(set(choices)) <= 13
    assert len(reply.bubbles) <= 5
    assert [b for b in reply.bubbles if isinstance(b, Text) and _is_too_long(b.text)] == []
    if state.decoy:
        assert reply.harmless
        assert not any(isinstance(bubble, Card) for bubble in reply.bubbles)
        assert not any(found.number in words_of(reply) for found in all_hotlines())
    elif talk.step.crisis:
        assert LEAVE in choices[:3]


def _is_too_long(said: str) -> bool:
    long = (copy().say("en", "first_contact.notice"), copy().say("th", "first_contact.notice"))
    return count_graphemes(said) > 300 and said not in long
