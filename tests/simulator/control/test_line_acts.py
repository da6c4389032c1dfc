"""Every act on LINE makes the webhook the official schema describes, signed as LINE signs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from linebot.v3 import SignatureValidator
from linebot.v3.messaging import (
    AsyncMessagingApi,
    DatetimePickerAction,
    LocationAction,
    MessageAction,
    PostbackAction,
    PushMessageRequest,
    QuickReply,
    QuickReplyItem,
    TextMessage,
    URIAction,
)
from linebot.v3.models.events import UnknownEvent
from linebot.v3.webhook import WebhookParser

from simulator.client import SimulatorClient, SimulatorError
from simulator.control.shapes import Say
from simulator.phone import Person
from tests.simulator.process import LINE_SECRET
from tests.simulator.receiver import Receiver

Check = Callable[[], dict[str, Any]]


@pytest.fixture(scope="session")
def callback(specs: Path) -> jsonschema_rs.Validator:
    whole = orjson.loads((specs / "line/enforceable/webhook.strict.schema.json").read_bytes())
    return jsonschema_rs.validator_for({**whole, "$ref": "#/$defs/CallbackRequest"})


@pytest.fixture
def genuine(receiver: Receiver, callback: jsonschema_rs.Validator) -> Check:
    """Checks the last webhook by schema, signature and SDK; returns its last event."""

    def check() -> dict[str, Any]:
        received = receiver.got[-1]
        callback.validate(received.json)
        signature = received.headers["x-line-signature"]
        assert SignatureValidator(LINE_SECRET).validate(received.body.decode(), signature)
        parsed = WebhookParser(LINE_SECRET).parse(received.body.decode(), signature)
        assert not any(isinstance(event, UnknownEvent) for event in parsed)
        return received.json["events"][-1]

    return check


def quick(*actions: object) -> TextMessage:
    return TextMessage(
        text="เลือก", quickReply=QuickReply(items=[QuickReplyItem(action=action) for action in actions])
    )


async def ask(line: AsyncMessagingApi, person: Person, *actions: object) -> str:
    sent = await line.push_message(PushMessageRequest(to=person.id, messages=[quick(*actions)]))
    return sent.sent_messages[0].id


async def test_a_text(phones: SimulatorClient, somsri: Person, genuine: Check) -> None:
    done = await phones.say(somsri.id, "งานนี้จริงไหมคะ")
    event = genuine()
    assert done.accepted
    assert event["message"]["text"] == "งานนี้จริงไหมคะ"
    assert event["webhookEventId"] == done.event_ids[0]
    assert len(event["webhookEventId"]) == 26
    assert event["source"] == {"type": "user", "userId": somsri.id}
    assert {"quoteToken", "markAsReadToken"} <= set(event["message"])


async def test_several_messages_travel_in_one_body(
    phones: SimulatorClient, somsri: Person, receiver: Receiver, genuine: Check
) -> None:
    other = await phones.create_person("line", "มานี")
    await phones.say_many([Say(person=somsri.id, text="หนึ่ง"), Say(person=other.id, text="สอง")])
    genuine()
    assert len(receiver.got) == 1
    assert [event["message"]["text"] for event in receiver.events] == ["หนึ่ง", "สอง"]


async def test_pictures_stickers_places_sounds_and_files(
    phones: SimulatorClient, somsri: Person, genuine: Check, picture: bytes
) -> None:
    kinds = []
    for act in (
        phones.send_picture(somsri.id, picture),
        phones.send_sticker(somsri.id),
        phones.send_location(somsri.id, 13.6, 102.5, title="ปอยเปต", address="กัมพูชา"),
        phones.send_audio(somsri.id, b"sound", duration_ms=2000),
        phones.send_file(somsri.id, b"%PDF", "สัญญา.pdf"),
    ):
        await act
        kinds.append(genuine()["message"]["type"])
    assert kinds == ["image", "sticker", "location", "audio", "file"]


async def test_following_leaving_and_coming_back(
    phones: SimulatorClient, somsri: Person, genuine: Check
) -> None:
    await phones.follow(somsri.id)
    assert genuine()["follow"] == {"isUnblocked": False}
    await phones.unfollow(somsri.id)
    left = genuine()
    assert left["type"] == "unfollow"
    assert "replyToken" not in left
    with pytest.raises(SimulatorError, match="follow it again first"):
        await phones.say(somsri.id, "ได้ยินไหม")
    await phones.unblock(somsri.id)
    assert genuine()["follow"] == {"isUnblocked": True}


async def test_an_unsent_message_is_gone_from_the_phone(
    phones: SimulatorClient, somsri: Person, genuine: Check
) -> None:
    done = await phones.say(somsri.id, "ลบเถอะ")
    await phones.unsend(somsri.id, done.message_ids[0])
    assert genuine()["unsend"] == {"messageId": done.message_ids[0]}
    assert (await phones.timeline(somsri.id)).items[0].deleted_at is not None


async def test_a_group_with_and_without_mention(
    phones: SimulatorClient, somsri: Person, receiver: Receiver, genuine: Check
) -> None:
    group = await phones.create_group("line", "เพื่อนบ้าน", [somsri.id])
    unheard = await phones.say(somsri.id, "ยังไม่มีบอต", group=group.id)
    assert (unheard.reason, receiver.got) == ("bot_not_in_group", [])
    await phones.add_bot(group.id, somsri.id)
    assert genuine()["type"] == "join"
    await phones.say(somsri.id, "คุยกันเอง", group=group.id)
    assert "mention" not in genuine()["message"]
    await phones.say(somsri.id, "ช่วยดูหน่อย", group=group.id, mention_bot=True)
    event = genuine()
    (mentionee,) = event["message"]["mention"]["mentionees"]
    assert mentionee["isSelf"] is True
    assert event["message"]["text"][: mentionee["length"]] == "@รู้ทัน"
    assert event["source"] == {"type": "group", "groupId": group.id, "userId": somsri.id}


async def test_an_edited_text_in_a_group(phones: SimulatorClient, somsri: Person, genuine: Check) -> None:
    group = await phones.create_group("line", "เพื่อนบ้าน", [somsri.id])
    await phones.add_bot(group.id, somsri.id)
    done = await phones.say(somsri.id, "พิมพ์ผิก", group=group.id)
    await phones.edit(somsri.id, done.message_ids[0], "พิมพ์ผิด", group=group.id)
    event = genuine()
    assert (event["type"], event["message"]["id"]) == ("messageEdited", done.message_ids[0])
    assert event["message"]["text"] == "พิมพ์ผิด"
    assert (await phones.timeline(group.id)).items[0].text == "พิมพ์ผิด"
    with pytest.raises(SimulatorError, match="in groups only"):
        await phones.edit(somsri.id, done.message_ids[0], "x")


async def test_members_come_and_go_and_the_bot_is_removed(
    phones: SimulatorClient, somsri: Person, genuine: Check
) -> None:
    group = await phones.create_group("line", "เพื่อนบ้าน", [somsri.id])
    manee = await phones.create_person("line", "มานี")
    await phones.add_bot(group.id, somsri.id)
    await phones.join(group.id, manee.id)
    assert genuine()["joined"]["members"] == [{"type": "user", "userId": manee.id}]
    await phones.leave(group.id, manee.id)
    assert genuine()["type"] == "memberLeft"
    await phones.remove_bot(group.id, somsri.id)
    assert genuine()["type"] == "leave"


async def test_a_pressed_postback_shows_its_text_and_sends_its_data(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, genuine: Check
) -> None:
    await ask(line, somsri, PostbackAction(label="ใช่", data="yes=1", displayText="ใช่ค่ะ"))
    await phones.press(somsri.id, label="ใช่")
    event = genuine()
    assert (event["type"], event["postback"]) == ("postback", {"data": "yes=1"})
    assert (await phones.timeline(somsri.id)).items[-1].text == "ใช่ค่ะ"


async def test_a_pressed_message_action_is_said(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, genuine: Check
) -> None:
    message_id = await ask(line, somsri, MessageAction(label="เมนู", text="เปิดเมนู"))
    await phones.press(somsri.id, message_id, index=0)
    assert genuine()["message"]["text"] == "เปิดเมนู"


async def test_quick_replies_vanish_with_the_next_message(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, receiver: Receiver
) -> None:
    await ask(line, somsri, MessageAction(label="เมนู", text="เมนู"))
    assert (await phones.timeline(somsri.id)).quick_reply["items"][0]["action"]["label"] == "เมนู"
    await phones.say(somsri.id, "ไม่กด")
    assert (await phones.timeline(somsri.id)).quick_reply is None
    with pytest.raises(SimulatorError, match="No such button"):
        await phones.press(somsri.id, label="เมนู")


async def test_dates_links_and_places_are_handled_by_the_phone(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, genuine: Check, receiver: Receiver
) -> None:
    actions = (
        DatetimePickerAction(label="วัน", data="d", mode="date"),
        URIAction(label="เปิด", uri="https://example.com/"),
        LocationAction(label="ที่อยู่"),
    )
    await ask(line, somsri, *actions)
    assert (await phones.press(somsri.id, label="เปิด")).opened == "https://example.com/"
    assert (await phones.press(somsri.id, label="ที่อยู่")).asks == "location"
    assert receiver.got == []
    await phones.press(somsri.id, label="วัน", value="2026-11-23")
    assert genuine()["postback"] == {"data": "d", "params": {"date": "2026-11-23"}}


async def test_the_record_keeps_every_event_with_its_place_in_the_row(
    phones: SimulatorClient, somsri: Person, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    await phones.say(somsri.id, "หนึ่ง")
    await phones.say(somsri.id, "สอง")
    first, second = (await phones.record()).events
    assert (first.sequence, first.text, first.accepted_at, first.statuses) == (1, "หนึ่ง", None, [500])
    assert (second.sequence, second.statuses) == (2, [200])
    assert second.accepted_at is not None
