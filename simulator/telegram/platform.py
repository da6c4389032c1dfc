"""Routes of the fake Bot API: `/bot<TOKEN>/<method>` and `/file/bot<TOKEN>/<path>`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.asgi import Request, Response
from simulator.faults import Fault
from simulator.outages import answer_through
from simulator.posting import Poster
from simulator.telegram import editing, methods, sending, settings
from simulator.telegram.bot import TelegramBot
from simulator.telegram.errors import BLOCKED, RefusalError, failure
from simulator.telegram.keyboards import Exact
from simulator.telegram.parameters import Sent, convert, read_sent
from simulator.telegram.webhook import TelegramWebhook
from simulator.world import World

Handler = Callable[[TelegramBot, Any, Sent], Response]
_ASKED_FOR_RATE = 1
"""Seconds of `retry_after` where a fault names none."""


class TelegramPlatform:
    def __init__(self, world: World, poster: Poster) -> None:
        self.bot = TelegramBot(world)
        self.webhook = TelegramWebhook(self.bot, poster)
        self._token = world.options.telegram_token
        self._methods = {name.lower(): (name, *found) for name, found in _methods(self.webhook).items()}

    async def answer(self, request: Request) -> Response:
        """`request.path` without the `/telegram` before it."""
        try:
            if request.path.startswith("/file/bot"):
                return self._file(request.path.removeprefix("/file/bot"))
            token, _, method = request.path.removeprefix("/bot").partition("/")
            self._check_token(token)
            return await self._call(request, method)
        except RefusalError as refusal:
            return refusal.response

    def _check_token(self, token: str) -> None:
        if token != self._token:
            raise RefusalError(401, "Unauthorized") if ":" in token else RefusalError(404, "Not Found")

    async def _call(self, request: Request, method: str) -> Response:
        found = self._methods.get(method.lower())
        if found is None:
            raise RefusalError(404, "Not Found: method not found")
        name, kind, handler = found
        sent = read_sent(request)
        call = convert(sent, kind)
        person = str(getattr(call, "chat_id", "") or "")
        faults = self.bot.world.faults.take("telegram", name, [person])
        if not faults:
            return handler(self.bot, call, sent)
        return await self._through(faults, request, name, person, lambda: handler(self.bot, call, sent), sent)

    async def _through(
        self,
        faults: list[Fault],
        request: Request,
        name: str,
        person: str,
        effect: Callable[[], Response],
        sent: Sent,
    ) -> Response:
        def refuse(fault: Fault) -> Response:
            if not fault.kind.endswith("_after_effect"):
                text = str(sent.fields.get("text", ""))
                sending.note(self.bot, name, person, text, effective=False, outcome=fault.kind)
            if fault.kind == "blocked" and person in self.bot.world.people:
                self.bot.world.people[person].blocked = True
            return _words(fault)

        return await answer_through(faults, request, effect, refuse)

    def _file(self, rest: str) -> Response:
        token, _, path = rest.partition("/")
        self._check_token(token)
        stored = next((stored for stored in self.bot.files.values() if stored.path == path), None)
        if stored is None:
            raise RefusalError(404, "Not Found")
        return Response(200, stored.body, stored.media_type.encode())


def _words(fault: Fault) -> Response:
    """How the Bot API says this failure."""
    if fault.kind in ("rate_limited", "retry_after"):
        seconds = int(fault.value) or _ASKED_FOR_RATE
        return failure(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    if fault.kind == "blocked":
        return failure(403, BLOCKED)
    return failure(500, "Internal Server Error")


def _methods(webhook: TelegramWebhook) -> dict[str, tuple[type[Exact], Handler]]:
    def webhook_info(bot: TelegramBot, call: methods.Nothing, sent: Sent) -> Response:
        return settings.get_webhook_info(bot, call, sent, pending=webhook.pending)

    return {
        "getMe": (methods.Nothing, settings.get_me),
        "getChat": (methods.GetChat, settings.get_chat),
        "getChatAdministrators": (methods.GetChatAdministrators, settings.get_chat_administrators),
        "setWebhook": (methods.SetWebhook, settings.set_webhook),
        "deleteWebhook": (methods.DeleteWebhook, settings.delete_webhook),
        "getWebhookInfo": (methods.Nothing, webhook_info),
        "sendMessage": (methods.SendMessage, sending.send_message),
        "sendPhoto": (methods.SendPhoto, sending.send_photo),
        "sendDocument": (methods.SendDocument, sending.send_document),
        "sendLocation": (methods.SendLocation, sending.send_location),
        "sendChatAction": (methods.SendChatAction, sending.send_chat_action),
        "editMessageText": (methods.EditMessageText, editing.edit_message_text),
        "editMessageReplyMarkup": (methods.EditMessageReplyMarkup, editing.edit_message_reply_markup),
        "deleteMessage": (methods.DeleteMessage, editing.delete_message),
        "deleteMessages": (methods.DeleteMessages, editing.delete_messages),
        "answerCallbackQuery": (methods.AnswerCallbackQuery, editing.answer_callback_query),
        "setMyCommands": (methods.SetMyCommands, settings.set_my_commands),
        "getMyCommands": (methods.GetMyCommands, settings.get_my_commands),
        "deleteMyCommands": (methods.GetMyCommands, settings.delete_my_commands),
        "setMyDescription": (methods.SetMyDescription, settings.set_my_description),
        "getMyDescription": (methods.Language, settings.get_my_description),
        "setMyShortDescription": (methods.SetMyShortDescription, settings.set_my_short_description),
        "getMyShortDescription": (methods.Language, settings.get_my_short_description),
        "setMyName": (methods.SetMyName, settings.set_my_name),
        "getMyName": (methods.Language, settings.get_my_name),
        "setChatMenuButton": (methods.SetChatMenuButton, settings.set_chat_menu_button),
        "getChatMenuButton": (methods.GetChatMenuButton, settings.get_chat_menu_button),
        "getFile": (methods.GetFile, settings.get_file),
    }
