"""`rootan ocr`: what stands in pictures."""

import sys
from pathlib import Path

import orjson
import typer

from nlp.ocr import read_picture
from nlp.pictures import UnreadablePicture

cli = typer.Typer()


@cli.command()
def ocr(files: list[Path]) -> None:
    """Read pictures: one line of JSON each; exit status 1 when one can't be read."""
    unread = [file for file in files if not _read(file)]
    if unread:
        raise typer.Exit(1)


def _read(file: Path) -> bool:
    """Print the line of one picture, or on standard error why there is none."""
    try:
        reading = read_picture(file.read_bytes())
    except OSError as error:
        print(f"{file}: {error.strerror}", file=sys.stderr, flush=True)
        return False
    except UnreadablePicture as error:
        print(f"{file}: can't be read ({error})", file=sys.stderr, flush=True)
        return False
    answer = {"file": str(file), "text": reading.text, "qr": reading.qr, "confidence": reading.confidence}
    sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()
    return True
