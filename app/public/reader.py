"""The program that reads the pictures of one form: `python -P -m app.public.reader`, apart from the web process.

It takes pictures on standard input, each after its length in four bytes, and writes one line of JSON for each.
"""

import os
import resource
import sys
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from nlp.ocr import read_picture
from nlp.pictures import UnreadablePicture

_MEMORY = 1_200 * 1024 * 1024  # bytes of address space: forty million pixels decoded and made grey
_NICENESS = 10


def main() -> int:
    _be_modest()
    for data in _pictures(sys.stdin.buffer):
        sys.stdout.buffer.write(orjson.dumps(_read(data), option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    return 0


def _be_modest() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    # Only the soft limit: Tesseract's own, set later, may be higher.
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICENESS)


def _pictures(stream: BinaryIO) -> Iterator[bytes]:
    while len(length := stream.read(4)) == 4:
        yield stream.read(int.from_bytes(length))


def _read(data: bytes) -> dict[str, object]:
    try:
        reading = read_picture(data)
    except UnreadablePicture as unreadable:
        return {"problem": unreadable.code}
    return {"text": "\n".join([reading.text, *reading.qr]).strip()}


if __name__ == "__main__":
    raise SystemExit(main())
