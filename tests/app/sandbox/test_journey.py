import json
from typing import Any, Literal

from app.sandbox.journey import make_journeys
from simulator.traffic import ExchangeShown


class Wire:
    """Counts exchanges as the simulator does."""

    def __init__(self) -> None:
        self.exchanges: list[ExchangeShown] = []

    def add(
        self,
        direction: Literal["webhook", "request"],
        url: str,
        body: Any,
        *,
        platform: str = "line",
        status: int = 200,
    ) -> None:
        self.exchanges.append(
            ExchangeShown(
                number=len(self.exchanges) + 1,
                direction=direction,
                platform=platform,
                method="POST",
                url=url,
                at=1795402674.0,
                duration_ms=3.21,
                status=status,
                request_headers={"host": "x", "x-line-signature": "c2ln"} if direction == "webhook" else {},
                request_body=body if isinstance(body, str) else json.dumps(body),
                response_headers={},
                response_body="{}",
            )
        )

    def hear(self, text: str, user: str, token: str) -> None:
        event = {
            "type": "message",
            "replyToken": token,
            "source": {"userId": user},
            "message": {"type": "text", "id": "5" + token[1:].zfill(17), "text": text},
        }
        self.add("webhook", "http://127.0.0.1:1/webhooks/line", {"destination": "U0", "events": [event]})


def test_a_call_belongs_to_the_message_whose_token_it_holds() -> None:
    wire = Wire()
    wire.hear("งานแรก", "Uaaaaaaaaaaaaaaaa", "t0001")
    wire.hear("งานสอง", "Ubbbbbbbbbbbbbbbb", "t0002")
    wire.add("request", "/line/v2/bot/message/reply", {"replyToken": "t0001", "messages": []})
    wire.add("request", "/line/v2/bot/message/push", {"to": "Ubbbbbbbbbbbbbbbb", "messages": []})
    second, first = make_journeys(wire.exchanges)
    assert (first.title, [call.title for call in first.calls]) == ("ข้อความ “งานแรก”", ["ตอบด้วย reply token"])
    assert (second.title, [call.title for call in second.calls]) == ("ข้อความ “งานสอง”", ["ส่งแบบ push"])


def test_the_newest_call_stands_first() -> None:
    wire = Wire()
    wire.hear("งาน", "Uaaaaaaaaaaaaaaaa", "t0001")
    wire.add("request", "/line/v2/bot/chat/loading/start", {"chatId": "Uaaaaaaaaaaaaaaaa"}, status=202)
    wire.add("request", "/line/v2/bot/message/reply", {"replyToken": "t0001"})
    (journey,) = make_journeys(wire.exchanges)
    assert [call.title for call in journey.calls] == ["ตอบด้วย reply token", "แสดงจุดกำลังพิมพ์"]


def test_fetching_a_picture_belongs_to_the_message_that_brought_it() -> None:
    wire = Wire()
    wire.hear("งาน", "Uaaaaaaaaaaaaaaaa", "t0001")
    wire.hear("อื่น", "Ubbbbbbbbbbbbbbbb", "t0002")
    wire.add("request", f"/line-data/v2/bot/message/5{'0001'.zfill(17)}/content", "")
    assert [call.title for call in make_journeys(wire.exchanges)[1].calls] == ["ขอรูปหรือไฟล์ที่เขาส่ง"]


def test_what_we_began_ourselves_has_no_webhook() -> None:
    wire = Wire()
    wire.add("request", "/line/v2/bot/message/multicast", {"to": ["Uaaaaaaaaaaaaaaaa"], "messages": []})
    (journey,) = make_journeys(wire.exchanges)
    assert (journey.webhook, journey.title) == (None, "เราเริ่มเอง: ส่งถึงหลายคน")


def test_a_telegram_form_is_shown_as_what_it_means() -> None:
    wire = Wire()
    update = {"update_id": 1, "message": {"chat": {"id": 77}, "text": "ตรวจหน่อย"}}
    wire.add("webhook", "http://127.0.0.1:1/webhooks/telegram", update, platform="telegram")
    form = "chat_id=77&text=%E0%B8%AD%E0%B8%A2%E0%B9%88%E0%B8%B2%E0%B9%80%E0%B8%9E%E0%B8%B4%E0%B9%88%E0%B8%87&reply_markup=%7B%22a%22%3A1%7D"
    wire.add("request", "/telegram/bot•••/sendMessage", form, platform="telegram")
    (journey,) = make_journeys(wire.exchanges)
    assert journey.title == "ข้อความ “ตรวจหน่อย”"
    (call,) = journey.calls
    assert json.loads(call.body) == {"chat_id": "77", "text": "อย่าเพิ่ง", "reply_markup": {"a": 1}}


def test_every_kind_of_event_gets_a_name() -> None:
    wire = Wire()
    wire.add("webhook", "u", {"events": [{"type": "follow"}]})
    wire.add("webhook", "u", {"events": [{"type": "message", "message": {"type": "image", "id": "1"}}]})
    wire.add("webhook", "u", {"events": []})
    wire.add("webhook", "u", "not json at all")
    wire.add(
        "webhook", "u", {"update_id": 1, "callback_query": {"message": {"text": "เก่า"}}}, platform="telegram"
    )
    wire.add("webhook", "u", {"update_id": 1, "message": {"photo": [], "caption": "ดูนี่"}}, platform="telegram")
    titles = [journey.title for journey in reversed(make_journeys(wire.exchanges))]
    assert titles == ["เพิ่มเพื่อน", "รูปภาพ", "เหตุการณ์อื่น", "เหตุการณ์อื่น", "กดปุ่ม", "รูปภาพ “ดูนี่”"]


def test_the_signature_is_shown_and_dull_headers_are_not() -> None:
    wire = Wire()
    wire.hear("งาน", "Uaaaaaaaaaaaaaaaa", "t0001")
    (journey,) = make_journeys(wire.exchanges)
    assert journey.webhook is not None
    assert journey.webhook.headers == [("x-line-signature", "c2ln")]


def test_long_bodies_are_cut() -> None:
    wire = Wire()
    wire.hear("ก" * 20_000, "Uaaaaaaaaaaaaaaaa", "t0001")
    (journey,) = make_journeys(wire.exchanges)
    assert journey.webhook is not None
    assert len(journey.webhook.body) < 8_100
