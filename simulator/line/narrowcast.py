"""Narrowcast: accepted at once, its progress asked for later. Source: LINE reference, "Send narrowcast message"."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import UNSET

from simulator.asgi import Request, Response
from simulator.line import requests
from simulator.line.account import LineAccount, Narrowcast
from simulator.line.audience import AudienceRecipient, OperatorRecipient, Recipient, RedeliveryRecipient
from simulator.line.decoding import decode, decode_messages
from simulator.line.delivering import Sending
from simulator.line.errors import RefusalError, answer, error
from simulator.line.sending import retry_key, send_to_many, through_faults

LEAST_REACH = 100
LEAST_RECIPIENTS = 50
TOO_FEW = 2
"""errorCode of a narrowcast that ended with too few recipients."""


async def send(line: LineAccount, request: Request) -> Response:
    body = decode(requests.narrowcast_decoder, request.body)
    messages = decode_messages(body.messages, request.body)
    followers = line.followers()
    limit = body.limit or requests.Limit()
    if limit.forbid_partial_delivery and not limit.up_to_remaining_quota:
        words = "The option forbidPartialDelivery must be used with upToRemainingQuota."
        raise RefusalError(error(400, words))
    if body.recipient:
        _check_recipient(line, body.recipient)
    filtered = body.filter is not UNSET or body.recipient is not UNSET
    if filtered and len(followers) < LEAST_REACH:
        raise RefusalError(error(403, "Your account does not have enough friends"))
    few = len(followers) < LEAST_RECIPIENTS
    chosen = [] if few else followers[: limit.max or None]
    sending = Sending(
        method="narrowcast",
        request_id=request.request_id,
        chats=chosen,
        messages=messages,
        raws=body.messages,
        retry_key=retry_key(request),
        status=202,
    )

    def effect() -> Response:
        response = send_to_many(line, sending)
        if response.status == 202:
            line.narrowcasts[request.request_id] = Narrowcast(
                accepted_at=line.world.clock.now(),
                targets=len(followers),
                reached=len(chosen),
                error_code=TOO_FEW if few else None,
            )
        return response

    return await through_faults(line, request, sending, effect)


async def progress(line: LineAccount, request: Request) -> Response:
    found = line.narrowcasts.get(request.query().get("requestId", ""))
    if found is None:
        raise RefusalError(error(404, "Not found"))
    at = (
        datetime.fromtimestamp(found.accepted_at, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
    body: dict[str, Any] = {"acceptedTime": at, "completedTime": at}
    if found.error_code is not None:
        failed = {"phase": "failed", "failedDescription": "too few recipients", "errorCode": found.error_code}
        return answer({**failed, **body})
    counts = {"successCount": found.reached, "failureCount": 0, "targetCount": found.targets}
    return answer({"phase": "succeeded", **counts, **body})


def _check_recipient(line: LineAccount, recipient: Recipient) -> None:
    """No audiences can be made here, so every audience id is unknown."""
    if isinstance(recipient, AudienceRecipient):
        raise RefusalError(error(400, f"Invalid audience group id: {recipient.audience_group_id}"))
    if isinstance(recipient, RedeliveryRecipient) and recipient.request_id not in line.narrowcasts:
        raise RefusalError(error(400, f"Invalid request id: {recipient.request_id}"))
    if isinstance(recipient, OperatorRecipient):
        for part in [*(recipient.and_ or []), *(recipient.or_ or [])]:
            _check_recipient(line, part)
