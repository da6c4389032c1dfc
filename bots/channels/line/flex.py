"""Flex bubbles in the identity of docs: calm, one column, the band as a strip on top."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from bots.channels.wording import as_item, split_text
from core.messages.content import Button, Card

INK, TEAL, PAPER, GREY = "#12343B", "#0F766E", "#F7F9F9", "#475467"
BAND_COLOURS = {"danger": "#B42318", "caution": "#B54708", "unclear": "#475467", "neutral": "#0F766E"}

# A bubble may have 30 KB of JSON, in which a Thai letter takes six bytes; a little is left for what holds it together.
TEXT_UNITS = 2_000
_BUBBLE_BYTES = 27_000

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
