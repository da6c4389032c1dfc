"""Flex bubbles in the identity of docs: calm, one column, the band as a strip on top."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from bots.channels.wording import as_item, split_text
from core.messages.content import Button, Card, Carousel, Picture, Slide

INK, TEAL, PAPER, GREY, ANSWER = "#12343B", "#0F766E", "#F7F9F9", "#475467", "#DCE7E6"
BAND_COLOURS = {"danger": "#B42318", "caution": "#B54708", "unclear": "#475467", "neutral": "#0F766E"}

# A bubble may have 30 KB of JSON, in which a Thai letter takes six bytes; a little is left for what holds it together.
TEXT_UNITS = 2_000
_BUBBLE_BYTES = 27_000
# LINE: 30 KB a bubble, 12 bubbles and 50 KB a carousel.
BUBBLE_BYTES, CAROUSEL_BYTES, CAROUSEL_BUBBLES = 30_000, 50_000, 12
# LINE: a picture may be three times as high as wide; of the library's own measure nothing is cut off.
_TALLEST = 3

Action = Callable[[Button], dict[str, Any]]


def _text(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "text", "text": text, "wrap": True, "size": "sm", "color": INK, **style}


def _column(contents: list[dict[str, Any]], **style: Any) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": contents, **style}


def text_bubble(text: str) -> dict[str, Any]:
    return {"type": "bubble", "body": _column([_text(text, size="md")])}


def notice_bubble(line: str, open_action: dict[str, Any]) -> dict[str, Any]:
    button = {"type": "button", "action": open_action, "style": "primary", "color": TEAL, "height": "sm"}
    return {"type": "bubble", "size": "kilo", "body": _column([_text(line, size="md"), button], spacing="md")}


def card_bubbles(card: Card, action: Action) -> list[dict[str, Any]]:
    """Draw a card: strip with word and icon, advice in one breath, quotes with reasons, next steps, buttons.

    What one bubble can't hold goes on in the next; the strip is on the first, the buttons are on the last.
    """
    strip = _column(
        [_text(card.title, color="#FFFFFF", weight="bold", size="md")],
        backgroundColor=BAND_COLOURS[card.band],
        paddingAll="md",
    )
    drawn = [_button(b, action, first=i == 0) for i, b in enumerate(card.buttons)]
    buttons = _column(_in_pairs(drawn), spacing="xs")
    body = [*_lead(card), *_quotes(card), *_facts(card), *_steps(card), *_note(card)]
    if _surely_fits([strip, body, buttons]):
        pages = [body]
    else:
        pages = _pages(body, _BUBBLE_BYTES - _escaped_size(strip) - _escaped_size(buttons))
    bubbles: list[dict[str, Any]] = [{"type": "bubble", "body": _column(p, spacing="md")} for p in pages]
    bubbles[0]["header"] = strip
    if drawn:
        bubbles[-1]["footer"] = buttons
    return bubbles


def slide_containers(carousel: Carousel, action: Action) -> list[dict[str, Any]]:
    """Draw slides: one alone as a bubble, more side by side, in as many carousels as LINE's limits make them."""
    bubbles = [bubble for slide in carousel.slides for bubble in _slide_bubbles(slide, action)]
    containers: list[dict[str, Any]] = []
    for bubble in bubbles:
        last = containers[-1]["contents"] if containers else []
        longer = {"type": "carousel", "contents": [*last, bubble]}
        if last and len(last) < CAROUSEL_BUBBLES and _escaped_size(longer) <= CAROUSEL_BYTES:
            containers[-1] = longer
        else:
            containers.append({"type": "carousel", "contents": [bubble]})
    return [one if len(one["contents"]) > 1 else one["contents"][0] for one in containers]


def _slide_bubbles(slide: Slide, action: Action) -> list[dict[str, Any]]:
    title = [_text(slide.title, weight="bold", size="lg")] if slide.title.strip() else []
    text = [_text(slide.text, size="md")] if slide.text.strip() else []
    whole = _slide_bubble(slide, [*title, *text], action)
    if _escaped_size(whole) <= BUBBLE_BYTES:
        return [whole]
    body = [*_long(slide.title, weight="bold", size="lg"), *_long(slide.text, size="md")]
    bare = _slide_bubble(slide, [], action)
    first, *more = _pages(body, _BUBBLE_BYTES - _escaped_size(bare))
    return [_slide_bubble(slide, first, action), *({"type": "bubble", "body": _column(p)} for p in more)]


def _slide_bubble(slide: Slide, body: list[dict[str, Any]], action: Action) -> dict[str, Any]:
    bubble: dict[str, Any] = {"type": "bubble"}
    if slide.picture is not None:
        bubble["hero"] = _hero(slide.picture)
    if body:
        bubble["body"] = _column(body, spacing="md")
    if slide.buttons:
        drawn = [
            _slide_button(b, action, first=i == 0, equal=slide.asks) for i, b in enumerate(slide.buttons)
        ]
        bubble["footer"] = _column(drawn, spacing="sm")
    return bubble


def _hero(picture: Picture) -> dict[str, Any]:
    width, height = picture.width or 20, picture.height or 13
    shape = f"{width}:{min(height, _TALLEST * width)}"
    return {"type": "image", "url": picture.url, "size": "full", "aspectRatio": shape, "aspectMode": "cover"}


def _slide_button(button: Button, action: Action, *, first: bool, equal: bool) -> dict[str, Any]:
    """Of answers none stands out: it would be pressed for its colour."""
    if not equal:
        return _button(button, action, first=first)
    return _button(button, action, first=False) | {"style": "secondary", "color": ANSWER}


def _pages(drawn: list[dict[str, Any]], room: int) -> list[list[dict[str, Any]]]:
    """Spread components over as many bodies of `room` bytes as they need."""
    pages: list[list[dict[str, Any]]] = [[]]
    left = room
    for component in drawn:
        size = _escaped_size(component)
        if size > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1].append(component)
        left -= size
    return pages


def _surely_fits(drawn: list[Any]) -> bool:
    """Tell without a look at its letters, for nearly every card: escaped, no letter is longer than three times its UTF-8.

    Measuring every component was half of the time of drawing a card.
    """
    return 3 * len(orjson.dumps(drawn)) <= _BUBBLE_BYTES


def _escaped_size(component: dict[str, Any]) -> int:
    """Bytes where everything that is not ASCII is escaped: so LINE may count, however it was posted."""
    return len(orjson.dumps(component).decode().encode("ascii", "backslashreplace"))


def _long(text: str, **style: Any) -> Iterator[dict[str, Any]]:
    for piece in split_text(text, TEXT_UNITS // 2):
        yield _text(piece, **style)


def _lead(card: Card) -> list[dict[str, Any]]:
    return list(_long(card.lead, weight="bold", size="lg")) if card.lead else []


def _quotes(card: Card) -> list[dict[str, Any]]:
    if not card.quotes:
        return []
    drawn: list[dict[str, Any]] = [{"type": "separator"}]
    for quote in card.quotes:
        *before, words = _long(f"“{quote.words}”", weight="bold")
        why, *after = _long(quote.why, color=GREY) if quote.why else [None]
        drawn += [*before, _column([words, *([why] if why else [])], spacing="xs"), *after]
    return drawn


def _facts(card: Card) -> list[dict[str, Any]]:
    return [drawn for fact in card.facts for drawn in _long(fact, color=GREY)]


def _steps(card: Card) -> list[dict[str, Any]]:
    if not card.steps:
        return []
    first, *more = (drawn for step in card.steps for drawn in _long(as_item(step)))
    return [{"type": "separator"}, first, *(drawn | {"margin": "sm"} for drawn in more)]


def _note(card: Card) -> list[dict[str, Any]]:
    return [{"type": "separator"}, *_long(card.note, size="xs", color=GREY)] if card.note else []


def _in_pairs(drawn: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two buttons a row, so that the band above stays in sight; of an odd number the first has a row of its own."""
    alone, rest = drawn[: len(drawn) % 2], drawn[len(drawn) % 2 :]
    rows = [rest[i : i + 2] for i in range(0, len(rest), 2)]
    return [*alone, *({"type": "box", "layout": "horizontal", "contents": r, "spacing": "xs"} for r in rows)]


def _button(button: Button, action: Action, *, first: bool) -> dict[str, Any]:
    drawn = {"type": "button", "action": action(button), "height": "sm", "adjustMode": "shrink-to-fit"}
    return drawn | ({"style": "primary", "color": TEAL} if first else {"style": "link", "color": INK})
