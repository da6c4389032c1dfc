from io import BytesIO

import pytest
from PIL import Image

from referrals.cleaning.kinds import Refused
from referrals.cleaning.pictures import clean_picture
from tests.referrals.cleaning.samples import SECRETS, bomb, photograph, screenshot


def test_a_photograph_loses_where_when_and_by_what_it_was_taken_and_stands_upright() -> None:
    taken = photograph(size=(64, 48))
    assert any(secret in taken for secret in SECRETS)
    assert Image.open(BytesIO(taken)).getexif().get_ifd(0x8825)
    kept = clean_picture(taken, "image/jpeg")
    assert (kept.kind, kept.media_type) == ("picture", "image/jpeg")
    seen = Image.open(BytesIO(kept.content))
    assert (seen.format, seen.size) == ("JPEG", (48, 64))
    assert dict(seen.getexif()) == {}
    assert "comment" not in seen.info
    assert not any(secret in kept.content for secret in (*SECRETS, b"Exif"))
    # The half that was green is above now.
    red, green, _ = seen.getpixel((24, 8))  # type: ignore[misc]
    assert green > red


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1", "I;16"])
def test_a_screenshot_stays_sharp_and_loses_its_notes(mode: str) -> None:
    kept = clean_picture(screenshot(mode), "image/png")
    assert kept.media_type == "image/png"
    assert not any(secret in kept.content for secret in SECRETS)
    assert Image.open(BytesIO(kept.content)).size == (60, 40)


def test_what_shows_through_stays_so() -> None:
    made, out = Image.new("RGBA", (4, 4), (1, 2, 3, 100)), BytesIO()
    made.save(out, "WEBP", lossless=True)
    seen = Image.open(BytesIO(clean_picture(out.getvalue(), "image/webp").content))
    assert seen.getpixel((0, 0)) == (1, 2, 3, 100)


def test_of_a_moving_picture_the_first_is_kept() -> None:
    out = BytesIO()
    first, second = (Image.new("P", (8, 8), shade) for shade in (1, 2))
    first.save(out, "GIF", save_all=True, append_images=[second])
    seen = Image.open(BytesIO(clean_picture(out.getvalue(), "image/gif").content))
    assert getattr(seen, "n_frames", 1) == 1


def test_more_pixels_than_anybody_needs_are_refused_before_they_are_drawn() -> None:
    with pytest.raises(Refused, match="too_many_pixels"):
        clean_picture(bomb(), "image/png")


@pytest.mark.parametrize("length", [3, 20, 200, 700])
def test_a_picture_that_breaks_off_is_refused(length: int) -> None:
    with pytest.raises(Refused, match="broken"):
        clean_picture(photograph()[:length], "image/jpeg")
