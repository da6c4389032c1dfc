"""Flex bubbles in the identity of docs: calm, one column, the band as a strip on top."""

from collections.abc import Callable
from typing import Any

from core.messages.content import Button, Card

INK, TEAL, PAPER, GREY = "#12343B", "#0F766E", "#F7F9F9", "#475467"
BAND_COLOURS = {"danger": "#B42318", "caution": "#B54708", "unclear": "#475467", "neutral": "#0F766E"}

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


def card_bubble(card: Card, action: Action) -> dict[str, Any]:
    """Draw a card: strip with word and icon, advice in one breath, quotes with reasons, next steps, buttons."""
    strip = _column(
        [_text(card.title, color="#FFFFFF", weight="bold", size="md")],
        backgroundColor=BAND_COLOURS[card.band],
        paddingAll="md",
    )
    body = [_text(card.lead, weight="bold", size="lg")] if card.lead else []
    body += _quotes(card) + [_text(fact, color=GREY) for fact in card.facts] + _steps(card)
    bubble: dict[str, Any] = {"type": "bubble", "header": strip, "body": _column(body, spacing="md")}
    if card.buttons:
        bubble["footer"] = _column(
            [_button(b, action, first=i == 0) for i, b in enumerate(card.buttons)], spacing="xs"
        )
    return bubble


def _quotes(card: Card) -> list[dict[str, Any]]:
    if not card.quotes:
        return []
    drawn: list[dict[str, Any]] = [{"type": "separator"}]
    for quote in card.quotes:
        words = _text(f"“{quote.words}”", weight="bold")
        drawn.append(_column([words, _text(quote.why, color=GREY)], spacing="xs"))
    return drawn


def _steps(card: Card) -> list[dict[str, Any]]:
    if not card.steps:
        return []
    return [{"type": "separator"}, *(_text(f"• {step}") for step in card.steps)]


def _button(button: Button, action: Action, *, first: bool) -> dict[str, Any]:
    drawn = {"type": "button", "action": action(button), "height": "sm"}
    return drawn | ({"style": "primary", "color": TEAL} if first else {"style": "link", "color": INK})
