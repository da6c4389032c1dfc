"""What reading a picture comes to."""

import msgspec

from nlp.pictures import UnreadableCode


class Reading(msgspec.Struct, frozen=True):
    """What stands in a picture; `confidence` is Tesseract's own, 0 to 1, 0 when no text was found."""

    text: str
    qr: tuple[str, ...]
    confidence: float


class Outcome(msgspec.Struct, frozen=True):
    """What the reading process tells: a reading, or why there is none."""

    reading: Reading | None = None
    problem: UnreadableCode | None = None
