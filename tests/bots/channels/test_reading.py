"""Reading what strangers send: nothing raises but InvalidInputError, wrong types read as absent. Guards 17."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.channels.reading import at, flag_of, int_of, number_of, parse_json, text_of, write_json
from core.errors import InvalidInputError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a":"\\ud83d"}', {"a": "?"}),
        (b'{"\\udc00":"x"}', {"?": "x"}),
        (b'["\\ud83d\\ude00"]', ["😀"]),
        (b'{"a":"\\ud83d","n":123456789012345678901234567890}', {"a": "?", "n": None}),
        (b'{"a":"\\ud83d","n":NaN}', {"a": "?", "n": None}),
        (b'{"a":"\\ud83d","n":[1.5,true]}', {"a": "?", "n": [1.5, True]}),
        ('"\u0000"'.encode(), None),
        (b'"\\u0000"', "\0"),
    ],
)
def test_half_characters_and_monstrous_numbers_read_as_something_harmless(raw: bytes, value: Any) -> None:
    if value is None and raw == b'"\x00"':
        with pytest.raises(InvalidInputError):
            parse_json(raw)
        return
    parsed = parse_json(raw)
    assert parsed == value
    assert orjson.loads(orjson.dumps(parsed)) == value


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"nul", b"[" * 5_000, b"[" * 100_000])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInputError):
        parse_json(raw)


@pytest.mark.parametrize("depth", [100, 250, 300, 900, 1_020, 2_000])
def test_whatever_parses_can_be_written_again(depth: int) -> None:
    raw = b'{"a":' * depth + b"1" + b"}" * depth
    try:
        parsed = parse_json(raw)
    except InvalidInputError:
        return
    assert write_json(parsed).startswith(b'{"a":')


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        parse_json(raw)
    except InvalidInputError:
        return


@settings(max_examples=200, deadline=None)
@given(JSON, st.lists(st.text(max_size=5), max_size=3))
def test_readers_give_their_own_type_whatever_stands_there(value: Any, path: list[str]) -> None:
    assert isinstance(text_of(value, *path), str)
    assert int_of(value, *path) is None or isinstance(int_of(value, *path), int)
    assert number_of(value, *path) is None or isinstance(number_of(value, *path), float)
    assert flag_of(value, *path) in (True, False)
    at(value, *path)


@pytest.mark.parametrize(
    ("value", "read"), [(1, 1), (True, None), (1.0, None), ("1", None), (2**62, None), (None, None)]
)
def test_a_number_is_not_a_flag_and_not_beyond_the_database(value: Any, read: int | None) -> None:
    assert int_of({"n": value}, "n") == read


def test_a_monstrous_number_is_no_coordinate() -> None:
    assert number_of({"n": 10**400}, "n") is None
