"""Tesseract over strips of text, one run of the program for all of them."""

import os
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

_TABLE_WIDTH = 12
_WORD_LEVEL = "5"
# One uniform line. Raw line (13) is as good on clean strips and far worse on display letters.
_MODE = "7"


class Word(NamedTuple):
    """What stands between two spaces; `confidence` is Tesseract's, 0 to 100; `left` and `right` are pixels."""

    text: str
    confidence: float
    left: int
    right: int


class NoLanguageError(Exception):
    """Tesseract is here without the languages asked for."""


def read_strips(program: str, strips: list[Image.Image], languages: str) -> list[list[Word]]:
    """The words of every strip. Raises NoLanguageError, and OSError where the program fails otherwise."""
    if not strips:
        return []
    pages = BytesIO()
    strips[0].save(pages, "TIFF", save_all=True, append_images=strips[1:])
    with tempfile.TemporaryDirectory(prefix="rootan-") as folder:
        found = Path(folder) / "found"
        command = [program, "-", str(found), "-l", languages, "--psm", _MODE, "txt", "tsv"]
        done = subprocess.run(  # noqa: S603 - fixed command, the strips go in by standard input
            command,
            input=pages.getvalue(),
            capture_output=True,
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            check=False,
        )
        if done.returncode != 0:
            if b"loading language" in done.stderr:
                raise NoLanguageError
            raise OSError("Tesseract ended with an error")
        lines = found.with_suffix(".txt").read_text("utf-8", "replace").split("\f")
        letters = _letters(found.with_suffix(".tsv").read_text("utf-8", "replace"), len(strips))
    return [_words(line, own) for line, own in zip(lines, letters, strict=False)]


def confidence(words: list[Word]) -> float:
    """The mean over letters, 0 to 100; 0 without any."""
    count = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words) / count if count else 0.0


def _letters(table: str, pages: int) -> list[list[Word]]:
    """The table's words by page; of Thai they are single letters or few."""
    found: list[list[Word]] = [[] for _ in range(pages)]
    for line in table.splitlines():
        cells = line.split("\t")
        if len(cells) == _TABLE_WIDTH and cells[0] == _WORD_LEVEL and (text := cells[11].strip()):
            left, width = int(cells[6]), int(cells[8])
            found[int(cells[1]) - 1].append(Word(text, float(cells[10]), left, left + width))
    return found


def _words(line: str, letters: list[Word]) -> list[Word]:
    """Only the plain text knows the spaces, only the table knows places and confidences: walk along both."""
    words: list[Word] = []
    rest = iter(letters)
    for text in line.split():
        parts: list[Word] = []
        while sum(len(part.text) for part in parts) < len(text) and (part := next(rest, None)) is not None:
            parts.append(part)
        if parts:
            left, right = min(part.left for part in parts), max(part.right for part in parts)
            words.append(Word(text, confidence(parts), left, right))
    return words
