"""What stands on paper, before anybody draws it."""

from collections.abc import Sequence
from typing import Literal

import msgspec

Align = Literal["left", "right"]


class Column(msgspec.Struct, frozen=True):
    """A column of a table: its heading and its share of the width."""

    heading: str
    share: float = 1.0
    align: Align = "left"


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words, or a table."""

    kind: Literal["title", "heading", "text", "table"]
    text: str = ""
    bold: bool = False
    quiet: bool = False
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()


class Document(msgspec.Struct):
    """A document of A4 pages, each with the same foot and, where one is given, the same watermark.

    `page_of` says the number of a page, with places for `{page}` and `{pages}`; `lacking` stands last where something
    could not be drawn, being of another script. With a `password` it is encrypted.
    """

    title: str
    foot: str
    page_of: str
    watermark: str = ""
    lacking: str = ""
    password: str = ""
    blocks: list[Block] = msgspec.field(default_factory=list)

    def begin(self, text: str) -> None:
        self.blocks.append(Block("title", text))

    def head(self, text: str) -> None:
        self.blocks.append(Block("heading", text))

    def say(self, text: str, *, bold: bool = False, quiet: bool = False) -> None:
        self.blocks.append(Block("text", text, bold, quiet))

    def lay_out(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        self.blocks.append(Block("table", columns=columns, rows=rows))
