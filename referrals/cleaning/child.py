"""The process that cleans one file: `python -m referrals.cleaning.child SECONDS`, file in, msgpack out.

Whatever a hostile file does to a decoder, it does here, within the limits of `nlp.apart`; gone when the file is clean.
"""

import sys

import msgspec

from nlp.apart import bind_limits
from referrals.cleaning.documents import clean_document
from referrals.cleaning.film import clean_film
from referrals.cleaning.kinds import MOST_BYTES, Cleaned, Outcome, Refused, media_type_of
from referrals.cleaning.pictures import clean_picture
from referrals.cleaning.sound import clean_sound

_MEMORY = 1_200_000_000  # bytes of address space; forty million pixels in four colours, three times over
_FILE = 0  # nothing is written


def main() -> None:
    bind_limits(int(sys.argv[1]), memory=_MEMORY, file=_FILE)
    sys.stdout.buffer.write(msgspec.msgpack.encode(outcome_of(sys.stdin.buffer.read(MOST_BYTES + 1))))


def outcome_of(data: bytes) -> Outcome:
    """Clean a file or say why not; never raises."""
    try:
        return Outcome(cleaned=_clean(data))
    except Refused as refused:
        return Outcome(refusal=refused.code)
    except MemoryError:
        return Outcome(refusal="too_large")


def _clean(data: bytes) -> Cleaned:
    if len(data) > MOST_BYTES:
        raise Refused("too_large")
    media_type = media_type_of(data)
    family = media_type.partition("/")[0]
    if family == "image":
        cleaned = clean_picture(data, media_type)
    elif family == "audio":
        cleaned = clean_sound(data, media_type)
    elif family == "video":
        cleaned = clean_film(data)
    elif media_type == "application/pdf":
        cleaned = clean_document(data)
    else:
        raise Refused("unknown_kind")
    if len(cleaned.content) > MOST_BYTES:
        raise Refused("too_large")
    return cleaned


if __name__ == "__main__":
    main()
