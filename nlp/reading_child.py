"""The process that reads one picture: `python -m nlp.reading_child SECONDS`, picture in, JSON out.

Whatever a hostile picture does to a decoder, it does here, within the limits of `nlp.apart`; gone when the picture is read.
"""

import shutil
import sys

import msgspec
import numpy as np
import zxingcpp
from PIL import Image

from nlp.apart import bind_limits
from nlp.pictures import MOST_BYTES, UnreadablePicture, open_picture
from nlp.reading import Outcome, Reading
from nlp.reading_lines import in_rows
from nlp.reading_strips import cut_strip, take_apart
from nlp.reading_tesseract import NoLanguageError, Word, confidence, read_strips
from nlp.reading_words import choose, is_doubtful, is_speech, put_right

_MEMORY = 1_500_000_000  # bytes of address space; a picture of the largest size takes about a third
_FILE = 64_000_000  # bytes
_MIXED, _THAI = "tha+eng", "tha"
_HEIGHT = 28  # pixels of a consonant; 24 to 32 read alike
_DOUBTFUL = 88.0
_MOST_LINES = 150


def main() -> None:
    # Tesseract is bound by the same limits.
    bind_limits(int(sys.argv[1]), memory=_MEMORY, file=_FILE)
    outcome = _outcome(sys.stdin.buffer.read(MOST_BYTES + 1))
    sys.stdout.buffer.write(msgspec.json.encode(outcome))


def _outcome(data: bytes) -> Outcome:
    try:
        return Outcome(reading=_read(open_picture(data)))
    except UnreadablePicture as unreadable:
        return Outcome(problem=unreadable.code)
    except MemoryError:
        return Outcome(problem="too_many_pixels")


def _read(picture: Image.Image) -> Reading:
    codes = _read_codes(picture)
    program = shutil.which("tesseract")
    if program is None:
        if codes:
            return Reading("", codes, 0.0)
        raise UnreadablePicture("no_tesseract")
    try:
        rows = _read_rows(program, picture)
    except NoLanguageError as error:
        raise UnreadablePicture("no_tesseract") from error
    except OSError as error:
        raise UnreadablePicture("timeout") from error
    text = "\n".join(put_right(" ".join(word.text for word in row)) for row in rows)
    return Reading(text, codes, round(confidence([word for row in rows for word in row]) / 100, 4))


def _read_codes(picture: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(
        np.asarray(picture.convert("L")), formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return tuple(dict.fromkeys(code.text for code in found if code.text))


def _read_rows(program: str, picture: Image.Image) -> list[list[Word]]:
    """The words of every row of text."""
    page = take_apart(picture)
    numbers = [n for n in range(len(page.lines)) if (page.line_of == n).any()][:_MOST_LINES]
    strips = [cut_strip(page, number, _HEIGHT) for number in numbers]
    read = read_strips(program, strips, _MIXED)
    again = [n for n, words in enumerate(read) if is_doubtful(words, _DOUBTFUL)]
    for n, thai in zip(again, read_strips(program, [strips[n] for n in again], _THAI), strict=True):
        read[n] = choose(read[n], thai)
    said = {number: words for number, words in zip(numbers, read, strict=True) if is_speech(words)}
    rows = [[word for number in row for word in said.get(number, ())] for row in in_rows(page.lines)]
    return [row for row in rows if row]


if __name__ == "__main__":
    main()
