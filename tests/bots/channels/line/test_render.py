"""Every LINE request body we can make is one that LINE takes. Guards 10 and item 5 of the way out."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import jsonschema_rs
import msgspec
import orjson
import pytest
from linebot.v3.messaging import MulticastRequest, PushMessageRequest, ReplyMessageRequest

from bots.channels.base import Cover
from bots.channels.line.render import MESSAGES_PER_CALL, render_parts
from bots.channels.wording import TELL_NOTHING, graphemes, utf16_units
from bots.dialogues.speech import LEAVE, MENU
from core.messages.content import Button, Card, Content, Text
from tests.support.contents import card, dialogue_contents, plain_contents

MESSAGE_ID = UUID("01a00000-0000-7000-8000-000000000001")
COVERS: tuple[Cover, ...] = ("plain", "covered", "notice")
USER = "U" + "0123456789abcdef" * 2
# What a body looks like for each of the three calls; the models are the SDK's own.
CALLS: dict[str, tuple[dict[str, Any], Any]] = {
    "ReplyMessageRequest": ({"replyToken": "0" * 32}, ReplyMessageRequest),
    "PushMessageRequest": ({"to": USER}, PushMessageRequest),
    "MulticastRequest": ({"to": [USER, USER[::-1].replace("fedcba9876543210", "0" * 16)]}, MulticastRequest),
}
CONTENTS = plain_contents()
SAID = dialogue_contents()
GROUPS = {name: (content,) for name, content in CONTENTS.items()} | {"the dialogues": SAID}


@pytest.fixture(scope="module")
def validators(shared: Any) -> dict[str, Any]:
    schema = orjson.loads((shared / "specs/line/enforceable/messaging-api.strict.schema.json").read_bytes())
    return {name: jsonschema_rs.Draft202012Validator(schema | {"$ref": f"#/$defs/{name}"}) for name in CALLS}


def bodies(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    for cover in COVERS:
        for part in render_parts(content, cover=cover, message_id=MESSAGE_ID):
            for name, (target, _) in CALLS.items():
                yield name, part | target


@pytest.mark.parametrize("name", CONTENTS)
def test_every_shape_of_content_passes_lines_strict_schema(name: str, validators: dict[str, Any]) -> None:
    for call, body in bodies(CONTENTS[name]):
        validators[call].validate(body)


def test_everything_the_dialogues_say_passes_lines_strict_schema(validators: dict[str, Any]) -> None:
    assert len(SAID) > 100
    for content in SAID:
        for call, body in bodies(content):
            problem = next(validators[call].iter_errors(body), None)
            assert problem is None, f"{content}: {problem}"


@pytest.mark.parametrize("name", CONTENTS)
def test_the_sdks_own_models_take_every_body_without_loss(name: str) -> None:
    for call, body in bodies(CONTENTS[name]):
        model = CALLS[call][1].from_dict(body)
        again = model.to_dict()
        # The SDK writes its defaults out; what we wrote must all be there.
        assert contains(again, body), name


def contains(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(n in whole and contains(whole[n], v) for n, v in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(contains(w, p) for w, p in zip(whole, part, strict=True))
    return bool(whole == part)


@pytest.mark.parametrize("name", GROUPS)
def test_the_limits_that_only_lines_documentation_states_are_kept(name: str) -> None:
    """From docs-limits.json: units of UTF-16 unless graphemes are named; a Thai letter is six bytes on the wire."""
    for content in GROUPS[name]:
        for cover in COVERS:
            for part in render_parts(content, cover=cover, message_id=MESSAGE_ID):
                assert 1 <= len(part["messages"]) <= MESSAGES_PER_CALL
                assert len(ascii_json(part)) < 2_000_000
                for message in part["messages"]:
                    check_limits(message)


def check_limits(message: dict[str, Any]) -> None:
    if message["type"] == "text":
        assert 1 <= utf16_units(message["text"]) <= 5_000
        assert message["text"].strip()
    if message["type"] == "flex":
        assert 1 <= utf16_units(message["altText"]) <= 1_500
        check_container(message["contents"])
    assert len(message.get("quickReply", {}).get("items", [])) <= 13
    for action in actions_of(message):
        assert 1 <= len(graphemes(action["label"])) <= 20
        assert utf16_units(action.get("data", "")) <= 300
        assert len(graphemes(action.get("displayText", ""))) <= 300
        assert len(action.get("uri", "")) <= 1_000


def check_container(contents: dict[str, Any]) -> None:
    if contents["type"] == "carousel":
        assert 2 <= len(contents["contents"]) <= 12
        assert len(ascii_json(contents)) <= 50_000
    for bubble in contents["contents"] if contents["type"] == "carousel" else [contents]:
        assert bubble["type"] == "bubble"
        assert len(ascii_json(bubble)) <= 30_000


def ascii_json(value: Any) -> bytes:
    """As the SDK writes it, with every Thai letter escaped."""
    return orjson.dumps(value).decode().encode("ascii", "backslashreplace")


def actions_of(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "label" in value:
            yield value
        for inner in value.values():
            yield from actions_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from actions_of(inner)


@pytest.mark.parametrize("name", GROUPS)
def test_behind_a_notice_and_a_cover_a_lock_screen_shows_the_neutral_line_alone(name: str) -> None:
    for content in GROUPS[name]:
        secrets = {b.text for b in content.bubbles if isinstance(b, Text)}
        secrets |= {b.lead for b in content.bubbles if isinstance(b, Card)} | {
            b.title for b in content.bubbles if isinstance(b, Card)
        }
        for cover in ("covered", "notice"):
            for part in render_parts(content, cover=cover, message_id=MESSAGE_ID):
                shown = [m.get("altText", m.get("text", "")) for m in part["messages"]]
                assert not any(text in secrets for text in shown if text)
                assert all(m["type"] != "text" for m in part["messages"])


def test_a_notice_opens_by_a_tap_with_the_messages_own_id() -> None:
    (part,) = render_parts(CONTENTS["seven bubbles"], cover="notice", message_id=MESSAGE_ID)
    assert [a["data"] for a in actions_of(part) if a["data"] not in TELL_NOTHING] == [f"open:{MESSAGE_ID}"]


def test_below_a_notice_stay_the_ways_on_that_tell_nothing() -> None:
    choices = tuple(Button(data, data=data) for data in ("r1:begin", LEAVE, "m1:staff", MENU))
    (part,) = render_parts(Content((Text("ลับ"),), choices=choices), cover="notice", message_id=MESSAGE_ID)
    items = part["messages"][-1]["quickReply"]["items"]
    assert [item["action"]["data"] for item in items] == [LEAVE, MENU]
    assert {LEAVE, MENU} == TELL_NOTHING


def test_a_text_to_pass_on_opens_lines_own_choice_of_people_and_fits_the_address() -> None:
    for text in ("อย่าโอนเงินก่อน & ถามชื่อบริษัท", "อย่าโอนเงินก่อน " * 40):
        content = Content((Text("ส่งต่อได้เลย"),), choices=(Button("ส่งต่อ", share=text),))
        (shared,) = (
            a for p in render_parts(content, cover="plain", message_id=MESSAGE_ID) for a in actions_of(p)
        )
        address = urlsplit(shared["uri"])
        assert (address.hostname, address.path) == ("line.me", "/R/share")
        assert len(shared["uri"]) <= 1_000
        assert text.startswith(parse_qs(address.query)["text"][0])


def test_the_small_print_of_a_card_stands_last_in_it() -> None:
    made = msgspec.structs.replace(card("danger", 1), note="เก็บ 30 วัน")
    (part,) = render_parts(Content((made,)), cover="plain", message_id=MESSAGE_ID)
    last = part["messages"][0]["contents"]["body"]["contents"][-1]
    assert (last["text"], last["size"]) == ("เก็บ 30 วัน", "xs")


def test_quick_replies_hang_on_the_very_last_message() -> None:
    parts = render_parts(CONTENTS["seven bubbles"], cover="plain", message_id=MESSAGE_ID)
    assert [len(p["messages"]) for p in parts] == [5, 2]
    hung = [i for p in parts for i, m in enumerate(p["messages"]) if "quickReply" in m]
    assert hung == [1]
    assert "quickReply" in parts[1]["messages"][1]


def test_a_long_text_arrives_whole_over_several_calls() -> None:
    text = "".join(chr(0x0E01 + n % 40) for n in range(20_000))
    parts = render_parts(Content((Text(text),)), cover="plain", message_id=MESSAGE_ID)
    assert "".join(m["text"] for p in parts for m in p["messages"]) == text
