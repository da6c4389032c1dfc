"""Our models against LINE's official schema: what it accepts we accept, what it refuses we refuse."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import orjson
import pytest

from simulator.line.messages import Message
from simulator.line.requests import MulticastRequest, NarrowcastRequest, PushRequest, ReplyRequest

USER = "U" + "4af4980629" * 3 + "ab"
TEXT = {"type": "text", "text": "สวัสดี"}
URL = "https://example.com/a.jpg"
POSTBACK = {"type": "postback", "label": "ตกลง", "data": "ok"}
BOX = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "ก"}]}
BUBBLE = {"type": "bubble", "body": BOX}
FLEX = {"type": "flex", "altText": "ก", "contents": BUBBLE}
BUTTONS = {
    "type": "template",
    "altText": "ก",
    "template": {"type": "buttons", "text": "เลือก", "actions": [POSTBACK]},
}
FAMILY = "👨‍👩‍👧‍👦"
"""One grapheme cluster, eleven UTF-16 units."""

Schema = Callable[[str], jsonschema_rs.Validator]


@pytest.fixture(scope="session")
def schema(specs: Path) -> Schema:
    whole = orjson.loads((specs / "line/enforceable/messaging-api.strict.schema.json").read_bytes())
    return lambda name: jsonschema_rs.validator_for({**whole, "$ref": f"#/$defs/{name}"})


def ours_accept(message: Any) -> bool:
    try:
        msgspec.json.decode(orjson.dumps(message), type=Message)
    except msgspec.ValidationError:
        return False
    return True


def whole_ids(value: Any) -> Any:
    """Documentation shortens ids (`U4af4980629...`); here they are made whole."""
    text = orjson.dumps(value).decode()
    return orjson.loads(re.sub(r'"U[0-9a-f]*\.\.\."', f'"{USER}"', text))


def test_it_accepts_every_official_flex_showcase(specs: Path, schema: Schema) -> None:
    files = sorted((specs / "samples/line_java_flex").glob("*.json"))
    assert len(files) == 13
    for file in files:
        contents = orjson.loads(file.read_bytes())
        message = (
            contents if contents["type"] == "flex" else {"type": "flex", "altText": "ก", "contents": contents}
        )
        assert schema("Message").is_valid(message), file.name
        assert ours_accept(message), file.name


def test_it_accepts_every_complete_documented_message(samples: Any, schema: Schema) -> None:
    documented = [whole_ids(one["json"]) for one in samples("line_docs_message_objects.json")["samples"]]
    complete = [message for message in documented if schema("Message").is_valid(message)]
    assert len(complete) > 15
    assert [message for message in complete if not ours_accept(message)] == []


def test_it_accepts_every_documented_request(samples: Any, schema: Schema) -> None:
    kinds = {
        "reply": (ReplyRequest, "ReplyMessageRequest"),
        "push": (PushRequest, "PushMessageRequest"),
        "multicast": (MulticastRequest, "MulticastRequest"),
        "narrowcast": (NarrowcastRequest, "NarrowcastRequest"),
    }
    seen = set()
    for sample in samples("line_docs_requests.json")["samples"]:
        name = sample["url"].rsplit("/", 1)[-1]
        if name not in kinds or not sample.get("body"):
            continue
        body = whole_ids(sample["body"])
        kind, official = kinds[name]
        if schema(official).is_valid(body):
            decoded: Any = msgspec.json.decode(orjson.dumps(body), type=kind)
            assert all(ours_accept(orjson.loads(bytes(raw))) for raw in decoded.messages)
            seen.add(name)
    assert seen == set(kinds)


def changed(message: Any, *path: str | int, to: Any) -> Any:
    """A copy with one place changed; None takes it out."""
    copied = copy.deepcopy(message)
    place = copied
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return copied


BAD_FOR_BOTH = {
    "unknown type": {"type": "poll", "text": "ก"},
    "no type": {"text": "ก"},
    "text without text": {"type": "text"},
    "text that is a number": {"type": "text", "text": 5},
    "text that is null": {"type": "text", "text": b"null"},
    "image without preview": {"type": "image", "originalContentUrl": URL},
    "typo key": {**TEXT, "quickreply": {"items": []}},
    "flex without altText": changed(FLEX, "altText", to=None),
    "flex without contents": changed(FLEX, "contents", to=None),
    "unknown container": changed(FLEX, "contents", "type", to="balloon"),
    "unknown component": changed(FLEX, "contents", "body", "contents", 0, "type", to="spacer"),
    "box without layout": changed(FLEX, "contents", "body", to={"type": "box", "contents": []}),
    "unknown layout": changed(FLEX, "contents", "body", "layout", to="diagonal"),
    "typo key deep in a flex": changed(FLEX, "contents", "body", "contents", 0, "colour", to="#000000"),
    "button without action": changed(FLEX, "contents", "body", "contents", 0, to={"type": "button"}),
    "unknown action": changed(BUTTONS, "template", "actions", 0, "type", to="call"),
    "template without text": changed(BUTTONS, "template", "text", to=None),
    "unknown template": changed(BUTTONS, "template", "type", to="grid"),
    "fourteen quick replies": {
        **TEXT,
        "quickReply": {"items": [{"type": "action", "action": POSTBACK}] * 14},
    },
    "postback data of 301 letters": {
        **TEXT,
        "quickReply": {"items": [{"type": "action", "action": {**POSTBACK, "data": "x" * 301}}]},
    },
    "location without place": {"type": "location", "title": "ก", "address": "ข"},
    "sticker without package": {"type": "sticker", "stickerId": "1"},
    "sender of 21 letters": {**TEXT, "sender": {"name": "x" * 21}},
    "video without preview": {"type": "video", "originalContentUrl": URL},
    "audio of text length": {"type": "audio", "originalContentUrl": URL, "duration": "60"},
    "imagemap without size": {"type": "imagemap", "baseUrl": URL, "altText": "ก", "actions": []},
}


@pytest.mark.parametrize("name", BAD_FOR_BOTH)
def test_it_refuses_what_the_official_schema_refuses(name: str, schema: Schema) -> None:
    message = BAD_FOR_BOTH[name]
    if message.get("text") == b"null":
        message = {"type": "text", "text": None}
    assert not schema("Message").is_valid(message)
    assert not ours_accept(message)


DOCUMENTED_LIMITS = {
    "empty text": {"type": "text", "text": ""},
    "text of 5001 units": {"type": "text", "text": "ก" * 5001},
    "text of 2501 emoji": {"type": "text", "text": "😀" * 2501},
    "altText of 1501 units": {**FLEX, "altText": "ก" * 1501},
    "picture over http": {
        "type": "image",
        "originalContentUrl": "http://example.com/a.jpg",
        "previewImageUrl": URL,
    },
    "button label of 21 clusters": changed(BUTTONS, "template", "actions", 0, "label", to="ก" * 21),
    "template text of 161 clusters": changed(BUTTONS, "template", "text", to="ก" * 161),
    "five buttons": changed(BUTTONS, "template", "actions", to=[POSTBACK] * 5),
    "confirm with one button": {
        "type": "template",
        "altText": "ก",
        "template": {"type": "confirm", "text": "ไหม", "actions": [POSTBACK]},
    },
    "quick reply without label": {
        **TEXT,
        "quickReply": {"items": [{"type": "action", "action": {"type": "postback", "data": "x"}}]},
    },
    "uri without scheme": changed(
        BUTTONS, "template", "actions", 0, to={"type": "uri", "label": "เปิด", "uri": "example.com"}
    ),
    "colour by name": changed(FLEX, "contents", "body", "contents", 0, "color", to="red"),
    "size without unit": changed(FLEX, "contents", "body", "contents", 0, "size", to="12"),
    "empty bubble": changed(FLEX, "contents", to={"type": "bubble"}),
    "thirteen bubbles": changed(FLEX, "contents", to={"type": "carousel", "contents": [BUBBLE] * 13}),
    "bubbles of two sizes": changed(
        FLEX, "contents", to={"type": "carousel", "contents": [BUBBLE, {**BUBBLE, "size": "nano"}]}
    ),
    "image in a baseline box": changed(
        FLEX,
        "contents",
        "body",
        to={"type": "box", "layout": "baseline", "contents": [{"type": "image", "url": URL}]},
    ),
    "a flex text without any text": changed(FLEX, "contents", "body", "contents", 0, to={"type": "text"}),
    "placeholder without object": {"type": "textV2", "text": "สวัสดี {user}"},
    "emoji that points nowhere": {
        **TEXT,
        "emojis": [{"index": 0, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}],
    },
}


@pytest.mark.parametrize("name", DOCUMENTED_LIMITS)
def test_it_holds_limits_that_only_the_documentation_states(name: str) -> None:
    assert not ours_accept(DOCUMENTED_LIMITS[name])


FITTING = {
    "text of 5000 units": {"type": "text", "text": "ก" * 5000},
    "text of 2500 emoji": {"type": "text", "text": "😀" * 2500},
    "altText of 1500 units": {**FLEX, "altText": "ก" * 1500},
    "label of 20 clusters that are 220 units": changed(
        BUTTONS, "template", "actions", 0, "label", to=FAMILY * 20
    ),
    "label of 20 Thai clusters with marks": changed(BUTTONS, "template", "actions", 0, "label", to="นี้" * 10),
    "thirteen quick replies": {
        **TEXT,
        "quickReply": {"items": [{"type": "action", "action": POSTBACK}] * 13},
    },
    "twelve bubbles": changed(FLEX, "contents", to={"type": "carousel", "contents": [BUBBLE] * 12}),
    "a picture on this machine": {
        "type": "image",
        "originalContentUrl": "http://127.0.0.1:8000/media/x.jpg",
        "previewImageUrl": "http://localhost:8000/media/x.jpg",
    },
}


@pytest.mark.parametrize("name", FITTING)
def test_it_accepts_what_just_fits(name: str) -> None:
    assert ours_accept(FITTING[name])
