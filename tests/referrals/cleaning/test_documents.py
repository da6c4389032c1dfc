import zlib
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from referrals.cleaning.documents import MOST_PAGES, clean_document, without_descriptions
from referrals.cleaning.kinds import Refused
from tests.referrals.cleaning.samples import SECRETS, paper, photograph


def everything(pdf: bytes) -> bytes:
    """The file with all its streams laid open."""
    laid_open = bytearray(pdf)
    for found in PdfReader(BytesIO(pdf)).xref_objStm or {}:
        laid_open += str(found).encode()
    for piece in pdf.split(b"stream"):
        try:
            laid_open += zlib.decompress(piece.strip(b"\r\n"))
        except zlib.error:
            continue
    return bytes(laid_open)


def test_a_paper_loses_names_times_scripts_links_and_attachments() -> None:
    made = paper()
    assert b"Somsri" in everything(made)
    kept = clean_document(made)
    assert (kept.kind, kept.media_type) == ("document", "application/pdf")
    laid_open = everything(kept.content)
    assert [secret for secret in SECRETS if secret in laid_open] == []
    for mark in (
        b"/JavaScript",
        b"/EmbeddedFile",
        b"/URI",
        b"/PieceInfo",
        b"/OpenAction",
        b"xmpmeta",
        b"Exif",
    ):
        assert mark not in laid_open


def test_what_is_drawn_on_its_pages_stays() -> None:
    reader = PdfReader(BytesIO(clean_document(paper()).content))
    assert len(reader.pages) == 1
    (image,) = reader.pages[0].images
    assert image.image is not None
    assert image.image.size == (64, 48)
    assert [note.get_object()["/Subtype"] for note in reader.pages[0]["/Annots"]] == ["/FreeText"]


def test_a_locked_paper_is_refused() -> None:
    with pytest.raises(Refused, match="locked"):
        clean_document(paper(password="1234"))


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF", paper()[:300], b"%PDF-1.7\n" + b"[" * 5_000]
)
def test_what_is_no_whole_paper_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="broken"):
        clean_document(data)


def test_a_book_is_too_large() -> None:
    writer, out = PdfWriter(), BytesIO()
    for _ in range(MOST_PAGES + 1):
        writer.add_blank_page(100, 100)
    writer.write(out)
    with pytest.raises(Refused, match="too_large"):
        clean_document(out.getvalue())


def test_a_photograph_loses_its_descriptions_and_not_a_pixel() -> None:
    taken = photograph()
    kept = without_descriptions(taken)
    assert not any(secret in kept for secret in (*SECRETS, b"Exif"))
    before, after = (Image.open(BytesIO(data)) for data in (taken, kept))
    assert before.tobytes() == after.tobytes()
