"""Films and telephone recordings (ISO 14496-12, QuickTime): what was written about them is overwritten in place.

Nothing moves, so that every place of a sample stays true: what goes becomes a box named `free` full of zeros. A track
that is neither picture nor sound may hold where the telephone was, second by second, and its samples lie among the
others; such a film is refused.
"""

from collections.abc import Iterator
from typing import NamedTuple

from referrals.cleaning.kinds import Cleaned, Refused

_HOLDERS = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"mvex", b"moof", b"traf"}
)
# Everything else at its place is overwritten: boxes that only describe, and such as nobody knows.
_KEPT = _HOLDERS | {
    b"ftyp", b"styp", b"mdat", b"free", b"skip", b"wide", b"mvhd", b"tkhd", b"mdhd", b"hdlr", b"vmhd", b"smhd",
    b"elst", b"dref", b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stsc", b"stsz", b"stz2", b"stco", b"co64",
    b"sgpd", b"sbgp", b"sdtp", b"mehd", b"trex", b"mfhd", b"tfhd", b"tfdt", b"trun", b"sidx", b"mfra", b"tfra",
    b"mfro", b"tref", b"nmhd", b"gmhd", b"tapt", b"clef", b"prof", b"enof",
}  # fmt: skip
_EMPTIED = frozenset({b"free", b"skip", b"wide"})
_TIMED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_HEARD_AND_SEEN = {b"vide": "film", b"soun": "sound"}
# Handlers of QuickTime that say where a track lies, not what it is.
_POINTERS = frozenset({b"url ", b"alis"})
_DEEPEST = 8
_MOST_BOXES = 20_000


class _Box(NamedTuple):
    """A box: its name, where its content begins and where it ends."""

    name: bytes
    start: int
    body: int
    end: int
    depth: int


def clean_film(data: bytes) -> Cleaned:
    """Blank times, places, names and makers; raises Refused."""
    out, tracks = bytearray(data), set()
    for number, box in enumerate(_boxes(data, 0, len(data), 0)):
        if number > _MOST_BOXES:
            raise Refused("broken")
        if box.name == b"hdlr":
            tracks.add(data[box.body + 8 : box.body + 12])
        _clean_box(out, box)
    seen = {_HEARD_AND_SEEN.get(handler, "") for handler in tracks - _POINTERS}
    if not seen:
        raise Refused("broken")
    if "" in seen:
        raise Refused("hidden_data")
    if "film" in seen:
        return Cleaned("film", "video/mp4", bytes(out))
    return Cleaned("sound", "audio/mp4", bytes(out))


def _clean_box(out: bytearray, box: _Box) -> None:
    if box.name == b"hdlr":
        # Behind the kind of track stands a name that the maker chose.
        _blank(out, box.body + 24, box.end)
    elif box.name in _TIMED:
        is_wide = out[box.body : box.body + 1] == b"\1"
        _blank(out, box.body + 4, min(box.body + (20 if is_wide else 12), box.end))
    elif box.name in _EMPTIED:
        _blank(out, box.body, box.end)
    elif box.name not in _KEPT:
        out[box.start + 4 : box.start + 8] = b"free"
        _blank(out, box.body, box.end)


def _boxes(data: bytes, at: int, end: int, depth: int) -> Iterator[_Box]:
    """Every box of the span, each before those that it holds; raises Refused where one reaches out of its holder."""
    while at < end:
        if end - at < 8:
            # QuickTime may end a holder with four bytes of zeros.
            if any(data[at:end]):
                raise Refused("broken")
            return
        size, name, body = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16]), at + 16
        stop = end if size == 0 else at + size
        if stop > end or stop < body:
            raise Refused("broken")
        box = _Box(name, at, body, stop, depth)
        yield box
        if name in _HOLDERS and depth < _DEEPEST:
            yield from _boxes(data, body, stop, depth + 1)
        at = stop


def _blank(out: bytearray, start: int, end: int) -> None:
    if start < end:
        out[start:end] = bytes(end - start)
