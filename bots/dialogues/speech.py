"""Putting copy together: bubbles, buttons, and the step that carries them."""

from typing import Any

import msgspec

from bots.copy import copy
from bots.engine.steps import Effect, Language, State, Step
from core.messages.content import Bubble, Button, Card, Content, Text

MENU, STAFF, LEAVE = "m1:menu", "m1:staff", "x1:leave"


def text(language: Language, key: str, **values: object) -> Text:
    return Text(copy().say(language, key, **values))


def button(language: Language, data: str) -> Button:
    """The button for a press code; its words are in buttons.toml under the code."""
    says = f"buttons.says.{data}"
    return Button(
        copy().say(language, f"buttons.labels.{data}"),
        data=data,
        says=copy().say(language, says) if copy().has(says) else "",
    )


def buttons(language: Language, *codes: str) -> tuple[Button, ...]:
    return tuple(button(language, code) for code in codes)


def content(
    language: Language,
    *bubbles: Bubble,
    choices: tuple[str, ...] = (),
    notice: str = "message",
    sensitive: bool = False,
) -> Content:
    """Bubbles with quick choices; a way to a person and a way back are always among them."""
    offered = {b.data for bubble in bubbles if isinstance(bubble, Card) for b in bubble.buttons} | {*choices}
    out = tuple(code for code in (STAFF, MENU) if code not in offered)
    return Content(
        bubbles=bubbles,
        choices=buttons(language, *choices, *out),
        notice=copy().say(language, f"notices.{notice}"),
        sensitive=sensitive,
    )


def says(reply: Content, words: str) -> bool:
    """Whether these words stand in what a person reads in an answer, button labels left out."""
    lines: list[str] = []
    for bubble in reply.bubbles:
        if isinstance(bubble, Text):
            lines.append(bubble.text)
        elif isinstance(bubble, Card):
            lines += [bubble.lead, *bubble.steps]
    return any(words in line for line in lines)


def without(reply: Content, code: str) -> Content:
    """The same answer without the quick choice of this press code."""
    return msgspec.structs.replace(
        reply, choices=tuple(choice for choice in reply.choices if choice.data != code)
    )


def tell(
    state: State,
    *keys: str,
    choices: tuple[str, ...] = (),
    effects: tuple[Effect, ...] = (),
    sensitive: bool = False,
) -> Step:
    """A step that says these keys, one bubble each, and stays where the conversation stands."""
    bubbles = tuple(text(state.language, key) for key in keys)
    return Step(
        state, content(state.language, *bubbles, choices=choices, sensitive=sensitive), effects=effects
    )


def move(state: State, dialogue: str = "", step: str = "", **data: Any) -> State:
    """The same conversation at another place; what the earlier dialogue remembered is dropped."""
    return msgspec.structs.replace(state, dialogue=dialogue, step=step, data=data)
