import struct
import warnings
import zlib
from io import BytesIO

import pytest
from PIL import Image

from nlp.pictures import LEAST_WIDTH, MOST_BYTES, MOST_HANDED_ON, UnreadablePicture, open_picture


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def opened_or_refused(data: bytes) -> str:
    try:
        open_picture(data)
    except UnreadablePicture as refused:
        return refused.code
    return "opened"


def png_that_claims(width: int, height: int) -> bytes:
    """A small file whose header promises many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_it_opens_the_four_formats_in_colour(kind: str) -> None:
    picture = open_picture(encoded(Image.new("RGB", (960, 40), "red"), kind))
    assert picture.size == (960, 40)
    assert picture.mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 64,
        b"BM" + b"\x00" * 64,
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff" + b"\x00" * 200,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 200,
        b"GIF89a",
        b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 40,
    ],
    ids=range(10),
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePicture) as refused:
        open_picture(data)
    assert refused.value.code == "not_an_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_cut_off_picture_is_refused_or_opened_but_never_breaks(kind: str) -> None:
    whole = encoded(Image.effect_noise((200, 200), 60).convert("RGB"), kind)
    for share in (0.1, 0.5, 0.9):
        assert opened_or_refused(whole[: int(len(whole) * share)]) in {"opened", "not_an_image"}


def test_too_many_bytes_are_refused_before_anything_is_read() -> None:
    with pytest.raises(UnreadablePicture) as refused:
        open_picture(b"\xff\xd8\xff" + b"\x00" * MOST_BYTES)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize(
    "data",
    [
        png_that_claims(30_000, 30_000),
        b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\x00" * 8 + b"\xff\x3f\x00\xff\x3f\x00" + b"\x00" * 20,
        b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + b"\x00\x00\x00" + b"," + b"\x00" * 20,
    ],
    ids=["png", "webp", "gif"],
)
def test_a_decompression_bomb_is_refused_by_its_header_without_a_warning(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UnreadablePicture) as refused:
            open_picture(data)
    assert refused.value.code == "too_many_pixels"


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "JPEG"), ("L", "PNG")])
def test_a_big_picture_is_made_smaller_in_proportion(mode: str, kind: str) -> None:
    picture = open_picture(encoded(Image.new(mode, (5_000, 2_500)), kind))
    assert 0.5 * MOST_HANDED_ON < picture.width * picture.height <= MOST_HANDED_ON
    assert picture.width == pytest.approx(2 * picture.height, abs=2)


def test_a_long_screenshot_keeps_the_size_of_its_letters() -> None:
    assert open_picture(encoded(Image.new("L", (1_080, 3_600)), "PNG")).size == (1_080, 3_600)


def test_a_narrow_picture_is_doubled() -> None:
    assert open_picture(encoded(Image.new("L", (LEAST_WIDTH // 2, 300)), "PNG")).size == (LEAST_WIDTH, 600)


def test_a_turned_picture_is_set_upright_and_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Phone of Somchai"
    picture = open_picture(encoded(Image.new("RGB", (1_400, 960)), "JPEG", exif=exif))
    assert picture.size == (960, 1_400)
    assert picture.info == {}
    assert not dict(picture.getexif())


def test_transparent_ground_becomes_white() -> None:
    assert open_picture(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG")).getpixel((0, 0)) == (
        255,
        255,
        255,
    )


def test_only_the_first_frame_of_an_animation_is_taken() -> None:
    frames = [Image.new("L", (20, 20), shade) for shade in (255, 0)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert open_picture(data).getpixel((5, 5)) == (255, 255, 255)
