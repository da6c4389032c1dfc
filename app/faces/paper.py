"""Pages of paper in Thai: letters are shaped, so that tone marks stand above vowels, and lines end between words."""

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import regex
from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from fpdf.fonts import TTFFont

from app.faces.document import Column, Document
from app.faces.drawing import VENDOR
from nlp.segment import words

# Points; the tallest line of Thai takes 1.6 times its letters.
_BODY, _SMALL, _HEAD, _TITLE = 11.0, 9.0, 13.0, 17.0
_LINE = 1.6
_POINT = 0.3528  # mm
_MARGIN, _FOOT = 18.0, 16.0  # mm
_PAD = 1.5
_INK, _QUIET, _RULE, _BAR, _SEEN_THROUGH = (18, 52, 59), (71, 84, 103), (190, 200, 202), (15, 118, 110), 0.13
# What a typeface lacks is shown as this, not as nothing.
UNKNOWN = "[?]"
# Letters that join or choose others' shapes, and are none themselves.
_JOINERS = regex.compile(r"[\p{Cf}\ufe00-\ufe0f]")
# Shaping takes "ำ" apart and leaves a part of it without a letter in the text layer; taken apart before, each has its own.
_SARA_AM = regex.compile("([\u0e48-\u0e4b]?)\u0e33")
_SARA_AM_PARTS = "\u0e4d\\1\u0e32"
_GRAPHEME = regex.compile(r"\X")
_BREAKS = regex.compile(r"[ \t]+|[^ \t]+")


def draw_document(document: Document) -> bytes:
    """Return the document as a PDF."""
    paper = Paper(
        title=document.title, foot=document.foot, page_of=document.page_of, watermark=document.watermark
    )
    for block in document.blocks:
        match block.kind:
            case "title":
                paper.title(block.text)
            case "heading":
                paper.heading(block.text)
            case "text":
                paper.text(block.text, bold=block.bold, quiet=block.quiet)
            case "table":
                paper.table(block.columns, block.rows)
    if document.lacking and paper.lacks_letters:
        paper.text(document.lacking, quiet=True)
    return paper.to_bytes(document.password)


class Paper:
    """A document of A4 pages, each with the same foot and, where one is given, the same watermark."""

    def __init__(self, *, title: str, foot: str, page_of: str, watermark: str = "") -> None:
        """`page_of` says the number of a page, with places for `{page}` and `{pages}`."""
        self._lacks = False
        self._pdf = _Sheet(self, foot=foot, page_of=page_of, watermark=watermark)
        self._pdf.set_title(title)
        self._pdf.set_creator("RooTan")
        self._pdf.set_producer("RooTan")
        self._pdf.add_page()

    @property
    def lacks_letters(self) -> bool:
        """Whether something could not be drawn, being of another script."""
        return self._lacks

    def title(self, text: str) -> None:
        self._lines(text, _TITLE, bold=True)

    def heading(self, text: str) -> None:
        self._pdf.ln(3)
        self._keep_together(_HEAD * _LINE * _POINT * 3)
        self._lines(text, _HEAD, bold=True)

    def text(self, text: str, *, bold: bool = False, quiet: bool = False) -> None:
        self._lines(text, _SMALL if quiet else _BODY, bold=bold, quiet=quiet)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Draw a table whose head stands again on every page; nothing is cut off."""
        pdf = self._pdf
        whole = sum(column.share for column in columns)
        widths = [pdf.epw * column.share / whole for column in columns]
        head = [column.heading for column in columns]
        self._head(head, columns, widths)
        for row in rows:
            if self._height(row, widths) > pdf.room:
                pdf.add_page()
                self._head(head, columns, widths)
            self._row(row, columns, widths)
        pdf.ln(2)

    def call_out(self, text: str, size: float, *, bold: bool = False) -> None:
        """Words in letters of so many points, in the middle of the page, to be read from a distance."""
        pdf = self._pdf
        height = size * _LINE * _POINT
        pdf.write_in(size, bold=bold)
        for line in self.wrap(self.drawable(text), pdf.epw):
            self._keep_together(height)
            pdf.write_in(size, bold=bold)
            pdf.cell(pdf.epw, height, line, align="C", new_x="LMARGIN", new_y="NEXT")

    def squares(self, matrices: Sequence[Sequence[Sequence[int]]], side: float) -> None:
        """Codes to be scanned, side by side in columns of equal width, each `side` mm wide with its white border."""
        pdf = self._pdf
        self._keep_together(side)
        top, column = pdf.get_y(), pdf.epw / len(matrices)
        pdf.set_fill_color(*_INK)
        for number, matrix in enumerate(matrices):
            left, dot = pdf.l_margin + column * number + (column - side) / 2, side / len(matrix)
            for y, row in enumerate(matrix):
                for x, dark in enumerate(row):
                    if dark:
                        # A hair wider, so that no white shows between two of them.
                        pdf.rect(left + x * dot, top + y * dot, dot * 1.02, dot * 1.02, style="F")
        pdf.set_xy(pdf.l_margin, top + side)

    def columns(self, texts: Sequence[str], size: float, *, bold: bool = False) -> None:
        """Words in columns of equal width, each in the middle of its own."""
        pdf = self._pdf
        pdf.write_in(size, bold=bold)
        height, column = size * _LINE * _POINT, pdf.epw / len(texts)
        lines = [self.wrap(self.drawable(text), column - 2 * _PAD) for text in texts]
        most = max(len(one) for one in lines)
        self._keep_together(most * height)
        top = pdf.get_y()
        for number, one in enumerate(lines):
            for at, line in enumerate(one):
                pdf.set_xy(pdf.l_margin + column * number + _PAD, top + at * height)
                pdf.cell(column - 2 * _PAD, height, line, align="C")
        pdf.set_xy(pdf.l_margin, top + most * height)

    def rest(self, height: float) -> None:
        """Leave so many mm free."""
        self._pdf.ln(height)

    def to_bytes(self, password: str = "") -> bytes:
        """Return the document, with a password encrypted by AES-256, its metadata too."""
        if password:
            self._pdf.set_encryption(
                owner_password=password, user_password=password, encryption_method=EncryptionMethod.AES_256
            )
        return bytes(self._pdf.output())

    def drawable(self, text: str) -> str:
        """Replace runs of letters that the typeface lacks, and take apart what shaping would."""
        shown, lacks = "", False
        for char in _JOINERS.sub("", text.replace("\t", " ")):
            if char == "\n" or self._pdf.has(char):
                shown, lacks = shown + char, False
            elif not lacks:
                shown, lacks, self._lacks = shown + UNKNOWN, True, True
        return _SARA_AM.sub(_SARA_AM_PARTS, shown)

    def wrap(self, text: str, width: float) -> list[str]:
        """Break a text into lines no wider than `width` mm in the letters set now: between words, never in a cluster."""
        return [line for part in text.split("\n") for line in self._wrap(part, width)]

    def _wrap(self, part: str, width: float) -> Iterator[str]:
        line, used = "", 0.0
        for piece in _pieces(part):
            for bit in self._bits(piece, width):
                wide = self._pdf.get_string_width(bit)
                if line and used + wide > width:
                    yield line.rstrip()
                    line, used = "", 0.0
                    if not bit.strip():
                        continue
                line, used = line + bit, used + wide
        yield line.rstrip()

    def _bits(self, piece: str, width: float) -> list[str]:
        """A word that is wider than a whole line is broken between its clusters."""
        if self._pdf.get_string_width(piece) <= width:
            return [piece]
        return [str(cluster) for cluster in _GRAPHEME.findall(piece)]

    def _lines(self, text: str, size: float, *, bold: bool = False, quiet: bool = False) -> None:
        pdf = self._pdf
        pdf.write_in(size, bold=bold, quiet=quiet)
        height = size * _LINE * _POINT
        for line in self.wrap(self.drawable(text), pdf.epw):
            self._keep_together(height)
            pdf.write_in(size, bold=bold, quiet=quiet)
            pdf.cell(pdf.epw, height, line, new_x="LMARGIN", new_y="NEXT")

    def _head(self, head: Sequence[str], columns: Sequence[Column], widths: Sequence[float]) -> None:
        if any(head):
            self._row(head, columns, widths, bold=True)

    def _keep_together(self, height: float) -> None:
        if height > self._pdf.room:
            self._pdf.add_page()

    def _height(self, row: Sequence[str], widths: Sequence[float]) -> float:
        self._pdf.write_in(_SMALL)
        most = max(
            len(self.wrap(self.drawable(cell), width - 2 * _PAD))
            for cell, width in zip(row, widths, strict=True)
        )
        return most * _SMALL * _LINE * _POINT + _PAD

    def _row(
        self, row: Sequence[str], columns: Sequence[Column], widths: Sequence[float], *, bold: bool = False
    ) -> None:
        pdf = self._pdf
        height, line = self._height(row, widths), _SMALL * _LINE * _POINT
        self._keep_together(height)
        top, left = pdf.get_y(), pdf.l_margin
        pdf.write_in(_SMALL, bold=bold)
        for cell, column, width in zip(row, columns, widths, strict=True):
            for number, words_ in enumerate(self.wrap(self.drawable(cell), width - 2 * _PAD)):
                pdf.set_xy(left + _PAD, top + _PAD / 2 + number * line)
                pdf.cell(width - 2 * _PAD, line, words_, align="R" if column.align == "right" else "L")
            left += width
        pdf.rule(top + height, heavy=bold)
        pdf.set_xy(pdf.l_margin, top + height)


class _Sheet(FPDF):
    """The library's document, with our foot and watermark."""

    def __init__(self, paper: Paper, *, foot: str, page_of: str, watermark: str) -> None:
        super().__init__(format="A4")
        self._paper, self._foot_text, self._page_of, self._watermark = paper, foot, page_of, watermark
        for style, weight in (("", 400), ("B", 700)):
            file = VENDOR / f"sarabun-{weight}.ttf"
            self.add_font("Sarabun", style, file)
            _keep_in_memory(self.fonts[f"sarabun{style}"], file)
        self.set_text_shaping(use_shaping_engine=True, script="thai", language="tha")
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=False)
        self.write_in(_BODY)

    @property
    def room(self) -> float:
        """How much of the page is left, in mm."""
        return float(self.h - _FOOT - self.get_y())

    def has(self, char: str) -> bool:
        font = self.fonts["sarabun"]
        return isinstance(font, TTFFont) and ord(char) in font.cmap

    def write_in(self, size: float, *, bold: bool = False, quiet: bool = False) -> None:
        self.set_font("Sarabun", "B" if bold else "", size)
        self.set_text_color(*(_QUIET if quiet else _INK))

    def rule(self, y: float, *, heavy: bool = False) -> None:
        self.set_draw_color(*(_INK if heavy else _RULE))
        self.line(self.l_margin, y, self.l_margin + self.epw, y)

    def header(self) -> None:
        if not self._watermark:
            return
        self.write_in(_BODY, bold=True)
        lines = self._paper.wrap(self._paper.drawable(self._watermark), 0.62 * self.h)
        with self.local_context(fill_opacity=_SEEN_THROUGH), self.rotation(52, self.w / 2, self.h / 2):
            for across in range(-2, 3):
                for number, line in enumerate(lines):
                    self.set_xy(self.w / 2 - self.h * 0.31, self.h / 2 + across * 46 + number * 7)
                    self.cell(self.h * 0.62, 7, line, align="C")
        self.set_xy(self.l_margin, self.t_margin)

    def footer(self) -> None:
        self.set_y(-_FOOT + 3)
        self.write_in(_SMALL, quiet=True)
        left = self._paper.drawable(self._watermark or self._foot_text)
        said = self._page_of.format(page=self.page_no(), pages="{nb}")
        for line in self._paper.wrap(left, self.epw - 32)[:2]:
            self.cell(self.epw - 32, _SMALL * 1.4 * _POINT, line, new_x="LMARGIN", new_y="NEXT")
        self.set_xy(self.l_margin + self.epw - 32, -_FOOT + 3)
        self.cell(32, _SMALL * 1.4 * _POINT, said, align="R")


def _keep_in_memory(font: object, file: Path) -> None:
    """The library reads a typeface bit by bit from a file that it never closes."""
    if isinstance(font, TTFFont):
        font.ttfont.reader.file.close()
        font.ttfont.reader.file = io.BytesIO(file.read_bytes())


def _pieces(text: str) -> Iterator[str]:
    """Yield what may stand on a line of its own: words, and the blanks between them."""
    for run in _BREAKS.findall(text):
        yield from [run] if run.isspace() or run.isascii() else _joined(words(run))


def _joined(found: Sequence[str]) -> Iterator[str]:
    """Leave together what a break would tear: a mark at the beginning of a piece belongs to the one before."""
    piece = ""
    for before, word in pairwise(["", *found]):
        if piece and (
            len(_GRAPHEME.findall(before + word))
            < len(_GRAPHEME.findall(before)) + len(_GRAPHEME.findall(word))
            or word in "ๆฯ"
        ):
            piece += word
            continue
        if piece:
            yield piece
        piece = word
    if piece:
        yield piece
