"""Telegram's rich text: HTML marks or entities, cut into runs and blocks. Source: Bot API, "Formatting options"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import groupby, pairwise
from typing import Literal

import msgspec

from bots.preview.actions import press_to_open
from bots.preview.view import Run, Words
from bots.preview.wire import Node, child, number, words

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_LINKS = {"url": "", "email": "mailto:", "phone_number": "tel:"}
_MENTIONS = {"mention", "text_mention", "hashtag", "cashtag", "bot_command"}


class Mark(msgspec.Struct, frozen=True):
    """One entity; `start` and `end` count characters of the text."""

    kind: str
    start: int
    end: int
    link: str = ""


def words_of_html(text: str) -> tuple[Words, ...]:
    """Blocks of text marked by Telegram's HTML; a tag it does not know stays visible, as a mistake to see."""
    reader = _Reader()
    reader.feed(text.strip())
    reader.close()
    reader.close_rest()
    return _blocks("".join(reader.shown), reader.marks)


def words_of_entities(text: str, entities: Iterable[Node]) -> tuple[Words, ...]:
    """Blocks of text marked by entities, whose offsets count UTF-16 units."""
    at = _character_at_unit(text)
    marks = []
    for entity in entities:
        start, size = number(entity, "offset"), number(entity, "length")
        if start is None or size is None:
            continue
        begin, end = at.get(int(start)), at.get(int(start + size), len(text))
        if begin is not None:
            marks.append(Mark(words(entity, "type"), begin, end, _link_of(entity)))
    return _blocks(text, marks)


def plain_text(blocks: tuple[Words, ...]) -> str:
    """The text on one line, as a notification shows it."""
    whole = "\n".join("".join("▒" if run.spoiler else run.text for run in block.runs) for block in blocks)
    return " ".join(whole.split())


def _link_of(entity: Node) -> str:
    if words(entity, "type") == "text_mention":
        user = child(entity, "user") or {}
        return f"tg://user?id={int(number(user, 'id') or 0)}"
    return words(entity, "url")


def _character_at_unit(text: str) -> dict[int, int]:
    at, units = {}, 0
    for index, letter in enumerate(text):
        at[units] = index
        units += 2 if ord(letter) > 0xFFFF else 1
    at[units] = len(text)
    return at


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.marks: list[Mark] = []
        self._open: list[tuple[str, str, int, str]] = []
        self._length = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.handle_data(self.get_starttag_text() or f"<{tag}>")
            return
        link = dict(attrs).get("href") or ""
        self._open.append((tag, _TAGS[tag], self._length, link))

    def handle_endtag(self, tag: str) -> None:
        index = next((i for i in reversed(range(len(self._open))) if self._open[i][0] == tag), None)
        if index is None:
            self.handle_data(f"</{tag}>")
            return
        _, kind, start, link = self._open.pop(index)
        self.marks.append(Mark(kind, start, self._length, link))

    def close_rest(self) -> None:
        """A mark that was never ended runs to the end."""
        for tag in [opened[0] for opened in reversed(self._open)]:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self.shown.append(data)
        self._length += len(data)


def _blocks(text: str, marks: list[Mark]) -> tuple[Words, ...]:
    """Quotes and code stand as blocks of their own, everything else flows."""
    blocks = []
    for block, group in groupby(_pieces(text, marks), key=lambda piece: piece[0]):
        runs = _without_outer_breaks([run for _, run in group])
        if runs:
            blocks.append(Words(runs, block=block))
    return tuple(blocks) or (Words((Run(text),)),)


def _pieces(text: str, marks: list[Mark]) -> Iterator[tuple[Literal["", "quote", "pre"], Run]]:
    edges = {0, len(text)} | {
        edge for mark in marks for edge in (mark.start, mark.end) if 0 <= edge <= len(text)
    }
    for start, end in pairwise(sorted(edges)):
        over = [mark for mark in marks if mark.start <= start and mark.end >= end]
        kinds = {mark.kind for mark in over}
        block: Literal["", "quote", "pre"] = (
            "pre" if "pre" in kinds else "quote" if kinds & {"blockquote", "expandable_blockquote"} else ""
        )
        yield block, _run(text[start:end], over, kinds)


def _run(text: str, over: list[Mark], kinds: set[str]) -> Run:
    link = next((mark.link for mark in over if mark.kind == "text_link"), "")
    plain = next((_LINKS[kind] + text for kind in kinds if kind in _LINKS), "")
    return Run(
        text=text,
        bold="bold" in kinds,
        italic="italic" in kinds,
        underline="underline" in kinds,
        strike="strikethrough" in kinds,
        code="code" in kinds,
        spoiler="spoiler" in kinds,
        mention=bool(kinds & _MENTIONS),
        link=press_to_open("", link or plain).value,
    )


def _without_outer_breaks(runs: list[Run]) -> tuple[Run, ...]:
    """A block begins on its own line already: the line breaks at its edges would show twice."""
    if runs:
        runs[0] = msgspec.structs.replace(runs[0], text=runs[0].text.removeprefix("\n"))
        runs[-1] = msgspec.structs.replace(runs[-1], text=runs[-1].text.removesuffix("\n"))
    return tuple(run for run in runs if run.text)
