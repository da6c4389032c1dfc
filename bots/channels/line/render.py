"""Our content as LINE message objects: texts, Flex bubbles and quick replies."""

from bisect import bisect_right
from typing import Any
from urllib.parse import quote
from uuid import UUID

from bots.channels.base import Cover, Part
from bots.channels.line.flex import TEXT_UNITS, card_bubbles, notice_bubble, slide_containers, text_bubble
from bots.channels.wording import cut_label, split_text, ways_on, words_in
from core.messages.content import Bubble, Button, Card, Carousel, Content, Picture, Text

# LINE: at most 5 message objects a call, 13 quick replies, 5,000 UTF-16 units a text, 300 units of postback data.
MESSAGES_PER_CALL = 5
_TEXT_UNITS = 5_000
_QUICK_REPLIES = 13
_DATA_UNITS = 300
# An address may have 1,000; "Sending text messages" in LINE's description of its URL scheme.
_ADDRESS_UNITS = 1_000
_SHARE = "https://line.me/R/share?text="


def render_parts(content: Content, *, cover: Cover, message_id: UUID) -> list[Part]:
    """Return calls of at most five message objects each; quick replies hang on the very last object."""
    is_notice = cover == "notice"
    messages = _cover_up(content, message_id) if is_notice else _messages(content, cover)
    choices = ways_on(content.choices) if is_notice else content.choices
    if choices:
        messages[-1]["quickReply"] = {"items": [_quick_reply(b) for b in choices[:_QUICK_REPLIES]]}
    return [
        {"messages": messages[start : start + MESSAGES_PER_CALL]}
        for start in range(0, len(messages), MESSAGES_PER_CALL)
    ]


def _cover_up(content: Content, message_id: UUID) -> list[dict[str, Any]]:
    """Only a neutral line and a button: the content comes when it is asked for (invariant 10)."""
    said = words_in(content.language)
    line = content.notice or said["notice"]
    open_it = Button(said["open"], data=f"open:{message_id}")
    return [_flex(notice_bubble(line, action(open_it)), line)]


def _messages(content: Content, cover: Cover) -> list[dict[str, Any]]:
    notice = content.notice or words_in(content.language)["notice"]
    return [message for bubble in content.bubbles for message in _bubble(bubble, cover, notice)]


def _bubble(bubble: Bubble, cover: Cover, notice: str) -> list[dict[str, Any]]:
    if isinstance(bubble, Card):
        return [_flex(drawn, notice) for drawn in card_bubbles(bubble, action)]
    if isinstance(bubble, Carousel):
        return [_flex(drawn, notice) for drawn in slide_containers(bubble, action)]
    if isinstance(bubble, Picture):
        return [_picture(bubble)]
    if cover == "covered":
        # Of a Flex message the lock screen shows the alternative text alone.
        return [_flex(text_bubble(piece), notice) for piece in split_text(bubble.text, TEXT_UNITS)]
    return [{"type": "text", "text": piece} for piece in split_text(_said(bubble), _TEXT_UNITS)]


def _said(bubble: Text) -> str:
    """LINE refuses a text of nothing but white space."""
    return bubble.text if bubble.text.strip() else "…"


def _picture(bubble: Picture) -> dict[str, Any]:
    return {
        "type": "image",
        "originalContentUrl": bubble.url,
        "previewImageUrl": bubble.preview_url or bubble.url,
    }


def _flex(bubble: dict[str, Any], notice: str) -> dict[str, Any]:
    return {"type": "flex", "altText": notice, "contents": bubble}


def share_address(text: str) -> str:
    """LINE's own address that lets the person choose whom to send a text to; what is too long for it is cut."""
    # A few tries: quoting every shorter beginning took nine tenths of what drawing took in the tests.
    room = _ADDRESS_UNITS - len(_SHARE)
    fitting = bisect_right(range(len(text) + 1), room, key=lambda end: len(quote(text[:end], safe=""))) - 1
    return _SHARE + quote(text[:fitting], safe="")


def _quick_reply(button: Button) -> dict[str, Any]:
    return {"type": "action", "action": action(button)}


def action(button: Button) -> dict[str, Any]:
    """Return the LINE action of a button."""
    label = cut_label(button.label)
    if button.url:
        return {"type": "uri", "label": label, "uri": button.url}
    if button.phone:
        return {"type": "uri", "label": label, "uri": f"tel:{button.phone}"}
    if button.share:
        return {"type": "uri", "label": label, "uri": share_address(button.share)}
    if button.location:
        return {"type": "location", "label": label}
    return {
        "type": "postback",
        "label": label,
        "data": button.data[:_DATA_UNITS],
        "displayText": button.says or button.label,
    }
