"""What the composer measures is what the channels send, and the platforms take it up to the edge of every limit."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import pytest

from bots.channels.line import flex
from bots.channels.line import render as line_render
from bots.channels.line.channel import LineChannel
from bots.channels.telegram import render as telegram_render
from bots.channels.telegram.channel import TelegramChannel
from bots.copy import copy
from bots.dialogues.lesson_screen import PREFIX as LESSONS
from bots.dialogues.quiz_screen import PREFIX as QUIZZES
from bots.dialogues.routing import PRESSES
from campaigns.composer import limits
from campaigns.composer.checking import faults_of, stops
from campaigns.composer.rendering import PLACES, press_code, render
from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    ImageBlock,
    LessonBlock,
    LinkBlock,
    TextBlock,
)
from campaigns.plans.plan import Plan, Step
from core.ids import new_id
from core.messages.content import Bubble, Carousel, Content, Picture, Slide, Text
from simulator.phone import Person
from tests.campaigns.composer.plans import picture, press, quiz, said, text, wording
from tests.support.contents import SLIDES, THAI

MESSAGE_ID = UUID(int=1)
NOTICE = "มีข่าวถึงคุณ"
MEDIA = {"m1": picture()}


def on_line(*bubbles: Bubble) -> list[dict[str, Any]]:
    parts = line_render.render_parts(Content(bubbles, notice=NOTICE), cover="covered", message_id=MESSAGE_ID)
    return [message for part in parts for message in part["messages"]]


def on_telegram(*bubbles: Bubble) -> list[dict[str, Any]]:
    return telegram_render.render_parts(
        Content(bubbles, notice=NOTICE), cover="covered", message_id=MESSAGE_ID
    )


def escaped(contents: dict[str, Any]) -> int:
    """Bytes with every letter beyond ASCII written as its UTF-16 units, six each."""
    return sum(1 if c < "\x80" else 6 if c <= "\uffff" else 12 for c in orjson.dumps(contents).decode())


def test_the_composer_and_the_channels_know_the_same_limits() -> None:
    assert limits.LINE_MESSAGES == line_render.MESSAGES_PER_CALL
    assert limits.COVERED_UNITS == flex.TEXT_UNITS
    assert (limits.BUBBLE_BYTES, limits.CAROUSEL_BYTES, limits.CAROUSEL_SLIDES) == (
        flex.BUBBLE_BYTES, flex.CAROUSEL_BYTES, flex.CAROUSEL_BUBBLES,
    )  # fmt: skip
    assert (limits.TELEGRAM_TEXT_UNITS, limits.TELEGRAM_CAPTION_UNITS) == (
        telegram_render.TEXT_UNITS, telegram_render.CAPTION_UNITS,
    )  # fmt: skip


def slides() -> Iterator[Slide]:
    yield from (slide for name, slide in SLIDES.items() if name != "more than a bubble holds")
    yield Slide(
        "😀" * 200, '"quoted"\n<b>\\', SLIDES["words alone"].picture, SLIDES["words alone"].buttons * 4
    )
    yield Slide("ก" * 1_000, THAI[:3_000])


@pytest.mark.parametrize("slide", tuple(slides()))
def test_a_slide_is_never_larger_than_measured_and_hardly_smaller(slide: Slide) -> None:
    real = escaped(on_line(Carousel((slide,)))[0]["contents"])
    assert real <= limits.bubble_bytes(slide) <= real + 100 + 160 * len(slide.buttons)


def test_a_carousel_is_never_larger_than_measured() -> None:
    carousel = Carousel(tuple(slides())[:8])
    assert escaped(on_line(carousel)[0]["contents"]) <= limits.carousel_bytes(carousel)


@pytest.mark.parametrize("units", [1_999, 2_000, 2_001, 4_000, 4_900])
def test_the_messages_of_a_text_are_counted_as_line_gets_them(units: int) -> None:
    for letters in ("ก" * units, ("ถามก่อนโอน " * units)[:units]):
        assert limits.line_messages(Text(letters)) == len(on_line(Text(letters)))


@pytest.mark.parametrize("units", [900, 1_011, 1_012, 3_000, 4_083])
@pytest.mark.parametrize("shown", [None, SLIDES["a picture alone"].picture])
def test_the_messages_of_a_slide_are_counted_as_telegram_gets_them(units: int, shown: Picture | None) -> None:
    bubble = Carousel((Slide(text="ก" * units, picture=shown),))
    assert limits.telegram_messages(bubble, NOTICE) == len(on_telegram(bubble))


@pytest.mark.parametrize("opens", [*PLACES, "lesson:anti_violence", "quiz:job_offers"])
def test_every_place_that_a_button_opens_is_one_that_the_bot_has(opens: str) -> None:
    code = press_code(opens)
    assert code in PRESSES or code.startswith((LESSONS, QUIZZES))
    assert len(code.encode()) <= limits.PRESS_BYTES


def test_the_ways_on_under_a_campaign_are_presses_that_the_bot_knows() -> None:
    content = render(wording(text("ก")), "th", person={}, links={}, campaign_id=new_id(), media={})
    assert {choice.data for choice in content.choices} <= PRESSES.keys()
    assert content.choices[-1].label == copy().say("th", "buttons.labels.m1:menu")


@pytest.mark.parametrize("name", SLIDES)
def test_what_stands_on_a_slide_is_read_on_both_platforms(name: str) -> None:
    slide = SLIDES[name]
    drawn = [orjson.dumps(whole(Carousel((slide,)))).decode() for whole in (on_line, on_telegram)]
    for word in filter(None, (slide.title, slide.buttons and slide.buttons[0].label)):
        assert all(word in one for one in drawn)


def test_of_answers_none_stands_out() -> None:
    (message,) = on_line(Carousel((SLIDES["a question"],)))
    faces = {(b["style"], b["color"]) for b in message["contents"]["footer"]["contents"]}
    assert len(faces) == 1


# Whole wordings up to the edge of what the composer lets pass.
EDGES: dict[str, tuple[Block, ...]] = {
    "the longest text": (text("ก" * 4_083),),
    "the longest text of emoji": (text("😀" * 2_041),),
    "five texts": tuple(TextBlock(f"t{n}", said("ก" * 2_000)) for n in range(5)),
    "the largest card": (CardBlock("c1", said("หัว"), said("ก" * 4_070)),),
    "the largest carousel": (
        CarouselBlock("k1", tuple(CardBlock(f"a{n}", said("หัว"), said("ก" * 570), "m1") for n in range(12))),
        text("ก"), quiz(), ImageBlock("i1", "m1"), LinkBlock("l1", said("ข"), said("เปิด"), "https://example.org/ก"),
    ),
    "every block": (
        text("สวัสดี{name|คุณ}"), CardBlock("c1", said("หัว"), said("<ข้อความ> &"), "m1", (press(), press(opens="", call="1300"))),
        ButtonsBlock("b1", said("เลือก"), (press(label=said("👩\u200d👧" * 20)), press(opens="staff"))),
        quiz(id="q" * 18), ImageBlock("i1", "m1"),
    ),
    "a lesson": (LessonBlock("l1", "anti_violence", "what_it_is"),),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
async def test_the_platforms_take_what_the_composer_lets_pass(
    name: str, line: LineChannel, telegram: TelegramChannel, somsri: Person, ton: Person
) -> None:
    said_so = wording(*EDGES[name])
    assert not stops(faults_of(Plan(steps=(Step(wordings=(said_so,)),)), media=MEDIA))
    content = render(said_so, "th", person={"name": "ก" * 40}, links={}, campaign_id=new_id(), media=MEDIA)
    (only,) = line.render(content, cover="covered", message_id=MESSAGE_ID)
    assert (await line.send(only, mode="push", address=somsri.id, retry_key=new_id())).outcome == "sent"
    for part in telegram.render(content, cover="covered", message_id=MESSAGE_ID):
        assert (await telegram.send(part, mode="send", address=ton.id)).outcome == "sent"
