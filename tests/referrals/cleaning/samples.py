"""Files as telephones make them, with everything in them that nobody should learn."""

import struct
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

# Looked for in what is kept: place, maker, name.
SECRETS = (b"13.6543", b"102.5501", b"SECRET-PHONE", b"Somsri", b"2026:11:23", b"D:2026")


def photograph(size: tuple[int, int] = (64, 48), orientation: int = 6) -> bytes:
    """A JPEG taken by a telephone: GPS, maker, time, a comment, and turned on its side."""
    picture, out = Image.new("RGB", size, (200, 30, 30)), BytesIO()
    picture.paste((20, 200, 30), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132] = orientation, "SECRET-PHONE", "2026:11:23 10:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (13.0, 39.0, 15.0), 3: "E", 4: (102.0, 33.0, 0.0)})
    picture.save(out, "JPEG", exif=exif, comment=b"Somsri 13.6543,102.5501", quality=95)
    return out.getvalue()


def screenshot(mode: str = "RGB") -> bytes:
    """A PNG with a text chunk and a GPS block."""
    picture, out, notes = Image.new(mode, (60, 40)), BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Author", "Somsri")
    exif = Image.Exif()
    exif[0x010F] = "SECRET-PHONE"
    picture.save(out, "PNG", pnginfo=notes, exif=exif)
    return out.getvalue()


def bomb() -> bytes:
    """A small PNG that says it is twenty thousand pixels wide and as high."""
    small = screenshot()
    head = b"IHDR" + struct.pack(">II", 20_000, 20_000) + small[24:29]
    return small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]


def checksum(page: bytes) -> int:
    """Ogg's own, bit by bit."""
    rest = 0
    for byte in page:
        rest ^= byte << 24
        for _ in range(8):
            rest = ((rest << 1) ^ 0x04C11DB7 if rest & 0x80000000 else rest << 1) & 0xFFFFFFFF
    return rest


def ogg_page(packets: list[bytes], number: int, *, serial: int = 7, ends: bool = True) -> bytes:
    """One page; the last packet goes on to the next page where it does not end."""
    lacing = bytearray()
    for place, packet in enumerate(packets):
        lacing += b"\xff" * (len(packet) // 255)
        if ends or place < len(packets) - 1:
            lacing.append(len(packet) % 255)
    head = b"OggS\0" + bytes([2 if number == 0 else 0]) + struct.pack("<qII", 0, serial, number)
    page = head + bytes(4) + bytes([len(lacing)]) + bytes(lacing) + b"".join(packets)
    return page[:22] + struct.pack("<I", checksum(page)) + page[26:]


def tags(mark: bytes, *comments: bytes, end: bytes = b"") -> bytes:
    said = b"".join(struct.pack("<I", len(one)) + one for one in comments)
    maker = b"SECRET-PHONE"
    return mark + struct.pack("<I", len(maker)) + maker + struct.pack("<I", len(comments)) + said + end


def voice() -> bytes:
    """Telegram's voice: Opus in Ogg, its comments over two pages."""
    comments = tags(b"OpusTags", b"ARTIST=Somsri", b"LOCATION=13.6543", b"X=" + b"y" * 600)
    return (
        ogg_page([b"OpusHead\1\1" + bytes(9)], 0)
        + ogg_page([comments[:510]], 1, ends=False)
        + ogg_page([comments[510:]], 2)
        + ogg_page([b"sound-one", b"sound-two"], 3)
    )


FRAME = b"\xff\xfb\x90\x00" + b"\x55" * 413  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes


def song() -> bytes:
    """MP3 with a tag before, between and behind its frames."""
    tag = b"ID3\4\0\0" + bytes([0, 0, 0, 20]) + b"Somsri SECRET-PHONE "
    return tag + FRAME * 3 + b"TAG" + b"Somsri".ljust(125, b"\0")


def box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I", len(inside) + 8) + name + inside


def track(handler: bytes, *more: bytes) -> bytes:
    times = bytes(4) + b"\xe5\x00\x00\x01" * 2
    return box(
        b"trak",
        box(b"tkhd", times, bytes(72)),
        box(
            b"mdia",
            box(b"mdhd", times, bytes(12)),
            box(b"hdlr", bytes(8), handler, bytes(12), b"SECRET-PHONE\0"),
        ),
        *more,
    )


def film(*handlers: bytes) -> bytes:
    """A film as a telephone writes it: when, where, and by what in several places."""
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+13.6543+102.5501/"))
    return (
        box(b"ftyp", b"isom", bytes(4))
        + box(b"free", b"Somsri")
        + box(
            b"moov",
            box(b"mvhd", bytes(4) + b"\xe5\x00\x00\x01" * 2, bytes(88)),
            *(track(handler) for handler in handlers or (b"vide", b"soun")),
            place,
            box(b"meta", b"com.apple.quicktime.make SECRET-PHONE"),
        )
        + box(b"uuid", b"0123456789abcdef", b"<x:xmpmeta>Somsri</x:xmpmeta>")
        + box(b"mdat", b"moving pictures, and what is heard")
    )


def paper(*, password: str = "") -> bytes:
    """A PDF with all that may hide in one, and one photograph as a telephone took it."""
    drawn, out = BytesIO(), BytesIO()
    Image.new("RGB", (64, 48), (9, 9, 9)).save(drawn, "PDF", title="Somsri", author="SECRET-PHONE")
    writer = PdfWriter(clone_from=PdfReader(drawn))
    for found in writer._objects:
        if isinstance(found, DictionaryObject) and found.get("/Subtype") == "/Image":
            found._data = photograph(orientation=1)  # type: ignore[attr-defined]
    writer.add_metadata({"/Author": "Somsri", "/CreationDate": "D:20261123100000"})
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('Somsri');"),
        }
    )
    writer.add_attachment("Somsri.txt", b"Somsri SECRET-PHONE")
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.org/Somsri"))
    writer.add_annotation(0, FreeText(text="Somsri", rect=(0, 0, 9, 9)))
    xmp = DecodedStreamObject()
    xmp.set_data(b"<x:xmpmeta>Somsri</x:xmpmeta>")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    writer.pages[0][NameObject("/PieceInfo")] = DictionaryObject(
        {NameObject("/Own"): TextStringObject("SECRET-PHONE")}
    )
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()
