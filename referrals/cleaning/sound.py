"""Sound without what was written about it. Nothing is decoded: only the parts that are heard are kept."""

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate

from referrals.cleaning.kinds import Cleaned, Refused

_PAGE_HEAD = 27  # RFC 3533 §6
# By the first bytes of the packet: how long the mark is, and the end that the format asks for (RFC 7845 §5.2; Vorbis I §5).
_COMMENTS: Mapping[bytes, bytes] = {b"OpusTags": b"", b"\x03vorbis": b"\x01"}


def clean_sound(data: bytes, media_type: str) -> Cleaned:
    """Keep what is heard; raises Refused."""
    kept = _CLEANERS[media_type](data)
    if not kept:
        raise Refused("broken")
    return Cleaned("sound", media_type, kept)


def _clean_ogg(data: bytes) -> bytes:
    """Blank the comments in place: their length stays, so that every later page stays as it is."""
    out, pages = bytearray(data), list(_pages(data))
    if not pages:
        raise Refused("broken")
    if len({data[start + 14 : start + 18] for start, _, _ in pages}) > 1:
        # Several streams in one file may carry anything beside the sound.
        raise Refused("hidden_data")
    del out[pages[-1][2] :]
    spans = _second_packet(data, pages)
    packet = b"".join(data[start:end] for start, end in spans)
    blank = _blank_comments(packet)
    for start, end in spans:
        out[start:end], blank = blank[: end - start], blank[end - start :]
    last = spans[-1][1]
    for start, _, end in pages:
        if start < last:
            out[start + 22 : start + 26] = bytes(4)
            out[start + 22 : start + 26] = _checksum(bytes(out[start:end])).to_bytes(4, "little")
    return bytes(out)


def _pages(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each page begins, where its content begins, where it ends; stops where the file breaks off."""
    at = 0
    while data[at : at + 4] == b"OggS" and len(data) >= at + _PAGE_HEAD:
        body = at + _PAGE_HEAD + data[at + 26]
        end = body + sum(data[at + _PAGE_HEAD : body])
        if end > len(data):
            return
        yield at, body, end
        at = end


def _second_packet(data: bytes, pages: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The pieces of the packet that follows the head's: of a sound, its comments."""
    spans: list[tuple[int, int]] = []
    packet = 0
    for start, body, _ in pages:
        lengths = data[start + _PAGE_HEAD : body]
        for length, end in zip(lengths, accumulate(lengths, initial=0), strict=False):
            if packet == 1:
                spans.append((body + end, body + end + length))
            if length < 255:
                packet += 1
            if packet > 1:
                return spans
    raise Refused("broken")


def _blank_comments(packet: bytes) -> bytes:
    """The same length without a comment: the maker's name becomes blanks."""
    mark = next((mark for mark in _COMMENTS if packet.startswith(mark)), None)
    if mark is None:
        raise Refused("unknown_kind")
    end = _COMMENTS[mark]
    room = len(packet) - len(mark) - 8 - len(end)
    if room < 0:
        raise Refused("broken")
    return mark + room.to_bytes(4, "little") + b" " * room + bytes(4) + end


def _table() -> tuple[int, ...]:
    """CRC-32 as Ogg has it: polynomial 0x04c11db7, neither reflected nor inverted (RFC 3533 §6)."""
    rows = []
    for value in range(256):
        rest = value << 24
        for _ in range(8):
            rest = (rest << 1) ^ (0x04C11DB7 if rest & 0x80000000 else 0)
        rows.append(rest & 0xFFFFFFFF)
    return tuple(rows)


_CRC = _table()


def _checksum(page: bytes) -> int:
    rest = 0
    for byte in page:
        rest = (rest << 8 & 0xFFFFFFFF) ^ _CRC[rest >> 24 ^ byte]
    return rest


# Kilobits a second and samples a second by the index in a frame's head (ISO/IEC 11172-3 and 13818-3), layer III.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLES = (44_100, 48_000, 32_000)


def _clean_mpeg(data: bytes) -> bytes:
    """Keep the frames: tags before, between and behind them are gone."""
    kept, at = bytearray(), _first_frame(data)
    while at < len(data):
        length = _frame_length(data, at)
        if not length or at + length > len(data):
            break
        kept += data[at : at + length]
        at += length
    return bytes(kept)


def _first_frame(data: bytes) -> int:
    """Behind the ID3 tags at the head, whose length stands in four times seven bits (ID3v2.4 §3.1)."""
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) > at + 10:
        size = data[at + 6 : at + 10]
        at += 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    return at


def _frame_length(data: bytes, at: int) -> int:
    """Bytes of the layer III frame that begins here; 0 where none does."""
    head = int.from_bytes(data[at : at + 4])
    if head >> 21 != 0x7FF or head >> 17 & 3 != 1:
        return 0
    version, rate, sample = head >> 19 & 3, head >> 12 & 15, head >> 10 & 3
    if version == 1 or rate in {0, 15} or sample == 3:
        return 0
    first = version == 3
    bits = (_RATES_1 if first else _RATES_2)[rate] * 1_000
    samples = _SAMPLES[sample] >> (0 if first else 1 if version == 2 else 2)
    return (144 if first else 72) * bits // samples + (head >> 9 & 1)


def _clean_wave(data: bytes) -> bytes:
    """Keep the form and the samples; a telephone writes names, places and times in the other chunks."""
    kept, at = b"", 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = min(at + 8 + size, len(data))
        if data[at : at + 4] in {b"fmt ", b"data"}:
            body = data[at + 8 : end]
            kept += data[at : at + 4] + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
        at = end + size % 2
    return b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WAVE" + kept if kept else b""


def _as_it_is(data: bytes) -> bytes:
    """AMR has no place for anything but sound (RFC 4867 §5)."""
    return data


_CLEANERS: Mapping[str, Callable[[bytes], bytes]] = {
    "audio/ogg": _clean_ogg,
    "audio/mpeg": _clean_mpeg,
    "audio/wav": _clean_wave,
    "audio/amr": _as_it_is,
    "audio/amr-wb": _as_it_is,
}
