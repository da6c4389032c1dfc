"""The text and the QR codes of a picture."""

import os
import shutil
import subprocess
from io import BytesIO

import msgspec
import numpy as np
import zxingcpp
from PIL import Image

from nlp.pictures import UnreadablePicture as UnreadablePicture
from nlp.pictures import open_picture

LANGUAGES = "tha+eng"
SECONDS = 20
_MEMORY = 1_500_000  # KiB of address space; a 2,000-pixel page takes about a third
_SMALL_SIDE = 900  # pixels; smaller pictures are doubled, since Tesseract wants letters of 20 pixels and more
# The shell sets the limits and then becomes Tesseract: `preexec_fn` may deadlock when threads run.
_LIMITED = 'ulimit -v "$1" 2>/dev/null; ulimit -t "$2"; shift 2; exec "$@"'
_TABLE_WIDTH = 12
_WORD_LEVEL = "5"


class Reading(msgspec.Struct, frozen=True):
    """What stands in a picture; `confidence` is Tesseract's own, 0 to 1, 0 when no text was found."""

    text: str
    qr: tuple[str, ...]
    confidence: float


def read_picture(data: bytes, *, seconds: int = SECONDS) -> Reading:
    """Takes seconds and a core: call it in a thread or process. Raises UnreadablePicture.

    Without Tesseract a picture with a QR code still gives the code; one without raises `no_tesseract`.
    """
    picture = open_picture(data)
    codes = _read_codes(picture)
    program = shutil.which("tesseract")
    if program is None:
        if codes:
            return Reading("", codes, 0.0)
        raise UnreadablePicture("no_tesseract")
    text, confidence = _read_text(program, picture, seconds)
    return Reading(text, codes, confidence)


def _read_codes(picture: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(
        np.asarray(picture), formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    )
    return tuple(dict.fromkeys(code.text for code in found if code.text))


def _read_text(program: str, picture: Image.Image, seconds: int) -> tuple[str, float]:
    command = [program, "-", "stdout", "-l", LANGUAGES, "--psm", "11", "txt", "tsv"]
    limited = ["/bin/sh", "-c", _LIMITED, "sh", str(_MEMORY), str(seconds), *command]
    environment = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - fixed command, the picture goes in by standard input
            limited,
            input=_as_pgm(picture),
            capture_output=True,
            timeout=seconds,
            env=environment | {"OMP_THREAD_LIMIT": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadablePicture("timeout") from error
    if done.returncode != 0:
        raise UnreadablePicture("no_tesseract" if b"loading language" in done.stderr else "timeout")
    return _parsed(done.stdout.decode("utf-8", "replace"))


def _as_pgm(picture: Image.Image) -> bytes:
    """The grey pixels in the plainest format there is."""
    if max(picture.size) < _SMALL_SIDE:
        picture = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    picture.save(buffer, "PPM")
    return buffer.getvalue()


def _parsed(output: str) -> tuple[str, float]:
    """Lines of text and rows of the table of words, in whichever order; the confidence is the mean over letters."""
    lines: list[str] = []
    letters, total = 0, 0.0
    for line in output.replace("\f", "\n").splitlines():
        cells = line.split("\t")
        if len(cells) != _TABLE_WIDTH:
            lines.append(line.strip())
        elif cells[0] == _WORD_LEVEL and cells[-1].strip():
            letters += len(cells[-1])
            total += len(cells[-1]) * float(cells[-2])
    confidence = round(total / letters / 100, 4) if letters else 0.0
    return "\n".join(line for line in lines if line), confidence
