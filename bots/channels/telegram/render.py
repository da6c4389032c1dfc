"""Our content as Telegram messages: HTML text and inline keyboards."""

import html
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bots.channels.base import Cover, Part
from bots.channels.wording import as_item, is_call, split_text, utf16_units, ways_on, words_in
from core.messages.content import Bubble, Button, Card, Carousel, Content, Picture, Slide

# Telegram: 4,096 UTF-16 units after entities, 1,024 for a caption, 64 bytes of callback data.
TEXT_UNITS = 4_096
CAPTION_UNITS = 1_024
# Of what is put together from pieces a little is left for what holds them together.
_TEXT_UNITS = 4_000
_CAPTION_UNITS = 900
# Of a card no quote, reason or step stands in more than this at once, so that two of them fit one message.
_BLOCK_UNITS = 1_900
_DATA_BYTES = 64
_BUTTONS_A_ROW = 2
_COPIED = 256
# Telegram has no coloured strip.
_SQUARES = {"danger": "🟥", "caution": "🟧", "unclear": "⬜", "neutral": ""}


def render_parts(content: Content, *, cover: Cover, message_id: UUID) -> list[Part]:
    """Return one call a bubble (more for a very long text); keyboards hang on the last of each."""
    said = words_in(content.language)
    parts = [_notice(content, message_id)] if cover == "notice" else _whole(content, cover)
    if content.drops_place_key:
        parts = _without_place_key(parts, said)
    return parts if cover == "notice" else [*parts, *_place_request(content.choices, said)]


def _whole(content: Content, cover: Cover) -> list[Part]:
    notice = content.notice or words_in(content.language)["notice"]
    parts: list[Part] = []
    for bubble in content.bubbles:
        parts += _bubble(bubble, cover, notice)
    parts += [_message(_cover(text, cover, notice)) for text in _phone_texts(content.choices)]
    _hang_keyboard(parts[-1], content.choices)
    return parts


def _notice(content: Content, message_id: UUID) -> Part:
    """Only a neutral line and ways on: the content comes when it is asked for (invariant 10)."""
    said = words_in(content.language)
    part = _message(html.escape(content.notice or said["notice"], quote=False))
    _hang_keyboard(part, (Button(said["open"], data=f"open:{message_id}"),))
    _hang_keyboard(part, ways_on(content.choices))
    return part


def _without_place_key(parts: list[Part], said: Mapping[str, str]) -> list[Part]:
    """Taking that key away needs a message that carries no buttons: one of ours, else a short one before them."""
    if all("reply_markup" in part for part in parts):
        parts = [_message(said["place_over"]), *parts]
    bare = next(part for part in parts if "reply_markup" not in part)
    bare["reply_markup"] = {"remove_keyboard": True}
    return parts


def _bubble(bubble: Bubble, cover: Cover, notice: str) -> list[Part]:
    if isinstance(bubble, Picture):
        return [_photo(bubble, cover, notice)]
    if isinstance(bubble, Card):
        parts = [_message(_cover(text, cover, notice)) for text in _card_texts(bubble)]
        _hang_keyboard(parts[-1], bubble.buttons)
        return parts
    if isinstance(bubble, Carousel):
        return [part for slide in bubble.slides for part in _slide(slide, cover, notice)]
    pieces = split_text(bubble.text if bubble.text.strip() else "…", TEXT_UNITS - _cover_units(cover, notice))
    return [_message(_cover(html.escape(piece, quote=False), cover, notice)) for piece in pieces]


def _cover(text: str, cover: Cover, notice: str) -> str:
    """A notification shows a spoiler as blocks; the words come on a tap."""
    if cover != "covered":
        return text
    return f"{html.escape(notice, quote=False)}\n<tg-spoiler>{text}</tg-spoiler>"


def _cover_units(cover: Cover, notice: str) -> int:
    """How much of a message its cover takes."""
    return utf16_units(notice) + 1 if cover == "covered" else 0


def _slide(slide: Slide, cover: Cover, notice: str) -> list[Part]:
    """One message, the words under the picture where they fit; buttons hang on the last."""
    words = slide_words(slide)
    taken = utf16_units(words) + _cover_units(cover, notice)
    texts = [_marked_slide(slide)] if taken <= TEXT_UNITS else _slide_texts(slide)
    if slide.picture is not None and words and taken <= CAPTION_UNITS:
        parts = [_photo(slide.picture, cover, notice) | {"caption": _cover(texts[0], cover, notice)}]
    else:
        parts = [_photo(slide.picture, cover, notice)] if slide.picture is not None else []
        parts += [_message(_cover(text, cover, notice)) for text in texts if text]
    parts = parts or [_message("…")]
    _hang_keyboard(parts[-1], slide.buttons)
    return parts


def slide_words(slide: Slide) -> str:
    """What is read of a slide, without marks."""
    calls = "\n".join(_call(button) for button in slide.buttons if button.phone)
    return "\n\n".join(filter(None, (slide.title.strip(), slide.text.strip(), calls)))


def _marked_slide(slide: Slide) -> str:
    words, title = slide_words(slide), slide.title.strip()
    if not title:
        return html.escape(words, quote=False)
    rest = html.escape(words.removeprefix(title), quote=False)
    return f"<b>{html.escape(title, quote=False)}</b>{rest}"


def _slide_texts(slide: Slide) -> list[str]:
    title = _marked(slide.title.strip(), "b") if slide.title.strip() else []
    return _joined([*title, *_marked(slide.text.strip()), *_phone_texts(slide.buttons)], "\n\n")


def _photo(picture: Picture, cover: Cover, notice: str) -> Part:
    caption = html.escape(split_text(picture.alt, _CAPTION_UNITS)[0], quote=False)
    return {
        "method": "sendPhoto",
        "photo": picture.url,
        "caption": _cover(caption, cover, notice),
        "parse_mode": "HTML",
        "has_spoiler": cover == "covered",
    }


def _message(text: str) -> Part:
    return {"method": "sendMessage", "text": text, "parse_mode": "HTML"}


def _card_texts(card: Card) -> list[str]:
    """Draw a card as text. A piece never ends inside a tag: blocks are escaped one by one, then joined."""
    title, *more_title = _marked(card.title, "b")
    title = f"{_SQUARES[card.band]} {title}".lstrip()
    lead = _marked(card.lead, "b") if card.lead else []
    blocks = [*more_title, "\n".join([title, *lead[:1]]), *lead[1:]]
    for quote in card.quotes:
        words, why = _marked(quote.words, "blockquote"), _marked(quote.why)
        blocks += [*words[:-1], f"{words[-1]}\n{why[0]}".rstrip("\n"), *why[1:]]
    blocks += [piece for fact in card.facts for piece in _marked(fact)]
    for calls in (False, True):
        steps = [as_item(step) for step in card.steps if is_call(step) is calls]
        blocks += _joined([piece for step in steps for piece in _marked(step)], "\n")
    blocks += _marked(card.note, "i") if card.note else []
    return _joined([*blocks, *_phone_texts(card.buttons)], "\n\n")


def _marked(text: str, tag: str = "") -> list[str]:
    """Escape a text, in pieces where it is long, each in a tag of its own."""
    pieces = [html.escape(piece, quote=False) for piece in split_text(text, _BLOCK_UNITS)]
    return [f"<{tag}>{piece}</{tag}>" for piece in pieces] if tag else pieces


def _phone_texts(buttons: tuple[Button, ...]) -> list[str]:
    """Telegram has no button that calls, so numbers are told; the app makes them pressable."""
    lines = [html.escape(_call(b), quote=False) for b in buttons if b.phone]
    return ["\n".join(lines)] if lines else []


def _call(button: Button) -> str:
    return f"📞 {button.label}: {button.phone}"


def _joined(blocks: list[str], between: str) -> list[str]:
    """Join neighbours as far as one message holds them."""
    texts: list[str] = []
    for block in blocks:
        if texts and utf16_units(texts[-1]) + utf16_units(block) + len(between) <= _TEXT_UNITS:
            texts[-1] += between + block
        else:
            texts.append(block)
    return texts


def _hang_keyboard(part: Part, buttons: tuple[Button, ...]) -> None:
    drawn = [_button(b) for b in buttons if b.data or b.url or b.share]
    if not drawn:
        return
    rows = [drawn[i : i + _BUTTONS_A_ROW] for i in range(0, len(drawn), _BUTTONS_A_ROW)]
    part.setdefault("reply_markup", {"inline_keyboard": []})["inline_keyboard"].extend(rows)


def _button(button: Button) -> dict[str, Any]:
    if button.url:
        return {"text": button.label, "url": button.url}
    if button.share:
        return {"text": button.label, "copy_text": {"text": split_text(button.share, _COPIED)[0]}}
    return {"text": button.label, "callback_data": button.data.encode()[:_DATA_BYTES].decode(errors="ignore")}


def _place_request(choices: tuple[Button, ...], said: Mapping[str, str]) -> list[Part]:
    """Asking for a place needs Telegram's other kind of keyboard, which can't hang on the same message."""
    asked = [{"text": b.label, "request_location": True} for b in choices if b.location]
    if not asked:
        return []
    keyboard = {"keyboard": [asked], "one_time_keyboard": True, "resize_keyboard": True}
    return [_message(said["place"]) | {"reply_markup": keyboard}]
