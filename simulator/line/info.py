"""Calls that ask about the account, its friends, its quota and its webhook."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import orjson

from simulator.asgi import Request, Response
from simulator.ids import LINE_USER
from simulator.line import requests
from simulator.line.account import LineAccount
from simulator.line.decoding import decode
from simulator.line.errors import NOT_FOUND, RefusalError, answer, error, invalid
from simulator.line.webhook import LineWebhook
from simulator.phone import Activity, Group, Person
from simulator.signing import sign_line

_DAY = re.compile(r"\d{8}")


async def bot_info(line: LineAccount, request: Request) -> Response:
    del request
    options = line.world.options
    return answer(
        {
            "userId": line.user_id,
            "basicId": "@rootan",
            "displayName": options.bot_name,
            "chatMode": "bot",
            "markAsReadMode": "manual",
        }
    )


async def quota(line: LineAccount, request: Request) -> Response:
    del request
    return answer({"type": "none"} if line.quota is None else {"type": "limited", "value": line.quota})


async def consumption(line: LineAccount, request: Request) -> Response:
    del request
    return answer({"totalUsage": line.used_quota})


async def sent_on_day(line: LineAccount, request: Request, method: str) -> Response:
    day = request.query().get("date", "")
    if _DAY.fullmatch(day) is None:
        raise RefusalError(error(400, "The value for the 'date' parameter is invalid"))
    if day >= line.world.day():
        return answer({"status": "unready"})
    return answer({"status": "ready", "success": line.sent_by[method, day]})


async def profile(line: LineAccount, request: Request, user_id: str) -> Response:
    """Not found also for people who blocked the account."""
    del request
    if LINE_USER.fullmatch(user_id) is None:
        raise RefusalError(error(400, "The value for the 'userId' parameter is invalid"))
    person = line.world.people.get(user_id)
    if person is None or not line.reaches(user_id):
        raise RefusalError(error(404, NOT_FOUND))
    return answer(_profile(person))


async def followers(line: LineAccount, request: Request) -> Response:
    """Pages of at most `limit` (300 unless told, up to 1,000) ids."""
    query = request.query()
    start = _number(query.get("start", "0"), "Invalid start param")
    limit = _number(query.get("limit", "300"), "The value for the 'limit' parameter is invalid")
    if not 1 <= limit <= 1000:
        raise RefusalError(error(400, "The value for the 'limit' parameter is invalid"))
    ids = line.followers()
    page = {"userIds": ids[start : start + limit]}
    return answer({**page, "next": str(start + limit)} if start + limit < len(ids) else page)


async def group_summary(line: LineAccount, request: Request, group_id: str) -> Response:
    del request
    group = _group(line, group_id)
    return answer({"groupId": group.id, "groupName": group.name})


async def group_count(line: LineAccount, request: Request, group_id: str) -> Response:
    del request
    return answer({"count": len(_group(line, group_id).members)})


async def group_members(line: LineAccount, request: Request, group_id: str) -> Response:
    del request
    return answer({"memberIds": _group(line, group_id).members})


async def group_member(line: LineAccount, request: Request, group_id: str, user_id: str) -> Response:
    del request
    group = _group(line, group_id)
    if user_id not in group.members:
        raise RefusalError(error(404, NOT_FOUND))
    return answer(_profile(line.world.person(user_id), short=True))


async def leave_group(line: LineAccount, request: Request, group_id: str) -> Response:
    del request
    _group(line, group_id).bot_inside = False
    return answer({})


async def loading(line: LineAccount, request: Request) -> Response:
    """202 also when nothing is shown, as the real platform answers."""
    body = decode(requests.loading_decoder, request.body)
    details = []
    if not 5 <= body.loading_seconds <= 60:
        details.append({"message": "Must be between 5 and 60", "property": "loadingSeconds"})
    if body.loading_seconds % 5:
        details.append({"message": "must be a multiple of five", "property": "loadingSeconds"})
    if LINE_USER.fullmatch(body.chat_id) is None:
        only = "Only user id is acceptable, please confirm if there are any group/room ids or illegal ids."
        details.append({"message": only, "property": "chatId"})
    if details:
        raise RefusalError(error(400, f"The request body has {len(details)} error(s)", details=details))
    if line.reaches(body.chat_id):
        until = line.world.clock.now() + body.loading_seconds
        line.world.chat(body.chat_id, "line").activity = Activity(action="loading", until=until)
        line.world.changes.tell("chat_changed", "line", body.chat_id)
    return answer({}, 202)


async def mark_as_read(line: LineAccount, request: Request) -> Response:
    body = decode(requests.mark_as_read_decoder, request.body)
    found = line.read_tokens.get(body.mark_as_read_token)
    if found is None:
        words = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."
        raise RefusalError(error(400, words))
    chat, message_id = found
    line.world.chat(chat, "line").read_up_to = message_id
    line.world.changes.tell("chat_changed", "line", chat)
    return answer({})


async def get_endpoint(line: LineAccount, request: Request) -> Response:
    del request
    if not line.webhook_url:
        raise RefusalError(error(404, "Webhook endpoint not found"))
    return answer({"endpoint": line.webhook_url, "active": line.webhook_active})


async def set_endpoint(line: LineAccount, request: Request) -> Response:
    body = decode(requests.endpoint_decoder, request.body)
    line.webhook_url = _endpoint(body.endpoint)
    line.webhook_active = True
    return answer({})


async def check_endpoint(line: LineAccount, request: Request, webhook: LineWebhook) -> Response:
    """Posts a webhook without events, as LINE's console does on "Verify"."""
    body = decode(requests.webhook_test_decoder, request.body or b"{}")
    url = _endpoint(body.endpoint) if body.endpoint else line.webhook_url
    if not url:
        raise RefusalError(error(404, "Webhook endpoint not found"))
    empty = orjson.dumps({"destination": line.user_id, "events": []})
    before, line.webhook_url = line.webhook_url, url
    posted = await webhook.post_raw(empty, sign_line(line.world.options.line_secret, empty))
    line.webhook_url = before
    at = datetime.fromtimestamp(line.world.clock.now(), UTC).isoformat(timespec="milliseconds")
    reason = "OK" if posted.accepted else posted.reason.upper() or "ERROR_STATUS_CODE"
    return answer(
        {
            "success": posted.accepted,
            "timestamp": at.replace("+00:00", "Z"),
            "statusCode": posted.status,
            "reason": reason,
            "detail": str(posted.status) if posted.status else reason,
        }
    )


async def verify_token(line: LineAccount, request: Request) -> Response:
    """`/v2/oauth/verify` for long-lived tokens; the token is a form field here, not a header."""
    fields = dict(
        part.split("=", 1) for part in request.body.decode("ascii", "replace").split("&") if "=" in part
    )
    token = fields.get("access_token") or request.query().get("access_token")
    if token != line.world.options.line_token:
        described = {"error": "invalid_request", "error_description": "access token expired"}
        raise RefusalError(answer(described, 400))
    return answer({"client_id": "2000000000", "expires_in": 2_591_977, "scope": "profile"})


def _profile(person: Person, *, short: bool = False) -> dict[str, str]:
    basic = {"userId": person.id, "displayName": person.name}
    return basic if short else {**basic, "language": person.language}


def _group(line: LineAccount, group_id: str) -> Group:
    group = line.world.groups.get(group_id)
    if group is None or group.platform != "line" or not group.bot_inside:
        raise RefusalError(error(404, NOT_FOUND))
    return group


def _number(text: str, words: str) -> int:
    if not text.isdecimal():
        raise RefusalError(error(400, words))
    return int(text)


def _endpoint(url: str) -> str:
    """HTTPS, or loopback where everything runs on one machine."""
    parts = urlsplit(url)
    loopback = parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        raise RefusalError(
            error(400, "Invalid webhook endpoint URL") if url else invalid("endpoint", "May not be empty")
        )
    return url
