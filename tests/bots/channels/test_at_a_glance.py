"""What shows without a tap: notices, alternative texts, labels and what pressing makes the person say. Guards 10."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import regex

from bots.channels.base import Cover
from bots.channels.line import render as line
from bots.channels.telegram import render as telegram
from bots.channels.wording import TEXTS
from core.messages.content import Button, Card, Content
from core.messages.wording import never_at_a_glance
from tests.support.contents import dialogue_contents

MESSAGE = UUID(int=7)
_SPOILER = regex.compile(r"<tg-spoiler>.*?</tg-spoiler>", regex.DOTALL)


def of_key(value: Any, *names: str) -> Iterator[str]:
    """Every text under one of these keys, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in names and isinstance(inner, str):
                yield inner
            yield from of_key(inner, *names)
    elif isinstance(value, list):
        for inner in value:
            yield from of_key(inner, *names)


def buttons_of(content: Content) -> Iterator[Button]:
    yield from content.choices
    for bubble in content.bubbles:
        if isinstance(bubble, Card):
            yield from bubble.buttons


def told(texts: Iterator[str] | set[str]) -> set[str]:
    return {text for text in texts if never_at_a_glance(text)}


def test_the_lines_of_delivery_itself_tell_nothing() -> None:
    assert told(line for lines in TEXTS.values() for line in lines.values()) == set()


def test_no_notice_no_label_and_nothing_that_a_press_says_tells_what_it_is_about() -> None:
    contents = dialogue_contents()
    assert told({content.notice for content in contents}) == set()
    buttons = [button for content in contents for button in buttons_of(content)]
    assert told({button.label for button in buttons} | {button.says for button in buttons}) == set()


@pytest.mark.parametrize("cover", ["plain", "covered", "notice"])
def test_on_line_no_alternative_text_and_no_quick_reply_tells_anything(cover: Cover) -> None:
    for content in dialogue_contents():
        parts = line.render_parts(content, cover=cover, message_id=MESSAGE)
        assert told(of_key(parts, "altText", "label", "displayText")) == set()


def test_on_line_what_is_covered_is_never_a_plain_text() -> None:
    for content in dialogue_contents():
        for cover in ("covered", "notice"):
            for part in line.render_parts(content, cover=cover, message_id=MESSAGE):  # type: ignore[arg-type] # as above
                assert {message["type"] for message in part["messages"]} <= {"flex", "image"}
                assert set(of_key(part, "altText")) <= {content.notice, TEXTS["th"]["notice"]}


def test_on_telegram_a_notification_of_what_is_covered_holds_the_notice_alone() -> None:
    for content in dialogue_contents():
        for cover in ("covered", "notice"):
            for part in telegram.render_parts(content, cover=cover, message_id=MESSAGE):  # type: ignore[arg-type] # as above
                text = part.get("text") or part.get("caption", "")
                shown = _SPOILER.sub("", text).strip()
                own = {words[key] for words in TEXTS.values() for key in ("notice", "place", "place_over")}
                assert shown in {content.notice} | own
                assert told(of_key(part, "text")) <= {text}
