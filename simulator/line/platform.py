"""Routes of the fake Messaging API, and who may call them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial

from simulator.asgi import Request, Response
from simulator.line import content, info, insight, narrowcast, richmenus, sending
from simulator.line.account import LineAccount
from simulator.line.errors import RefusalError, error
from simulator.line.webhook import LineWebhook
from simulator.outages import answer_through, has_effect
from simulator.posting import Poster
from simulator.world import World

Handler = Callable[..., Awaitable[Response]]
_UNAUTHORISED = "Authentication failed. Confirm that the access token in the authorization header is valid."
_ID = r"([A-Za-z0-9_-]+)"
_FAULTS_INSIDE = {"reply", "push", "multicast", "broadcast", "narrowcast", "validate"}
"""Calls that take their faults themselves, once they know whom they concern."""


class LinePlatform:
    def __init__(self, world: World, poster: Poster) -> None:
        self.line = LineAccount(world)
        self.webhook = LineWebhook(self.line, poster)
        self._bearer = f"Bearer {world.options.line_token}"
        self._exact = _exact_routes(self.webhook)
        self._patterns = _pattern_routes()

    async def answer(self, request: Request) -> Response:
        """`request.path` without the `/line` or `/line-data` before it."""
        request.request_id = self.line.world.ids.uuid()
        try:
            response = await self._route(request)
        except RefusalError as refusal:
            response = refusal.response
        response.headers = [*response.headers, (b"x-line-request-id", request.request_id.encode())]
        return response

    async def _route(self, request: Request) -> Response:
        name, handler, parameters = self._find(request)
        if name != "verify" and request.header(b"authorization") != self._bearer:
            return error(401, _UNAUTHORISED)
        if name in _FAULTS_INSIDE:
            return await handler(self.line, request, *parameters)
        people = [part for part in parameters if part[:1] in "UC"]
        faults = self.line.world.faults.take("line", name, people)
        if not faults:
            return await handler(self.line, request, *parameters)
        effect = await handler(self.line, request, *parameters) if has_effect(faults) else Response(500)
        return await answer_through(
            faults, request, lambda: effect, lambda fault: sending.words(fault, request.request_id)
        )

    def _find(self, request: Request) -> tuple[str, Handler, tuple[str, ...]]:
        found = self._exact.get((request.method, request.path))
        if found is not None:
            return found[0], found[1], ()
        for method, pattern, name, handler in self._patterns:
            match = pattern.fullmatch(request.path)
            if match is not None and method == request.method:
                return name, handler, match.groups()
        raise RefusalError(error(404, "Not found"))


def _exact_routes(webhook: LineWebhook) -> dict[tuple[str, str], tuple[str, Handler]]:
    message, bot = "/v2/bot/message", "/v2/bot"
    routes: dict[tuple[str, str], tuple[str, Handler]] = {
        ("POST", f"{message}/reply"): ("reply", sending.reply),
        ("POST", f"{message}/push"): ("push", sending.push),
        ("POST", f"{message}/multicast"): ("multicast", sending.multicast),
        ("POST", f"{message}/narrowcast"): ("narrowcast", narrowcast.send),
        ("GET", f"{message}/progress/narrowcast"): ("progress", narrowcast.progress),
        ("POST", f"{message}/broadcast"): ("broadcast", sending.broadcast),
        ("GET", f"{message}/quota"): ("quota", info.quota),
        ("GET", f"{message}/quota/consumption"): ("consumption", info.consumption),
        ("GET", f"{bot}/info"): ("info", info.bot_info),
        ("GET", f"{bot}/followers/ids"): ("followers", info.followers),
        ("GET", f"{bot}/channel/webhook/endpoint"): ("get_endpoint", info.get_endpoint),
        ("PUT", f"{bot}/channel/webhook/endpoint"): ("set_endpoint", info.set_endpoint),
        ("POST", f"{bot}/channel/webhook/test"): (
            "test_endpoint",
            partial(info.check_endpoint, webhook=webhook),
        ),
        ("POST", f"{bot}/chat/loading/start"): ("loading", info.loading),
        ("POST", f"{bot}/chat/markAsRead"): ("mark_as_read", info.mark_as_read),
        ("GET", f"{bot}/insight/message/event/aggregation"): ("insight", insight.unit_statistics),
        ("POST", "/v2/oauth/verify"): ("verify", info.verify_token),
        ("GET", "/oauth2/v2.1/verify"): ("verify", info.verify_token),
        ("POST", f"{bot}/richmenu"): ("richmenu", richmenus.create),
        ("POST", f"{bot}/richmenu/validate"): ("richmenu", richmenus.validate),
        ("GET", f"{bot}/richmenu/list"): ("richmenu", richmenus.list_all),
        ("POST", f"{bot}/richmenu/alias"): ("richmenu", richmenus.create_alias),
        ("GET", f"{bot}/richmenu/alias/list"): ("richmenu", richmenus.list_aliases),
        ("GET", f"{bot}/user/all/richmenu"): ("richmenu", richmenus.get_default),
        ("DELETE", f"{bot}/user/all/richmenu"): ("richmenu", richmenus.cancel_default),
        ("POST", f"{bot}/richmenu/bulk/link"): ("richmenu", richmenus.link_many),
        ("POST", f"{bot}/richmenu/bulk/unlink"): ("richmenu", richmenus.unlink_many),
    }
    for kind in ("reply", "push", "multicast", "narrowcast", "broadcast"):
        routes["POST", f"{message}/validate/{kind}"] = ("validate", sending.validate)
        if kind != "narrowcast":
            routes["GET", f"{message}/delivery/{kind}"] = ("delivery", partial(info.sent_on_day, method=kind))
    return routes


def _pattern_routes() -> list[tuple[str, re.Pattern[str], str, Handler]]:
    routes: list[tuple[str, str, str, Handler]] = [
        ("GET", f"/profile/{_ID}", "profile", info.profile),
        ("GET", f"/group/{_ID}/summary", "group", info.group_summary),
        ("GET", f"/group/{_ID}/members/count", "group", info.group_count),
        ("GET", f"/group/{_ID}/members/ids", "group", info.group_members),
        ("GET", f"/group/{_ID}/member/{_ID}", "group", info.group_member),
        ("POST", f"/group/{_ID}/leave", "group", info.leave_group),
        ("GET", f"/message/{_ID}/content", "content", content.get_content),
        ("GET", f"/message/{_ID}/content/preview", "content", content.get_preview),
        ("GET", f"/message/{_ID}/content/transcoding", "content", content.get_transcoding),
        ("POST", f"/richmenu/{_ID}/content", "richmenu", richmenus.set_image),
        ("GET", f"/richmenu/{_ID}/content", "richmenu", richmenus.get_image),
        ("GET", f"/richmenu/alias/{_ID}", "richmenu", richmenus.get_alias),
        ("POST", f"/richmenu/alias/{_ID}", "richmenu", richmenus.update_alias),
        ("DELETE", f"/richmenu/alias/{_ID}", "richmenu", richmenus.delete_alias),
        ("GET", f"/richmenu/{_ID}", "richmenu", richmenus.get),
        ("DELETE", f"/richmenu/{_ID}", "richmenu", richmenus.delete),
        ("POST", f"/user/all/richmenu/{_ID}", "richmenu", richmenus.set_default),
        ("GET", f"/user/{_ID}/richmenu", "richmenu", richmenus.get_of_user),
        ("DELETE", f"/user/{_ID}/richmenu", "richmenu", richmenus.unlink),
        ("POST", f"/user/{_ID}/richmenu/{_ID}", "richmenu", richmenus.link),
    ]
    return [(method, re.compile(f"/v2/bot{path}"), name, handler) for method, path, name, handler in routes]
