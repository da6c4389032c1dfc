import pytest

from referrals.cleaning.film import clean_film
from referrals.cleaning.kinds import Refused
from tests.referrals.cleaning.samples import SECRETS, box, film

TIME = b"\xe5\x00\x00\x01"


def test_a_film_loses_place_time_maker_and_names_and_no_sample_moves() -> None:
    taken = film()
    kept = clean_film(taken)
    assert (kept.kind, kept.media_type) == ("film", "video/mp4")
    assert not any(secret in kept.content for secret in (*SECRETS, TIME, b"xmpmeta", b"\xa9xyz"))
    assert len(kept.content) == len(taken)
    assert kept.content.index(b"moving pictures") == taken.index(b"moving pictures")
    assert kept.content.count(b"vide") == kept.content.count(b"soun") == 1


def test_a_film_with_sound_alone_is_a_recording() -> None:
    kept = clean_film(film(b"soun"))
    assert (kept.kind, kept.media_type) == ("sound", "audio/mp4")


def test_a_track_that_tells_where_the_telephone_was_is_refused() -> None:
    with pytest.raises(Refused, match="hidden_data"):
        clean_film(film(b"vide", b"meta"))


@pytest.mark.parametrize(
    "data",
    [
        box(b"ftyp", b"isom"),
        film()[:-5],
        box(b"ftyp", b"isom") + b"\0\0\0\4moov",
        box(b"ftyp", b"isom") + b"\0\0\0\1moov\xff\xff\xff\xff\xff\xff\xff\xff",
        box(b"ftyp", b"isom") + box(b"moov", box(b"free") * 20_001),
        b"\0\0\0\1ftyp",
    ],
)
def test_what_is_no_whole_film_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="broken"):
        clean_film(data)


def test_boxes_in_boxes_without_end_are_no_holder_any_more() -> None:
    nested = box(b"trak")
    for _ in range(2_000):
        nested = box(b"trak", nested)
    with pytest.raises(Refused):
        clean_film(box(b"ftyp", b"isom") + box(b"moov", nested))
