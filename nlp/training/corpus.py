"""Authored texts: blocks of a header line `@@ label subtype form` and the text below it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

TEXTS = Path(__file__).parent / "texts"
# Texts that no training reads; the second was written when the models were finished, to measure them once.
HOLD_OUTS = ("holdout", "fresh")
_MARK = "@@ "
_FIELDS = 3


class Example(msgspec.Struct, frozen=True):
    """One text: `label` and `subtype` as its header says; `source` is the file it stands in, `place` its line."""

    text: str
    label: str
    subtype: str
    form: str
    source: str
    place: int


def read_folder(name: str) -> list[Example]:
    """Every example of the files in `texts/<name>`, files and blocks in order; raises ValueError naming a bad line."""
    return [example for path in sorted((TEXTS / name).glob("*.txt")) for example in read_file(path)]


def read_file(path: Path) -> Iterator[Example]:
    header: list[str] = []
    body: list[str] = []
    place = 0
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.startswith(_MARK):
            body.append(line)
            continue
        yield from _finished(path, header, body, place)
        header, body, place = line.removeprefix(_MARK).split(), [], number
        if len(header) != _FIELDS:
            raise ValueError(f"{path.name}:{number}: a header has a label, a subtype and a form")
    yield from _finished(path, header, body, place)


def _finished(path: Path, header: list[str], body: list[str], place: int) -> Iterator[Example]:
    text = "\n".join(body).strip()
    if not header:
        if text:
            raise ValueError(f"{path.name}:1: text before the first header")
        return
    if not text:
        raise ValueError(f"{path.name}:{place}: a header without a text")
    label, subtype, form = header
    yield Example(text, label, subtype, form, source=path.stem, place=place)
