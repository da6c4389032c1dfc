"""Every Telegram request we can make, as python-telegram-bot really posts it, is one that Telegram takes.

The requests are caught by a small server on loopback and held against the Bot API's own description. Guards 10 and
item 5 of the way out.
"""

import html
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import jsonschema_rs
import msgspec
import orjson
import pytest
import regex
from aiohttp import web
from pydantic import SecretStr

from bots.channels.base import Cover
from bots.channels.telegram.channel import TelegramChannel
from bots.channels.telegram.render import render_parts
from bots.channels.wording import TELL_NOTHING, TEXTS, utf16_units
from core.messages.content import Button, Card, Content, Picture, Text
from core.settings import Settings
from tests.support.contents import card, dialogue_contents, plain_contents

MESSAGE_ID = UUID("01a00000-0000-7000-8000-000000000001")
COVERS: tuple[Cover, ...] = ("plain", "covered", "notice")
CONTENTS = plain_contents()
SAID = dialogue_contents()
GROUPS = {name: (content,) for name, content in CONTENTS.items()} | {"the dialogues": SAID}
_MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}


class Catcher:
    """Answers like the Bot API and keeps what was posted, decoded by nobody yet."""

    def __init__(self) -> None:
        self.caught: list[tuple[str, dict[str, str]]] = []

    async def answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        method = request.path.rsplit("/", 1)[1]
        self.caught.append((method, {name: str(value) for name, value in form.items()}))
        return web.json_response({"ok": True, "result": _MESSAGE})


@pytest.fixture
async def catcher() -> AsyncIterator[tuple[Catcher, str]]:
    catcher = Catcher()
    application = web.Application()
    application.router.add_post("/{rest:.*}", catcher.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield catcher, f"http://127.0.0.1:{port}"
    await runner.cleanup()


class BotApi:
    """The Bot API's description as JSON Schema, by method."""

    def __init__(self, description: Any) -> None:
        self._methods = description["methods"]
        self._validators: dict[str, Any] = {}
        self._defs = {name: self._type(kind) for name, kind in description["types"].items()}

    def _type(self, kind: Any) -> Any:
        if "subtypes" in kind:
            return {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in kind["subtypes"]]}
        return self._fields(kind.get("fields", []))

    def _fields(self, fields: Any) -> Any:
        return {
            "type": "object",
            "properties": {f["name"]: {"anyOf": [_schema(t) for t in f["types"]]} for f in fields},
            "required": [f["name"] for f in fields if f["required"]],
            "additionalProperties": False,
        }

    def check(self, method: str, form: dict[str, str]) -> None:
        """Decode each field as its type says, then validate; raises where Telegram would not understand."""
        fields = self._methods[method]["fields"]
        types = {f["name"]: f["types"] for f in fields}
        call = {name: _decoded(value, types.get(name, ["String"])) for name, value in form.items()}
        if method not in self._validators:
            schema = self._fields(fields) | {"$defs": self._defs}
            self._validators[method] = jsonschema_rs.Draft202012Validator(schema)
        self._validators[method].validate(call)


def _schema(name: str) -> Any:
    if name.startswith("Array of "):
        return {"type": "array", "items": _schema(name.removeprefix("Array of "))}
    plain = {"String": "string", "Integer": "integer", "Boolean": "boolean", "Float": "number"}
    return {"type": plain[name]} if name in plain else {"$ref": f"#/$defs/{name}"}


def _decoded(value: str, types: list[str]) -> Any:
    return value if types == ["String"] or types[0] == "InputFile" else orjson.loads(value)


@pytest.fixture(scope="module")
def bot_api(shared: Any) -> BotApi:
    return BotApi(orjson.loads((shared / "specs/telegram/api.json").read_bytes()))


async def test_what_is_really_posted_is_what_the_bot_api_describes(
    catcher: tuple[Catcher, str], bot_api: BotApi, settings: Settings
) -> None:
    posted, address = catcher
    channel = TelegramChannel(
        settings.model_copy(
            update={
                "telegram_bot_token": SecretStr("1:t"), "telegram_webhook_secret": SecretStr("s"),
                "telegram_api_base": address,
            }
        )
    )  # fmt: skip
    try:
        for content, covers in [*((c, COVERS) for c in CONTENTS.values()), *((c, COVERS[:1]) for c in SAID)]:
            for cover in covers:
                for part in render_parts(content, cover=cover, message_id=MESSAGE_ID):
                    assert (await channel.send(part, mode="send", address="5")).outcome == "sent"
        await channel.show_typing("5")
        await channel.acknowledge("press")
    finally:
        await channel.close()
    assert {method for method, _ in posted.caught} == {
        "sendMessage", "sendPhoto", "sendChatAction", "answerCallbackQuery",
    }  # fmt: skip
    for method, form in posted.caught:
        bot_api.check(method, form)


@pytest.mark.parametrize("name", GROUPS)
def test_the_limits_that_only_telegrams_descriptions_state_are_kept(name: str) -> None:
    """4,096 UTF-16 units of text after entities, 1,024 of a caption, 1 to 64 bytes of callback data."""
    for content in GROUPS[name]:
        for cover in COVERS:
            for part in render_parts(content, cover=cover, message_id=MESSAGE_ID):
                shown = displayed(part["caption"] if part["method"] == "sendPhoto" else part["text"])
                assert utf16_units(shown) <= (1_024 if part["method"] == "sendPhoto" else 4_096)
                assert part["method"] == "sendPhoto" or shown.strip()
                for row in part.get("reply_markup", {}).get("inline_keyboard", []):
                    for button in row:
                        assert button["text"]
                        assert len([k for k in ("url", "callback_data", "copy_text") if button.get(k)]) == 1
                        assert len(button.get("callback_data", "").encode()) <= 64
                        assert utf16_units(button.get("copy_text", {}).get("text", "")) <= 256


def displayed(text: str) -> str:
    """What Telegram shows of our HTML; raises AssertionError for a tag that is not one of ours or is not closed."""
    open_tags: list[str] = []
    for closing, tag in regex.findall(r"<(/?)([a-z-]+)>", text):
        assert tag in {"b", "i", "blockquote", "tg-spoiler"}
        if closing:
            assert open_tags.pop() == tag
        else:
            open_tags.append(tag)
    assert not open_tags
    return html.unescape(regex.sub(r"</?[a-z-]+>", "", text))


@pytest.mark.parametrize("name", GROUPS)
def test_behind_a_notice_nothing_shows_but_the_neutral_line_and_the_way_to_open_it(name: str) -> None:
    for content in GROUPS[name]:
        (part,) = render_parts(content, cover="notice", message_id=MESSAGE_ID)
        said = displayed(part["text"])
        assert all(
            b.text.strip() not in said for b in content.bubbles if isinstance(b, Text) and b.text.strip()
        )
        assert all(b.lead not in said for b in content.bubbles if isinstance(b, Card))
        data = [b["callback_data"] for row in part["reply_markup"]["inline_keyboard"] for b in row]
        assert data[0] == f"open:{MESSAGE_ID}"
        assert TELL_NOTHING.issuperset(data[1:])


GONE = {"remove_keyboard": True}


def test_the_key_that_sends_a_place_goes_with_a_bubble_that_has_no_buttons() -> None:
    content = Content(
        (Text("หนึ่ง"), Text("สอง")), choices=(Button("เมนู", data="m1:menu"),), drops_place_key=True
    )
    first, last = render_parts(content, cover="plain", message_id=MESSAGE_ID)
    assert (first["text"], first["reply_markup"]) == ("หนึ่ง", GONE)
    assert "inline_keyboard" in last["reply_markup"]


@pytest.mark.parametrize("cover", ["plain", "notice"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_where_every_bubble_has_buttons_a_short_one_takes_the_key_away(cover: Cover, language: str) -> None:
    choices = (Button("เมนู", data="m1:menu"),)
    content = Content((Text("คำถาม"),), choices=choices, drops_place_key=True, language=language)
    first, last = render_parts(content, cover=cover, message_id=MESSAGE_ID)
    assert (first["text"], first["reply_markup"]) == (TEXTS[language]["place_over"], GONE)
    assert "inline_keyboard" in last["reply_markup"]


def test_what_a_channel_says_of_its_own_is_in_the_persons_language() -> None:
    content = Content((Text("Hello"),), choices=(Button("Pin", location=True),), language="en")
    _, place = render_parts(content, cover="plain", message_id=MESSAGE_ID)
    (notice,) = render_parts(content, cover="notice", message_id=MESSAGE_ID)
    (button,) = notice["reply_markup"]["inline_keyboard"][0]
    assert (place["text"], notice["text"], button["text"]) == tuple(
        TEXTS["en"][key] for key in ("place", "notice", "open")
    )


@pytest.mark.parametrize("name", GROUPS)
def test_under_a_cover_the_words_are_spoilers_and_a_picture_says_nothing(name: str) -> None:
    for content in GROUPS[name]:
        for part in render_parts(content, cover="covered", message_id=MESSAGE_ID):
            if part["method"] == "sendPhoto":
                assert part["has_spoiler"] is True
            drawn = part.get("text") or part["caption"]
            bare = regex.sub(r"<tg-spoiler>.*?</tg-spoiler>", "", drawn, flags=regex.DOTALL)
            for bubble in content.bubbles:
                if isinstance(bubble, Card):
                    assert bubble.lead not in bare
                if isinstance(bubble, Picture):
                    assert bubble.alt[:30] not in bare
                if isinstance(bubble, Text) and bubble.text.strip():
                    assert bubble.text[:30].strip() not in html.unescape(bare)


def test_a_phone_number_is_told_because_telegram_has_no_button_for_it() -> None:
    content = Content((Text("โทรได้เลย"),), choices=(Button("สายด่วน", phone="1300"),))
    shown = "\n".join(p["text"] for p in render_parts(content, cover="plain", message_id=MESSAGE_ID))
    assert "1300" in shown


def test_the_band_has_a_colour_beside_its_sign_and_the_small_print_stands_last() -> None:
    made = card("danger", 1)
    (part,) = render_parts(
        Content((msgspec.structs.replace(made, note="เก็บ 30 วัน"),)), cover="plain", message_id=MESSAGE_ID
    )
    assert part["text"].startswith("🟥 <b>")
    assert "<i>เก็บ 30 วัน</i>" in part["text"].split("\n\n")[-2:]


def test_a_text_to_pass_on_is_copied_by_a_press() -> None:
    content = Content((Text("ส่งต่อได้เลย"),), choices=(Button("ส่งต่อ", share="อย่าโอนเงินก่อน"),))
    (part,) = render_parts(content, cover="plain", message_id=MESSAGE_ID)
    assert part["reply_markup"]["inline_keyboard"] == [
        [{"text": "ส่งต่อ", "copy_text": {"text": "อย่าโอนเงินก่อน"}}]
    ]


def test_a_long_text_arrives_whole_over_several_calls() -> None:
    text = "".join(chr(0x0E01 + n % 40) for n in range(20_000))
    parts = render_parts(Content((Text(text),)), cover="plain", message_id=MESSAGE_ID)
    assert "".join(html.unescape(p["text"]) for p in parts) == text
