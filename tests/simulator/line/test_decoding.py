"""Refusals in LINE's form, and the limits of Flex containers in bytes."""

import json

import msgspec
import orjson
import pytest

from simulator.line.decoding import decode, decode_messages
from simulator.line.errors import RefusalError
from simulator.line.requests import reply_decoder


def refusal(body: bytes) -> tuple[int, dict[str, object]]:
    with pytest.raises(RefusalError) as refused:
        decode_messages(decode(reply_decoder, body).messages, body)
    response = refused.value.response
    return response.status, orjson.loads(response.body)


def request(*messages: object) -> bytes:
    return orjson.dumps({"replyToken": "x", "messages": messages})


def flex(contents: object) -> dict[str, object]:
    return {"type": "flex", "altText": "ก", "contents": contents}


def bubble(text: str) -> dict[str, object]:
    return {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": text}]},
    }


@pytest.mark.parametrize(
    ("body", "message", "field"),
    [
        (request({"type": "text", "text": ""}), "May not be empty", "messages[0].text"),
        (request({"type": "text"}), "May not be empty", "messages[0].text"),
        (
            request({"type": "text", "text": "x" * 5001}),
            "Length must be between 1 and 5000",
            "messages[0].text",
        ),
        (
            request({"type": "text", "text": "x"}, {"type": "text", "txt": "x"}),
            "Unknown property",
            "messages[1].txt",
        ),
        (request(), "Size must be at least 1", "messages"),
        (request(*[{"type": "text", "text": "x"}] * 6), "Size must be between 1 and 5", "messages"),
        (orjson.dumps({"messages": [{"type": "text", "text": "x"}]}), "May not be empty", "replyToken"),
        (
            request({"type": "text", "text": "x", "sender": {"name": ""}}),
            "May not be empty",
            "messages[0].sender.name",
        ),
    ],
)
def test_a_refusal_names_the_property(body: bytes, message: str, field: str) -> None:
    status, answer = refusal(body)
    assert status == 400
    assert answer == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": message, "property": field}],
    }


def test_an_unknown_type_is_told_the_known_ones() -> None:
    _, answer = refusal(request({"type": "poll"}))
    assert answer["details"] == [
        {
            "message": "Must be one of the following values: [text, textV2, sticker, image, video, audio, "
            "location, coupon, imagemap, template, flex]",
            "property": "messages[0].type",
        }
    ]


def test_a_bubble_holds_thirty_kilobytes() -> None:
    fits = request(flex(bubble("x" * 30_000)))
    decode_messages(decode(reply_decoder, fits).messages, fits)
    _, answer = refusal(request(flex(bubble("x" * 31_000))))
    assert "Bubble must be 30 KB or smaller" in str(answer)


def test_a_carousel_holds_fifty_kilobytes() -> None:
    big = bubble("x" * 20_000)
    _, answer = refusal(request(flex({"type": "carousel", "contents": [big, big, big]})))
    assert "Carousel must be 50 KB or smaller" in str(answer)


def test_escaped_letters_count_as_they_travelled() -> None:
    thai = {"replyToken": "x", "messages": [flex(bubble("ก" * 6_000))]}
    plain = orjson.dumps(thai)
    decode_messages(decode(reply_decoder, plain).messages, plain)
    _, answer = refusal(json.dumps(thai).encode())
    assert "Bubble must be 30 KB or smaller" in str(answer)


def test_numbers_are_not_taken_for_texts() -> None:
    status, answer = refusal(orjson.dumps({"replyToken": 5, "messages": [{"type": "text", "text": "x"}]}))
    assert (status, answer["details"]) == (
        400,
        [{"message": "Invalid value: Expected `str`, got `int`", "property": "replyToken"}],
    )


def test_raw_messages_stay_as_they_came() -> None:
    body = request({"type": "text", "text": "ก"})
    assert isinstance(decode(reply_decoder, body).messages[0], msgspec.Raw)
