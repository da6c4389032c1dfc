"""Our content as Telegram messages: HTML text and inline keyboards."""

import html
from typing import Any
from uuid import UUID

from bots.channels.base import Cover, Part
from bots.channels.wording import TEXTS, split_text
from core.messages.content import Bubble, Button, Card, Content, Picture

# Telegram: 4,096 UTF-16 units after entities, 1,024 for a caption, 64 bytes of callback data.
_TEXT_UNITS = 4_000
_CAPTION_UNITS = 1_000
_DATA_BYTES = 64
_BUTTONS_A_ROW = 2


def render_parts(content: Content, *, cover: Cover, message_id: UUID) -> list[Part]:
    """Return one call a bubble (more for a very long text); keyboards hang on the last of each."""
    if cover == "notice":
        return [_notice(content, message_id)]
    parts: list[Part] = []
    for bubble in content.bubbles:
        parts += _bubble(bubble, cover, content.notice)
    _hang_keyboard(parts[-1], content.choices)
    parts += _place_request(content.choices)
    return parts


def _notice(content: Content, message_id: UUID) -> Part:
    """Only a neutral line and a button: the content comes when it is asked for (invariant 10)."""
    part = _message(html.escape(content.notice or TEXTS["th"]["notice"], quote=False))
    _hang_keyboard(part, (Button(TEXTS["th"]["open"], data=f"open:{message_id}"),))
    return part


def _bubble(bubble: Bubble, cover: Cover, notice: str) -> list[Part]:
    if isinstance(bubble, Picture):
        caption = split_text(bubble.alt, _CAPTION_UNITS)[0]
        return [{"method": "sendPhoto", "photo": bubble.url, "caption": caption}]
    if isinstance(bubble, Card):
        parts = [_message(_cover(text, cover, notice)) for text in _card_texts(bubble)]
        _hang_keyboard(parts[-1], bubble.buttons)
        return parts
    pieces = split_text(bubble.text if bubble.text.strip() else "…", _TEXT_UNITS)
    return [_message(_cover(html.escape(piece, quote=False), cover, notice)) for piece in pieces]


def _cover(text: str, cover: Cover, notice: str) -> str:
    """A notification shows a spoiler as blocks; the words come on a tap."""
    if cover != "covered":
        return text
    return f"{html.escape(notice or TEXTS['th']['notice'], quote=False)}\n<tg-spoiler>{text}</tg-spoiler>"


def _message(text: str) -> Part:
    return {"method": "sendMessage", "text": text, "parse_mode": "HTML"}


def _card_texts(card: Card) -> list[str]:
    """Draw a card as text. A piece never ends inside a tag: blocks are escaped one by one, then joined."""

    def bold(text: str) -> str:
        return f"<b>{html.escape(text, quote=False)}</b>"

    def plain(text: str) -> str:
        return html.escape(text, quote=False)

    blocks = [f"{bold(card.title)}\n{bold(card.lead)}" if card.lead else bold(card.title)]
    blocks += [f"<blockquote>{plain(q.words)}</blockquote>\n{plain(q.why)}" for q in card.quotes]
    blocks += [plain(fact) for fact in card.facts]
    blocks += ["\n".join(f"• {plain(step)}" for step in card.steps)] if card.steps else []
    blocks += [f"📞 {plain(b.label)}: {plain(b.phone)}" for b in card.buttons if b.phone]
    texts, current = [], blocks[0]
    for block in blocks[1:]:
        if len(current) + len(block) + 2 > _TEXT_UNITS:
            texts.append(current)
            current = block
        else:
            current += "\n\n" + block
    return [*texts, current]


def _hang_keyboard(part: Part, buttons: tuple[Button, ...]) -> None:
    drawn = [_button(b) for b in buttons if b.data or b.url]
    if not drawn:
        return
    rows = [drawn[i : i + _BUTTONS_A_ROW] for i in range(0, len(drawn), _BUTTONS_A_ROW)]
    part.setdefault("reply_markup", {"inline_keyboard": []})["inline_keyboard"].extend(rows)


def _button(button: Button) -> dict[str, Any]:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.data.encode()[:_DATA_BYTES].decode(errors="ignore")}


def _place_request(choices: tuple[Button, ...]) -> list[Part]:
    """Asking for a place needs Telegram's other kind of keyboard, which can't hang on the same message."""
    asked = [{"text": b.label, "request_location": True} for b in choices if b.location]
    if not asked:
        return []
    keyboard = {"keyboard": [asked], "one_time_keyboard": True, "resize_keyboard": True}
    return [_message(TEXTS["th"]["place"]) | {"reply_markup": keyboard}]
