"""Bodies that benchmarks build beforehand are as good as ours."""

import time
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
import telegram
from linebot.v3 import SignatureValidator
from linebot.v3.messaging import AsyncMessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.messaging.exceptions import ApiException

from simulator.client import SimulatorClient
from simulator.phone import Person
from simulator.webhooks import line_text_body, sign_line, telegram_text_body
from tests.simulator.process import LINE_SECRET


def now_ms() -> int:
    return int(time.time() * 1000)


def answer(body: bytes) -> ReplyMessageRequest:
    token = orjson.loads(body)["events"][0]["replyToken"]
    return ReplyMessageRequest(replyToken=token, messages=[TextMessage(text="ตอบ")])


def test_a_line_body_is_genuine(specs: Path) -> None:
    whole = orjson.loads((specs / "line/enforceable/webhook.strict.schema.json").read_bytes())
    body = line_text_body(LINE_SECRET, "U" + "a" * 32, "สวัสดี", now_ms())
    jsonschema_rs.validator_for({**whole, "$ref": "#/$defs/CallbackRequest"}).validate(orjson.loads(body))
    assert SignatureValidator(LINE_SECRET).validate(body.decode(), sign_line(LINE_SECRET, body))


def test_no_two_bodies_share_an_id() -> None:
    events = [
        orjson.loads(line_text_body(LINE_SECRET, "U" + "a" * 32, "x", 1_795_000_000_000))["events"][0]
        for _ in range(1000)
    ]
    for ids in (
        {event["webhookEventId"] for event in events},
        {event["replyToken"] for event in events},
        {event["message"]["id"] for event in events},
    ):
        assert len(ids) == 1000
    updates = {orjson.loads(telegram_text_body(5, "x", 1_795_000_000))["update_id"] for _ in range(1000)}
    assert len(updates) == 1000


def test_a_telegram_body_is_genuine() -> None:
    update = telegram.Update.de_json(orjson.loads(telegram_text_body(5, "สวัสดี", 1_795_000_000)), None)
    assert update.message is not None
    assert (update.message.text, update.message.chat.id) == ("สวัสดี", 5)


async def test_its_reply_token_is_honoured_once(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi
) -> None:
    body = line_text_body(LINE_SECRET, somsri.id, "สวัสดี", now_ms())
    await line.reply_message(answer(body))
    with pytest.raises(ApiException, match="Invalid reply token"):
        await line.reply_message(answer(body))
    assert [item.text for item in (await phones.timeline(somsri.id)).items] == ["ตอบ"]


async def test_its_reply_token_is_honoured_for_a_minute(somsri: Person, line: AsyncMessagingApi) -> None:
    with pytest.raises(ApiException, match="Invalid reply token"):
        await line.reply_message(answer(line_text_body(LINE_SECRET, somsri.id, "x", now_ms() - 61_000)))


async def test_a_token_made_with_another_secret_is_not_honoured(
    somsri: Person, line: AsyncMessagingApi
) -> None:
    with pytest.raises(ApiException, match="Invalid reply token"):
        await line.reply_message(answer(line_text_body("another secret", somsri.id, "x", now_ms())))
