"""Every act on Telegram makes the update that Bot API 10.1 describes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import ChatMigrated

from simulator.client import SimulatorClient, SimulatorError
from simulator.phone import Person
from tests.simulator.process import running
from tests.simulator.receiver import Receiver

Check = Callable[[], dict[str, Any]]
SIMPLE = {"Integer": "integer", "String": "string", "Boolean": "boolean", "Float": "number"}


def schema_of(name: str) -> dict[str, Any]:
    if name.startswith("Array of "):
        return {"type": "array", "items": schema_of(name.removeprefix("Array of "))}
    return {"type": SIMPLE[name]} if name in SIMPLE else {"$ref": f"#/$defs/{name}"}


def definition(kind: dict[str, Any]) -> dict[str, Any]:
    if "subtypes" in kind:
        return {"anyOf": [schema_of(name) for name in kind["subtypes"]]}
    fields = kind.get("fields", [])
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field["name"] for field in fields if field["required"]],
        "properties": {
            field["name"]: {"anyOf": [schema_of(one) for one in field["types"]]} for field in fields
        },
    }


@pytest.fixture(scope="session")
def update_schema(specs: Path) -> jsonschema_rs.Validator:
    api = orjson.loads((specs / "telegram/api.json").read_bytes())
    definitions = {name: definition(kind) for name, kind in api["types"].items()}
    return jsonschema_rs.validator_for({"$ref": "#/$defs/Update", "$defs": definitions})


@pytest.fixture
def genuine(receiver: Receiver, update_schema: jsonschema_rs.Validator) -> Check:
    """Checks the last update by schema and SDK; returns its content."""

    def check() -> dict[str, Any]:
        update = receiver.update
        update_schema.validate(update)
        parsed = telegram.Update.de_json(update, None)
        assert not parsed.api_kwargs
        (content,) = [value for key, value in update.items() if key != "update_id"]
        return content

    return check


async def test_the_schema_refuses_what_telegram_never_sends(update_schema: jsonschema_rs.Validator) -> None:
    assert not update_schema.is_valid({"update_id": 1, "message": {"message_id": 1}})
    assert not update_schema.is_valid({"update_id": 1, "massage": {}})


async def test_a_text_with_command_and_link(phones: SimulatorClient, ton: Person, genuine: Check) -> None:
    await phones.say(ton.id, "/start ดู https://example.com/ไทย")
    message = genuine()
    assert message["entities"][0] == {"type": "bot_command", "offset": 0, "length": 6}
    assert message["entities"][1]["type"] == "url"
    assert message["from"] == {"id": int(ton.id), "is_bot": False, "first_name": "ต้น", "language_code": "th"}
    assert message["chat"]["type"] == "private"


async def test_pictures_files_sounds_stickers_places_and_contacts(
    phones: SimulatorClient, ton: Person, genuine: Check, picture: bytes
) -> None:
    seen = []
    for act in (
        phones.send_picture(ton.id, picture, caption="จริงไหม"),
        phones.send_file(ton.id, b"%PDF", "สัญญา.pdf", media_type="application/pdf"),
        phones.send_audio(ton.id, b"sound", duration_ms=3000),
        phones.send_sticker(ton.id),
        phones.send_location(ton.id, 13.6, 102.5),
        phones.send_contact(ton.id, "+66812345678", "พี่หนึ่ง"),
    ):
        await act
        message = genuine()
        seen += [
            kind
            for kind in ("photo", "document", "voice", "sticker", "location", "contact")
            if kind in message
        ]
    assert seen == ["photo", "document", "voice", "sticker", "location", "contact"]


async def test_starting_blocking_and_coming_back(
    phones: SimulatorClient, ton: Person, genuine: Check, receiver: Receiver
) -> None:
    await phones.follow(ton.id)
    assert genuine()["text"] == "/start"
    await phones.unfollow(ton.id)
    change = genuine()
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    with pytest.raises(SimulatorError, match="follow it again first"):
        await phones.say(ton.id, "ได้ยินไหม")
    await phones.follow(ton.id)
    assert genuine()["text"] == "/start"
    assert receiver.got[-2].json["my_chat_member"]["new_chat_member"]["status"] == "member"


async def test_an_edited_text(
    phones: SimulatorClient, ton: Person, genuine: Check, receiver: Receiver
) -> None:
    done = await phones.say(ton.id, "พิมพ์ผิก")
    await phones.edit(ton.id, done.message_ids[0], "พิมพ์ผิด")
    message = genuine()
    assert (message["text"], message["message_id"]) == ("พิมพ์ผิด", int(done.message_ids[0]))
    assert "edited_message" in receiver.update
    assert (await phones.timeline(ton.id)).items[0].text == "พิมพ์ผิด"


async def test_a_pressed_inline_button(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, genuine: Check, receiver: Receiver
) -> None:
    keyboard = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("เปิด", url="https://example.com/")],
            [InlineKeyboardButton("แจ้ง", callback_data="r")],
        ]
    )
    message = await bot.send_message(ton.id, "เลือก", reply_markup=keyboard)
    assert (await phones.press(ton.id, str(message.message_id), index=0)).opened == "https://example.com/"
    assert receiver.got == []
    await phones.press(ton.id, str(message.message_id), data="r")
    query = genuine()
    assert query["data"] == "r"
    assert query["message"]["message_id"] == message.message_id


async def test_a_pressed_keyboard_says_its_text_or_asks_the_person(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, genuine: Check
) -> None:
    buttons = [
        [KeyboardButton("เมนู")],
        [KeyboardButton("เบอร์", request_contact=True), KeyboardButton("ที่อยู่", request_location=True)],
    ]
    await bot.send_message(ton.id, "เลือก", reply_markup=ReplyKeyboardMarkup(buttons))
    assert (await phones.press(ton.id, label="ที่อยู่")).asks == "location"
    await phones.press(ton.id, label="เบอร์")
    assert genuine()["contact"]["first_name"] == "ต้น"
    await phones.press(ton.id, label="เมนู")
    assert genuine()["text"] == "เมนู"


async def test_a_group_gets_the_bot_and_grows_up(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, genuine: Check, receiver: Receiver
) -> None:
    group = await phones.create_group("telegram", "เพื่อนบ้าน", [ton.id])
    assert (await phones.say(ton.id, "ยังไม่มีบอต", group=group.id)).reason == "bot_not_in_group"
    await phones.add_bot(group.id, ton.id)
    assert genuine()["new_chat_members"][0]["is_bot"] is True
    assert "my_chat_member" in receiver.got[-2].json
    await phones.say(ton.id, "ช่วยดูหน่อย", group=group.id, mention_bot=True)
    message = genuine()
    assert message["text"] == "@rootan_bot ช่วยดูหน่อย"
    assert message["entities"][0] == {"type": "mention", "offset": 0, "length": 11}
    done = await phones.migrate(group.id, ton.id)
    assert genuine()["migrate_from_chat_id"] == int(group.id)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == int(done.id)
    await bot.send_message(done.id, "ตามมาแล้ว")
    await phones.remove_bot(done.id, ton.id)
    assert genuine()["new_chat_member"]["status"] == "kicked"


async def test_with_group_privacy_the_bot_hears_only_what_is_meant_for_it(
    receiver: Receiver, listening: Receiver
) -> None:
    async with (
        running(listening.url, "--telegram-group-privacy") as (address, _),
        SimulatorClient(address) as phones,
    ):
        ton = await phones.create_person("telegram", "ต้น")
        group = await phones.create_group("telegram", "เพื่อนบ้าน", [ton.id])
        await phones.add_bot(group.id, ton.id)
        receiver.clear()
        assert (await phones.say(ton.id, "คุยกันเอง", group=group.id)).reason == "group_privacy"
        assert receiver.got == []
        await phones.say(ton.id, "/help", group=group.id)
        await phones.say(ton.id, "ดูให้หน่อย", group=group.id, mention_bot=True)
        assert len(receiver.got) == 2
