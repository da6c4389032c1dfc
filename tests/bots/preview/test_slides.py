"""Slides as both phones show them: what a manager sees beside the composer is what people get."""

from uuid import UUID

from bots.channels.line.render import render_parts as on_line
from bots.channels.telegram.render import render_parts as on_telegram
from bots.preview.line import view_line
from bots.preview.telegram import view_telegram
from bots.preview.view import Box, Bubble, Carousel, Key, Part, Picture, View, Words
from core.messages import content
from core.messages.content import Button, Content, Slide
from tests.support.contents import POSTER, SLIDES

NOTICE = "มีข่าวถึงคุณ"
CARD = Slide("ก่อนโอน", "ถามชื่อบริษัท", POSTER, (Button("ตรวจงาน", data="m1:check"), Button("โทร", phone="1300")))


def line_views(*slides: Slide) -> tuple[View, ...]:
    said = Content((content.Carousel(slides),), notice=NOTICE)
    return view_line(on_line(said, cover="covered", message_id=UUID(int=1))[0]["messages"])


def telegram_views(*slides: Slide) -> list[View]:
    said = Content((content.Carousel(slides),), notice=NOTICE)
    parts = on_telegram(said, cover="covered", message_id=UUID(int=1))
    return [view_telegram(part["method"], {k: v for k, v in part.items() if k != "method"}) for part in parts]


def leaves(part: Part) -> list[Part]:
    if isinstance(part, Bubble):
        return [leaf for block in part.blocks for leaf in leaves(block.part)]
    return [leaf for inner in part.parts for leaf in leaves(inner)] if isinstance(part, Box) else [part]


def test_on_line_a_slide_is_a_card_with_its_picture_words_and_buttons() -> None:
    (view,) = line_views(CARD)
    assert view.notice == NOTICE
    hero, title, words, check, call = leaves(view.parts[0])
    assert isinstance(hero, Picture)
    assert hero.url == POSTER.url
    assert [w.runs[0].text for w in (title, words) if isinstance(w, Words)] == ["ก่อนโอน", "ถามชื่อบริษัท"]
    assert [k.press.value for k in (check, call) if isinstance(k, Key)] == ["m1:check", "tel:1300"]


def test_on_line_several_slides_lie_side_by_side() -> None:
    (view,) = line_views(CARD, SLIDES["words alone"], SLIDES["a question"])
    (shown,) = view.parts
    assert isinstance(shown, Carousel)
    assert len(shown.bubbles) == 3


def test_on_telegram_each_slide_is_a_message_whose_words_wait_for_a_tap() -> None:
    first, second = telegram_views(CARD, SLIDES["a question"])
    picture, *words = first.parts
    assert isinstance(picture, Picture)
    assert picture.url == POSTER.url
    runs = [run for part in words if isinstance(part, Words) for run in part.runs]
    shown = "".join(run.text for run in runs if not run.spoiler)
    hidden = "".join(run.text for run in runs if run.spoiler)
    assert shown.strip() == NOTICE
    assert hidden == "ก่อนโอน\n\nถามชื่อบริษัท\n\n📞 โทร: 1300"
    assert [key.label for row in first.keys for key in row] == ["ตรวจงาน"]
    assert len([key for row in second.keys for key in row]) == 4
