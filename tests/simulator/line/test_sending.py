"""The real SDK sends through the fake Messaging API."""

import io
import uuid

import aiohttp
import pytest
from linebot.v3.messaging import (
    AsyncMessagingApi,
    BroadcastRequest,
    FlexBox,
    FlexBubble,
    FlexMessage,
    FlexText,
    MulticastRequest,
    NarrowcastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    TextMessage,
    ValidateMessageRequest,
)
from linebot.v3.messaging.exceptions import ApiException

from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.simulator.process import LINE_TOKEN
from tests.simulator.receiver import Receiver

HELLO = [TextMessage(text="ตอบ")]


def reply_to(receiver: Receiver) -> ReplyMessageRequest:
    return ReplyMessageRequest(replyToken=receiver.event["replyToken"], messages=HELLO)


def push_to(person: str) -> PushMessageRequest:
    return PushMessageRequest(to=person, messages=HELLO)


async def texts(phones: SimulatorClient, chat: str) -> list[str]:
    return [item.text for item in (await phones.timeline(chat)).items]


async def test_a_reply_is_shown_on_the_phone(
    phones: SimulatorClient, receiver: Receiver, somsri: Person, line: AsyncMessagingApi
) -> None:
    await phones.say(somsri.id, "สวัสดี")
    answer = await line.reply_message(reply_to(receiver))
    shown = (await phones.timeline(somsri.id)).items[-1]
    assert answer.sent_messages[0].id == shown.id
    assert (shown.author, shown.via, shown.text) == ("bot", "reply", "ตอบ")
    assert shown.message == {"type": "text", "text": "ตอบ"}


async def test_a_reply_token_works_once(
    phones: SimulatorClient, receiver: Receiver, somsri: Person, line: AsyncMessagingApi
) -> None:
    await phones.say(somsri.id, "สวัสดี")
    await line.reply_message(reply_to(receiver))
    with pytest.raises(ApiException) as refused:
        await line.reply_message(reply_to(receiver))
    assert refused.value.status == 400
    assert refused.value.body == '{"message":"Invalid reply token"}'
    assert await texts(phones, somsri.id) == ["สวัสดี", "ตอบ"]


@pytest.mark.parametrize(("age", "answers"), [(55, 1), (65, 0)])
async def test_a_reply_token_lives_for_a_minute(
    phones: SimulatorClient,
    receiver: Receiver,
    somsri: Person,
    line: AsyncMessagingApi,
    age: int,
    answers: int,
) -> None:
    await phones.say(somsri.id, "สวัสดี")
    await phones.advance(age)
    if answers:
        await line.reply_message(reply_to(receiver))
    else:
        with pytest.raises(ApiException, match="Invalid reply token"):
            await line.reply_message(reply_to(receiver))


async def test_a_refused_body_does_not_spend_the_token(
    phones: SimulatorClient, receiver: Receiver, somsri: Person, line: AsyncMessagingApi
) -> None:
    await phones.say(somsri.id, "สวัสดี")
    too_long = ReplyMessageRequest(
        replyToken=receiver.event["replyToken"], messages=[TextMessage(text="ก" * 5001)]
    )
    with pytest.raises(ApiException, match="Length must be between 1 and 5000"):
        await line.reply_message(too_long)
    await line.reply_message(reply_to(receiver))


async def test_a_reply_refuses_a_retry_key(
    phones: SimulatorClient, receiver: Receiver, somsri: Person
) -> None:
    await phones.say(somsri.id, "สวัสดี")
    headers = {"Authorization": f"Bearer {LINE_TOKEN}", "X-Line-Retry-Key": str(uuid.uuid4())}
    body = {"replyToken": receiver.event["replyToken"], "messages": [{"type": "text", "text": "x"}]}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{phones.line_base}/v2/bot/message/reply", json=body, headers=headers) as response,
    ):
        assert response.status == 400


async def test_a_push_with_a_known_retry_key_is_a_conflict_that_names_the_first(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    key = str(uuid.uuid4())
    first = await line.push_message_with_http_info(push_to(somsri.id), x_line_retry_key=key)
    with pytest.raises(ApiException) as conflict:
        await line.push_message(push_to(somsri.id), x_line_retry_key=key)
    assert conflict.value.status == 409
    assert conflict.value.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert conflict.value.headers["x-line-request-id"] != first.headers["x-line-request-id"]
    assert first.data.sent_messages[0].id in conflict.value.body
    assert await texts(phones, somsri.id) == ["ตอบ"]


async def test_a_retry_key_is_forgotten_after_a_day(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    key = str(uuid.uuid4())
    await line.push_message(push_to(somsri.id), x_line_retry_key=key)
    await phones.advance(24 * 3600 + 1)
    await line.push_message(push_to(somsri.id), x_line_retry_key=key)
    assert await texts(phones, somsri.id) == ["ตอบ", "ตอบ"]


async def test_a_retry_key_must_be_a_uuid(somsri: Person, line: AsyncMessagingApi) -> None:
    with pytest.raises(ApiException, match="Invalid retry key"):
        await line.push_message(push_to(somsri.id), x_line_retry_key="once")


async def test_a_conflict_of_a_multicast_names_no_messages(
    somsri: Person, phones: SimulatorClient, line: AsyncMessagingApi
) -> None:
    request = MulticastRequest(to=[somsri.id], messages=HELLO)
    key = str(uuid.uuid4())
    await line.multicast(request, x_line_retry_key=key)
    with pytest.raises(ApiException) as conflict:
        await line.multicast(request, x_line_retry_key=key)
    assert conflict.value.status == 409
    assert "sentMessages" not in conflict.value.body
    assert await texts(phones, somsri.id) == ["ตอบ"]


async def test_one_bad_id_refuses_a_whole_multicast(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    for bad in ("U123", "U" + "0" * 32):
        with pytest.raises(ApiException, match=r"The property, to\[1\], in the request body is invalid"):
            await line.multicast(MulticastRequest(to=[somsri.id, bad], messages=HELLO))
    assert await texts(phones, somsri.id) == []


async def test_a_multicast_takes_five_hundred_people_and_no_more(
    phones: SimulatorClient, line: AsyncMessagingApi
) -> None:
    people = [person.id for person in await phones.create_people("line", "คน", count=501)]
    await line.multicast(MulticastRequest(to=people[:500], messages=HELLO))
    assert await texts(phones, people[499]) == ["ตอบ"]
    body = {"to": people, "messages": [{"type": "text", "text": "x"}]}
    headers = {"Authorization": f"Bearer {LINE_TOKEN}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{phones.line_base}/v2/bot/message/multicast", json=body, headers=headers) as response,
    ):
        answer = await response.json()
    assert answer["details"] == [{"message": "Size must be between 1 and 500", "property": "to"}]


async def test_a_broadcast_reaches_all_friends_and_nobody_else(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    left = await phones.create_person("line", "ไปแล้ว")
    await phones.unfollow(left.id)
    await line.broadcast(BroadcastRequest(messages=HELLO))
    assert await texts(phones, somsri.id) == ["ตอบ"]
    assert await texts(phones, left.id) == []


async def test_blocked_people_get_nothing_and_the_call_succeeds(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    await phones.unfollow(somsri.id)
    await line.push_message(push_to(somsri.id))
    assert await texts(phones, somsri.id) == []
    (row,) = (await phones.record()).deliveries
    assert (row.effective, row.outcome, row.person) == (False, "not_shown", somsri.id)


async def test_a_push_to_nobody_fails(line: AsyncMessagingApi, phones: SimulatorClient) -> None:
    with pytest.raises(ApiException, match="Failed to send messages"):
        await line.push_message(push_to("U" + "a" * 32))


async def test_the_month_ends_when_the_quota_is_used_up(
    phones: SimulatorClient, receiver: Receiver, somsri: Person, line: AsyncMessagingApi
) -> None:
    await phones.set_quota(2)
    await line.push_message(push_to(somsri.id))
    await line.multicast(MulticastRequest(to=[somsri.id], messages=HELLO * 3))
    assert (await line.get_message_quota()).value == 2
    assert (await line.get_message_quota_consumption()).total_usage == 2
    with pytest.raises(ApiException) as refused:
        await line.push_message(push_to(somsri.id))
    assert refused.value.status == 429
    assert refused.value.body == '{"message":"You have reached your monthly limit."}'
    await phones.say(somsri.id, "ยังตอบได้ไหม")
    await line.reply_message(reply_to(receiver))
    await phones.set_quota(None)


async def test_a_group_gets_what_is_pushed_to_it(
    phones: SimulatorClient, receiver: Receiver, somsri: Person, line: AsyncMessagingApi
) -> None:
    group = await phones.create_group("line", "เพื่อนบ้าน", [somsri.id])
    await phones.add_bot(group.id, somsri.id)
    await line.push_message(push_to(group.id))
    assert await texts(phones, group.id) == ["ตอบ"]


async def test_a_narrowcast_is_accepted_and_its_progress_told(
    phones: SimulatorClient, line: AsyncMessagingApi
) -> None:
    people = await phones.create_people("line", "คน", count=60)
    sent = await line.narrowcast_with_http_info(NarrowcastRequest(messages=HELLO))
    assert sent.status_code == 202
    progress = await line.get_narrowcast_progress(sent.headers["x-line-request-id"])
    assert (progress.phase, progress.success_count) == ("succeeded", 60)
    assert await texts(phones, people[0].id) == ["ตอบ"]


async def test_a_narrowcast_to_too_few_fails_after_it_was_accepted(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    sent = await line.narrowcast_with_http_info(NarrowcastRequest(messages=HELLO))
    progress = await line.get_narrowcast_progress(sent.headers["x-line-request-id"])
    assert (progress.phase, progress.error_code) == ("failed", 2)
    assert await texts(phones, somsri.id) == []


async def test_validation_sends_nothing(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    request = ValidateMessageRequest(messages=HELLO)
    for validate in (
        line.validate_reply,
        line.validate_push,
        line.validate_multicast,
        line.validate_broadcast,
    ):
        await validate(request)
    bad = ValidateMessageRequest(messages=[TextMessage(text="")])
    with pytest.raises(ApiException, match="May not be empty"):
        await line.validate_push(bad)
    assert await texts(phones, somsri.id) == []


async def test_a_flex_message_arrives_as_it_was_sent(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    bubble = FlexBubble(body=FlexBox(layout="vertical", contents=[FlexText(text="ระวัง", weight="bold")]))
    await line.push_message(
        PushMessageRequest(to=somsri.id, messages=[FlexMessage(altText="ผลการตรวจ", contents=bubble)])
    )
    (item,) = (await phones.timeline(somsri.id)).items
    assert (item.kind, item.text) == ("flex", "ผลการตรวจ")
    assert item.message["contents"]["body"]["contents"][0]["text"] == "ระวัง"


async def test_a_wrong_token_is_unauthorised(phones: SimulatorClient) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{phones.line_base}/v2/bot/info", headers={"Authorization": "Bearer wrong"}) as response,
    ):
        assert response.status == 401
        assert response.headers["x-line-request-id"]


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b" " * (2 * 1024 * 1024 + 1), 413), (b"[]", 400)])
async def test_what_is_no_request_is_refused(phones: SimulatorClient, body: bytes, status: int) -> None:
    headers = {"Authorization": f"Bearer {LINE_TOKEN}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{phones.line_base}/v2/bot/message/push", data=io.BytesIO(body), headers=headers
        ) as response,
    ):
        assert response.status == status
