"""Webhook bodies built in bulk and offline, for load generators that post them themselves."""

from __future__ import annotations

from itertools import count

import orjson

from simulator.ids import Ids
from simulator.line.offline_tokens import mint_offline_token
from simulator.signing import sign_line as sign_line

_ids = Ids(seed=2569)
_line_numbers = count(1)
_telegram_numbers = count(1)
_BOT = "U" + "b07" * 10 + "b0"


def line_text_body(secret: str, user_id: str, text: str, issued_ms: int, *, destination: str = _BOT) -> bytes:
    """One text message of one person, ready to be signed with `sign_line`.

    `issued_ms` is the time it will be posted: its reply token lives for a minute from then, and a simulator with
    the same channel secret honours it. The person must exist there for the answer to be shown.
    """
    number = next(_line_numbers)
    message = {
        "type": "text",
        "id": _ids.line_message(),
        "quoteToken": _ids.hexadecimal(40),
        "markAsReadToken": _ids.hexadecimal(64),
        "text": text,
    }
    event = {
        "type": "message",
        "message": message,
        "webhookEventId": _ids.ulid(issued_ms),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": issued_ms,
        "source": {"type": "user", "userId": user_id},
        "replyToken": mint_offline_token(secret, user_id, issued_ms, number),
        "mode": "active",
    }
    return orjson.dumps({"destination": destination, "events": [event]})


def telegram_text_body(person_id: int, text: str, issued_s: int, *, first_name: str = "Somsri") -> bytes:
    """One text message in a private chat; update ids count up in each process."""
    number = next(_telegram_numbers)
    message = {
        "message_id": number,
        "from": {"id": person_id, "is_bot": False, "first_name": first_name, "language_code": "th"},
        "chat": {"id": person_id, "first_name": first_name, "type": "private"},
        "date": issued_s,
        "text": text,
    }
    return orjson.dumps({"update_id": 900_000_000 + number, "message": message})
