"""What is sealed opens only where it stands, and its length says little. Guards 11."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto.boxed import Box, Sealed
from core.crypto.sealing import bucket, context, open_sealed, seal
from core.errors import CryptoError
from core.ids import new_id

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
HERE = context("message", "content", new_id())


@given(st.binary(max_size=10_000))
def test_what_is_sealed_opens_unchanged(plain: bytes) -> None:
    assert open_sealed(KEY, seal(KEY, plain, HERE), HERE) == plain


@pytest.mark.parametrize(
    "elsewhere",
    [
        context("message", "content", new_id()),
        context("message_batch", "content", HERE.decode().split(":")[1]),
        context("message", "state", HERE.decode().split(":")[1]),
        b"",
    ],
    ids=["another row", "another table", "another column", "nowhere"],
)
def test_a_ciphertext_that_was_moved_does_not_open(elsewhere: bytes) -> None:
    with pytest.raises(CryptoError):
        open_sealed(KEY, seal(KEY, b"x", HERE), elsewhere)


def test_a_wrong_key_damage_and_unknown_forms_do_not_open() -> None:
    sealed = seal(KEY, "ความลับ".encode(), HERE)
    with pytest.raises(CryptoError):
        open_sealed(OTHER_KEY, sealed, HERE)
    for at in (0, 1, 13, len(sealed) - 1):
        with pytest.raises(CryptoError):
            open_sealed(KEY, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], HERE)
    for cut in (b"", b"\x01", sealed[:-1], sealed[:14]):
        with pytest.raises(CryptoError):
            open_sealed(KEY, cut, HERE)


def test_the_same_words_never_look_the_same() -> None:
    assert seal(KEY, b"x", HERE) != seal(KEY, b"x", HERE)


@given(st.integers(min_value=0, max_value=100_000))
def test_lengths_fall_into_few_buckets(length: int) -> None:
    padded = bucket(length)
    assert padded >= length
    assert padded in {64, 128, 256, *range(512, 4_097, 512)} or padded % 4_096 == 0
    assert len(seal(KEY, b"x" * length, HERE)) == 1 + 12 + bucket(length + 4) + 16


def test_yes_and_no_and_a_sentence_are_of_one_size() -> None:
    sizes = {len(seal(KEY, text.encode(), HERE)) for text in ("ใช่", "ไม่", "ไม่แน่ใจค่ะ", "")}
    assert len(sizes) == 1


def test_a_box_never_prints_what_it_holds() -> None:
    box = Box(seal(KEY, b"secret", HERE))
    assert f"{box} {box!r} {[box]}" == "<encrypted> <encrypted> [<encrypted>]"
    assert box.open(KEY, HERE) == b"secret"
    assert box == Box(box.sealed)
    assert len({box, Box(box.sealed)}) == 1
    assert Sealed().process_bind_param(None, None) is None
    assert Sealed().process_result_value(None, None) is None
