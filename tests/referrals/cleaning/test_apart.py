import pytest

from referrals.cleaning.apart import clean
from referrals.cleaning.child import outcome_of
from referrals.cleaning.kinds import MOST_BYTES, Cleaned, Refused, media_type_of
from tests.referrals.cleaning.samples import SECRETS, bomb, film, paper, photograph, screenshot, song, voice


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (photograph(), "picture", "image/jpeg"),
        (screenshot(), "picture", "image/png"),
        (voice(), "sound", "audio/ogg"),
        (song(), "sound", "audio/mpeg"),
        (b"#!AMR\n" + bytes(32), "sound", "audio/amr"),
        (film(), "film", "video/mp4"),
        (film(b"soun"), "sound", "audio/mp4"),
        (paper(), "document", "application/pdf"),
    ],
)
def test_what_something_is_is_told_by_its_bytes(data: bytes, kind: str, media_type: str) -> None:
    outcome = outcome_of(data)
    assert isinstance(outcome.cleaned, Cleaned)
    assert (outcome.cleaned.kind, outcome.cleaned.media_type) == (kind, media_type)
    assert [secret for secret in SECRETS if secret in outcome.cleaned.content] == []


@pytest.mark.parametrize(
    "data",
    [b"", b"MZ\x90\0", b"PK\3\4word/document.xml", b"<svg onload='alert(1)'/>", b"<!doctype html>", b"GIF", bytes(99),
     b"\x1aE\xdf\xa3webm", b"\0\0\0\x18ftypheic" + bytes(99)],
)  # fmt: skip
def test_anything_else_is_refused(data: bytes) -> None:
    assert outcome_of(data).cleaned is None
    assert outcome_of(data).refusal in {"unknown_kind", "broken"}


def test_a_picture_that_is_a_page_too_is_a_picture_and_nothing_else_when_kept() -> None:
    kept = outcome_of(photograph() + b"<script>alert(1)</script>").cleaned
    assert kept is not None
    assert b"<script>" not in kept.content
    assert media_type_of(kept.content) == "image/jpeg"


def test_it_is_cleaned_by_a_process_of_its_own() -> None:
    assert clean(photograph()).media_type == "image/jpeg"


def test_a_bomb_is_refused_and_so_is_what_takes_too_long() -> None:
    with pytest.raises(Refused, match="too_many_pixels"):
        clean(bomb())
    with pytest.raises(Refused, match="broken"):
        clean(b"%PDF-1.7\n1 0 obj<</Length 9/Filter[" + b"/FlateDecode" * 100 + b"]>>")
    with pytest.raises(Refused, match="broken"):
        clean(photograph(), seconds=0)


def test_more_bytes_than_anybody_sends_are_not_looked_at() -> None:
    with pytest.raises(Refused, match="too_large"):
        clean(bytes(MOST_BYTES + 1))
    assert outcome_of(bytes(MOST_BYTES + 1)).refusal == "too_large"
