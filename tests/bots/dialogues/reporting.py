"""Answering a report's questions by their buttons, as a person would."""

from bots.engine.steps import Step
from core.messages.content import Button
from tests.bots.dialogues.talk import Talk

RECEIPT = "1234 5678 9012 3456"
# What a worker abroad who is held answers to the first seven.
FIRST = ("สะดวก", "ไม่มี", "ตัวเอง", "ไม่ใช่", "ในไทย", "ไม่ได้", "อย่าทักก่อน")


def button(talk: Talk, label: str) -> Button:
    return next(one for one in talk.buttons if one.label == label)


def tap(talk: Talk, *labels: str) -> Step:
    """Tap these buttons, one answer at a time."""
    for label in labels:
        data = button(talk, label).data
        talk.wait(seconds=5)
        talk.presses(data)
    return talk.step


def types(talk: Talk, words: str, **more: object) -> Step:
    """Type after having read the question."""
    talk.wait(seconds=5)
    return talk.says(words, **more)  # type: ignore[arg-type]


def asked(talk: Talk) -> str:
    """The id of the question that waits."""
    return talk.state.step
