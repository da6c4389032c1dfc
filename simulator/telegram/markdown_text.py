"""parse_mode MarkdownV2. Source: Bot API, "MarkdownV2 style"; the errors are worded as the server words them."""

from __future__ import annotations

import re

from simulator.telegram.entities import EntityError, Marked, Writer, bytes_before

_RESERVED = set("_*[]()~`>#+-=|{}.!")
_PAIRS = {
    "*": "bold",
    "_": "italic",
    "__": "underline",
    "~": "strikethrough",
    "||": "spoiler",
}
_NAMES = {
    "*": "Bold",
    "_": "Italic",
    "__": "Underline",
    "~": "Strikethrough",
    "||": "Spoiler",
    "[": "TextUrl",
}
_LANGUAGE = re.compile(r"([^\s`]+)\n")


def parse_markdown(text: str) -> Marked:
    """Raises EntityError for reserved letters left bare and for entities without an end."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._writer = Writer()
        self._stack: list[tuple[str, int, int]] = []
        self._quote: int | None = None

    def read(self) -> Marked:
        while self._at < len(self._text):
            self._step()
        self._end_quote()
        if self._stack:
            mark, _, where = self._stack[-1]
            raise self._unended(_NAMES[mark], where)
        return self._writer.finish()

    def _step(self) -> None:
        text, at = self._text, self._at
        letter = text[at]
        if letter == "\\" and at + 1 < len(text) and "\x00" < text[at + 1] < "\x7f":
            self._writer.write(text[at + 1])
            self._at += 2
        elif letter == "`":
            self._code()
        elif letter == ">" and self._at_line_start():
            self._begin_quote()
        elif letter in _RESERVED:
            self._mark(letter)
        else:
            self._plain(letter)

    def _plain(self, letter: str) -> None:
        self._writer.write(letter)
        self._at += 1
        if letter == "\n" and self._quote is not None and self._text[self._at : self._at + 1] != ">":
            self._end_quote()

    def _mark(self, letter: str) -> None:
        double = self._text[self._at : self._at + 2]
        mark = double if double in ("__", "||") else letter
        if mark == "]" and self._stack and self._stack[-1][0] == "[":
            self._link()
        elif mark == "[" or double == "![":
            self._stack.append(("[", self._writer.units, self._at))
            self._at += len(double) if double == "![" else 1
        elif mark in _PAIRS:
            self._pair(mark)
        else:
            raise EntityError(f"Character '{letter}' is reserved and must be escaped with the preceding '\\'")

    def _pair(self, mark: str) -> None:
        where = self._at
        self._at += len(mark)
        if self._stack and self._stack[-1][0] == mark:
            self._writer.mark(self._stack.pop()[1], _PAIRS[mark])
        elif any(opened == mark for opened, _, _ in self._stack):
            raise self._unended(_NAMES[self._stack[-1][0]], self._stack[-1][2])
        else:
            self._stack.append((mark, self._writer.units, where))

    def _link(self) -> None:
        _, start, where = self._stack.pop()
        if self._text[self._at + 1 : self._at + 2] != "(":
            raise self._unended("TextUrl", where)
        end = self._find_bare(")", self._at + 2)
        if end < 0:
            raise EntityError(
                f"Can't find end of a URL at byte offset {bytes_before(self._text, self._at + 1)}"
            )
        url = re.sub(r"\\(.)", r"\1", self._text[self._at + 2 : end])
        custom = re.fullmatch(r"tg://emoji\?id=(\d+)", url)
        if custom:
            self._writer.mark(start, "custom_emoji", custom_emoji_id=custom[1])
        elif url:
            self._writer.mark(start, "text_link", url=url)
        self._at = end + 1

    def _code(self) -> None:
        where = self._at
        fence = "```" if self._text.startswith("```", where) else "`"
        begin = where + len(fence)
        end = self._find_bare(fence, begin)
        if end < 0:
            raise self._unended("PreCode" if fence == "```" else "Code", where)
        inner = self._text[begin:end]
        language = _LANGUAGE.match(inner) if fence == "```" else None
        start = self._writer.units
        self._writer.write(re.sub(r"\\(.)", r"\1", inner[language.end() if language else 0 :]))
        if language:
            self._writer.mark(start, "pre", language=language[1])
        else:
            self._writer.mark(start, "pre" if fence == "```" else "code")
        self._at = end + len(fence)

    def _find_bare(self, what: str, begin: int) -> int:
        """Position of an unescaped `what`, or -1."""
        at = begin
        while at < len(self._text):
            if self._text[at] == "\\":
                at += 2
            elif self._text.startswith(what, at):
                return at
            else:
                at += 1
        return -1

    def _at_line_start(self) -> bool:
        return self._at == 0 or self._text[self._at - 1] == "\n"

    def _begin_quote(self) -> None:
        self._at += 1
        if self._quote is None:
            self._quote = self._writer.units

    def _end_quote(self) -> None:
        if self._quote is not None:
            self._writer.mark(self._quote, "blockquote")
            self._quote = None

    def _unended(self, name: str, where: int) -> EntityError:
        return EntityError(
            f"Can't find end of {name} entity at byte offset {bytes_before(self._text, where)}"
        )
