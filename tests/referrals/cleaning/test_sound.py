import struct
import wave
from io import BytesIO

import pytest

from referrals.cleaning.kinds import Refused
from referrals.cleaning.sound import clean_sound
from tests.referrals.cleaning.samples import FRAME, SECRETS, box, checksum, ogg_page, song, tags, voice


def pages(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        body = at + 27 + data[at + 26]
        end = body + sum(data[at + 27 : body])
        found.append(data[at:end])
        at = end
    return found


def test_a_voice_loses_its_comments_and_every_page_still_adds_up() -> None:
    kept = clean_sound(voice(), "audio/ogg").content
    assert not any(secret in kept for secret in SECRETS)
    assert len(kept) == len(voice())
    for page in pages(kept):
        assert checksum(page[:22] + bytes(4) + page[26:]) == struct.unpack("<I", page[22:26])[0]
    assert pages(kept)[3] == pages(voice())[3]


def test_the_blanked_comments_read_as_none() -> None:
    head, first, second, _ = pages(clean_sound(voice(), "audio/ogg").content)
    packet = first[27 + first[26] :] + second[27 + second[26] :]
    assert packet.startswith(b"OpusTags")
    (maker,) = struct.unpack("<I", packet[8:12])
    assert packet[12 : 12 + maker].strip() == b""
    assert packet[12 + maker :] == bytes(4)
    assert b"OpusHead" in head


def test_vorbis_keeps_the_bit_that_ends_its_comments() -> None:
    comments = tags(b"\x03vorbis", b"ARTIST=Somsri", end=b"\1")
    data = ogg_page([b"\x01vorbis"], 0) + ogg_page([comments, b"\x05vorbis-setup"], 1)
    kept = clean_sound(data, "audio/ogg").content
    assert b"Somsri" not in kept
    assert b"\1\x05vorbis-setup" in kept


def test_what_hangs_on_behind_the_last_page_is_cut() -> None:
    assert b"Somsri" not in clean_sound(voice() + b"Somsri", "audio/ogg").content


def test_a_second_stream_in_the_file_is_refused() -> None:
    with pytest.raises(Refused, match="hidden_data"):
        clean_sound(voice() + ogg_page([b"fishead\0"], 0, serial=8), "audio/ogg")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"OggS", "broken"),
        (ogg_page([b"OpusHead"], 0), "broken"),
        (ogg_page([b"OpusHead"], 0) + ogg_page([b"OpusTags"], 1), "broken"),
        (ogg_page([b"\x80theora"], 0) + ogg_page([b"\x81theora"], 1), "unknown_kind"),
    ],
)
def test_an_ogg_that_is_no_sound_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        clean_sound(data, "audio/ogg")


def test_of_a_song_only_its_frames_are_kept() -> None:
    assert clean_sound(song(), "audio/mpeg").content == FRAME * 3


@pytest.mark.parametrize(
    "data", [b"ID3\4\0\0\0\0\0\4abcd", b"\xff\xfb\x90\x00short", b"\xff\xf9\x50\x80" * 90]
)
def test_an_mp3_without_a_whole_frame_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="broken"):
        clean_sound(data, "audio/mpeg")


def test_a_wave_loses_its_notes_and_plays_as_before() -> None:
    out = BytesIO()
    with wave.open(out, "wb") as writing:
        writing.setparams((1, 2, 8_000, 0, "NONE", ""))
        writing.writeframes(b"\1\2" * 100)
    note = b"LIST" + struct.pack("<I", 15) + b"INFOIART Somsri" + b"\0"
    data = out.getvalue()
    noted = data[:4] + struct.pack("<I", len(data) - 8 + len(note)) + data[8:12] + note + data[12:] + note
    kept = clean_sound(noted, "audio/wav").content
    assert b"Somsri" not in kept
    with wave.open(BytesIO(kept)) as reading:
        assert reading.readframes(1_000) == b"\1\2" * 100


def test_a_wave_without_chunks_is_refused() -> None:
    with pytest.raises(Refused, match="broken"):
        clean_sound(b"RIFF\0\0\0\0WAVE" + box(b"junk"), "audio/wav")
