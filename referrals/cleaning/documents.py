"""A PDF written anew from its pages: what is drawn stays; names, times, scripts, links and attachments go."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from referrals.cleaning.kinds import Cleaned, Refused

MOST_PAGES = 300
# Keys that describe, act or carry something beside the drawing (ISO 32000-1: §14.3, §12.6, §7.11, §14.5). Shorter names
# may be those of a glyph or a picture.
_DROPPED = (
    "/Metadata", "/PieceInfo", "/LastModified", "/JS", "/JavaScript", "/OpenAction", "/EF", "/AF", "/Names", "/Thumb",
    "/Dests", "/URI", "/Launch", "/SeparationInfo", "/OPI", "/StructParents", "/StructParent", "/CreationDate",
)  # fmt: skip
_OF_A_PAGE = frozenset({
    "/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents",
    "/Rotate", "/Group", "/UserUnit", "/Annots",
})  # fmt: skip
# What an annotation needs to be drawn; an annotation that is no drawing goes.
_DRAWN = ("/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F")
_NO_DRAWING = ("/Link", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D", "/Popup")
_PHOTOGRAPH, _WITH_BOXES = "/DCTDecode", "/JPXDecode"
_BROKEN = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, RecursionError)
# JPEG markers that are no pictures: application data but for JFIF and Adobe's colour, and comments.
_DESCRIBING = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
_START_OF_SCAN = 0xDA


def clean_document(data: bytes) -> Cleaned:
    """Write the pages anew; raises Refused."""
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise Refused("locked")
        if len(reader.pages) > MOST_PAGES:
            raise Refused("too_large")
        return Cleaned("document", "application/pdf", _written_anew(reader))
    except _BROKEN as error:
        raise Refused("broken") from error


def _written_anew(reader: PdfReader) -> bytes:
    writer, out = PdfWriter(), BytesIO()
    for page in reader.pages:
        annotations = _annotations(page)
        page.pop("/Annots", None)
        added = writer.add_page(page)
        if annotations:
            added[NameObject("/Annots")] = ArrayObject(one.clone(writer) for one in annotations)
    writer.metadata = None
    for found in _objects(writer):
        _bare(found)
    writer.write(out)
    return out.getvalue()


def _annotations(page: DictionaryObject) -> list[DictionaryObject]:
    """Stamps, ink, filled fields: with what draws them, and nothing else."""
    kept = []
    for reference in page.get("/Annots", ArrayObject()) or ():
        found = reference.get_object()
        if not isinstance(found, DictionaryObject) or found.get("/Subtype") in _NO_DRAWING:
            continue
        kept.append(DictionaryObject({NameObject(key): found.raw_get(key) for key in _DRAWN if key in found}))
    return kept


def _objects(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, nested ones too."""
    # All are written, whether a page leads to them or not.
    waiting: list[Any] = [one for one in writer._objects if one is not None]  # noqa: SLF001 - no other way to them
    while waiting:
        found = waiting.pop()
        if isinstance(found, DictionaryObject):
            yield found
            waiting += [
                value for value in found.values() if isinstance(value, DictionaryObject | ArrayObject)
            ]
        elif isinstance(found, ArrayObject):
            waiting += [value for value in found if isinstance(value, DictionaryObject | ArrayObject)]


def _bare(found: DictionaryObject) -> None:
    is_page = found.get("/Type") == "/Page"
    for key in list(found):
        if key in _DROPPED or (is_page and key not in _OF_A_PAGE):
            del found[key]
    if isinstance(found, StreamObject):
        _bare_picture(found)


def _bare_picture(stream: StreamObject) -> None:
    """A photograph inside a page carries what a photograph carries."""
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, ArrayObject) else [filters]
    if _WITH_BOXES in names:
        raise Refused("hidden_data")
    if names == [_PHOTOGRAPH]:
        # Decoding it only to take a segment out would draw it anew.
        stream._data = without_descriptions(bytes(stream._data))  # noqa: SLF001 - as it stands in the file
    elif _PHOTOGRAPH in names:
        raise Refused("hidden_data")


def without_descriptions(jpeg: bytes) -> bytes:
    """The same JPEG without the segments that describe it (ITU-T T.81 annex B)."""
    kept, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == _START_OF_SCAN:
            return bytes(kept + jpeg[at:])
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        if marker not in _DESCRIBING:
            kept += jpeg[at:end]
        at = end
    raise Refused("broken")
