"""Telegram through python-telegram-bot as a client only: no Application, no updater, `getMe` only when asked.

Its traps, each closed here: `Bot.initialize` calls getMe (not called, so that Telegram being away stops nothing); a
bare Bot has a pool of one (ours is set); a 30 s time-out can be ambiguous (ours is short, and reported as unclear).
"""

import asyncio
import contextlib
import os
import warnings
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import telegram
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bots.channels.base import Check, Cover, Mode, Part, Result
from bots.channels.telegram.arrivals import address_of
from bots.channels.telegram.outcomes import read_error
from bots.channels.telegram.parse import KEEPER, parse_update
from bots.channels.telegram.render import render_parts
from bots.engine.events import Event
from core.clock import utc_now
from core.logs import get_logger
from core.messages.content import Content
from core.settings import Settings

_SECONDS = 8.0
_CONNECT_SECONDS = 3.0
_WHOLE_CALL_SECONDS = 10.0
_MEDIA_SECONDS = 30.0
_POOL = 32
# The SDK's own switch: without it every "retry after" warns that its type will change.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# Everything the dispatcher understands; Telegram keeps the former list when none is given.
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

_log = get_logger()


class TelegramChannel:
    """Telegram as a Channel. One client a process."""

    name = "telegram"
    has_retry_keys = False

    def __init__(self, settings: Settings) -> None:
        if settings.telegram_bot_token is None or settings.telegram_webhook_secret is None:
            raise ValueError("Telegram is off: ROOTAN_TELEGRAM_BOT_TOKEN is not set")
        self._token = settings.telegram_bot_token.get_secret_value()
        self._secret = settings.telegram_webhook_secret.get_secret_value()
        self._base = settings.telegram_api_base.rstrip("/")
        self._made: telegram.Bot | None = None
        # The bot's name, needed to notice a mention in a group; learned when Telegram first answers.
        self.bot_name = ""

    @property
    def public_id(self) -> str:
        return f"@{self.bot_name}" if self.bot_name else ""

    @property
    def _bot(self) -> telegram.Bot:
        if self._made is None:
            request = HTTPXRequest(
                connection_pool_size=_POOL,
                read_timeout=_SECONDS,
                write_timeout=_SECONDS,
                connect_timeout=_CONNECT_SECONDS,
                pool_timeout=_CONNECT_SECONDS,
            )
            self._made = telegram.Bot(
                self._token,
                base_url=f"{self._base}/bot",
                base_file_url=f"{self._base}/file/bot",
                request=request,
                get_updates_request=request,
            )
        return self._made

    def parse(self, body: dict[str, Any]) -> Event:
        return parse_update(body, utc_now().timestamp(), self.bot_name)

    def address_of(self, body: dict[str, Any]) -> str | None:
        return address_of(body)

    def render(self, content: Content, *, cover: Cover, message_id: UUID) -> list[Part]:
        return render_parts(content, cover=cover, message_id=message_id)

    def mark(self, part: Part, *, unit: str, silent: bool) -> Part:  # noqa: ARG002 - Telegram counts nothing for us
        return part | {"silent": True} if silent else part

    async def send(
        self,
        part: Part,
        *,
        mode: Mode,  # noqa: ARG002 - Telegram has one way to send
        address: str,
        handle: str = "",  # noqa: ARG002 - and no one-time handles
        retry_key: UUID | None = None,  # noqa: ARG002 - and no retry keys
    ) -> Result:
        try:
            # The SDK's time-outs are for each step and each piece of an answer; a claim needs one for the whole call.
            async with asyncio.timeout(_WHOLE_CALL_SECONDS):
                message = await self._send_part(part, int(address))
        except TelegramError as error:
            return read_error(error)
        except TimeoutError:
            return Result("unclear")
        return Result("sent", 200, message=message)

    async def _send_part(self, part: Part, chat_id: int) -> int:
        """Return Telegram's id of what was sent."""
        markup = _markup(part.get("reply_markup"))
        if part["method"] == "sendPhoto":
            sent = await self._bot.send_photo(
                chat_id,
                part["photo"],
                caption=part["caption"],
                parse_mode=part["parse_mode"],
                has_spoiler=part["has_spoiler"],
                disable_notification=part.get("silent"),
                reply_markup=markup,
            )
            return sent.message_id
        sent = await self._bot.send_message(
            chat_id,
            part["text"],
            parse_mode=part["parse_mode"],
            disable_notification=part.get("silent"),
            reply_markup=markup,
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        )
        return sent.message_id

    async def delete_messages(self, address: str, messages: Sequence[int]) -> Result:
        try:
            async with asyncio.timeout(_WHOLE_CALL_SECONDS):
                await self._bot.delete_messages(int(address), list(messages))
        except TelegramError as error:
            return read_error(error)
        except TimeoutError:
            return Result("unclear")
        return Result("sent", 200)

    async def leave_buttons(self, address: str, message: int, buttons: Sequence[dict[str, Any]]) -> None:
        left = {"inline_keyboard": [[button] for button in buttons]} if buttons else None
        try:
            async with asyncio.timeout(_WHOLE_CALL_SECONDS):
                await self._bot.edit_message_reply_markup(
                    chat_id=int(address), message_id=message, reply_markup=_markup(left)
                )
        except (TelegramError, TimeoutError) as error:
            # A double tap took them away already, or the message is gone: a late press is answered kindly.
            _log.info("buttons_stay", error=error)

    async def is_keeper(self, group: str, member: str) -> bool | None:
        if member == KEEPER:
            return True
        try:
            async with asyncio.timeout(_WHOLE_CALL_SECONDS):
                keepers = await self._bot.get_chat_administrators(int(group))
        except (TelegramError, TimeoutError):
            return None
        return any(str(keeper.user.id) == member for keeper in keepers)

    async def show_typing(self, address: str) -> None:
        with contextlib.suppress(TelegramError):
            await self._bot.send_chat_action(int(address), "typing")

    async def acknowledge(self, handle: str) -> None:
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(handle)

    async def fetch_media(self, media: str, *, limit: int) -> bytes | None:
        try:
            async with asyncio.timeout(_MEDIA_SECONDS):
                file = await self._bot.get_file(media, read_timeout=20)
                if file.file_size is not None and file.file_size > limit:
                    return None
                received = bytes(await file.download_as_bytearray(read_timeout=20))
        except (TelegramError, TimeoutError):
            return None
        return received if len(received) <= limit else None

    async def learn_name(self) -> None:
        """Ask who we are; without an answer, mentions by name in groups go unnoticed until the next try."""
        with contextlib.suppress(TelegramError):
            self.bot_name = (await self._bot.get_me()).username or ""

    async def check(self, base_url: str) -> list[Check]:
        """Look at the token and the webhook; for `doctor` and `channels connect`."""
        try:
            me = await self._bot.get_me()
            hook = await self._bot.get_webhook_info()
        except TelegramError as error:
            reached = isinstance(error, InvalidToken)
            what = "refuses the token: set ROOTAN_TELEGRAM_BOT_TOKEN anew" if reached else "can't be reached"
            return [Check(False, f"Telegram {what}")]
        wanted = f"{base_url.rstrip('/')}/webhooks/telegram"
        checks = [Check(True, f"Telegram bot @{me.username} answers")]
        if hook.url != wanted:
            checks.append(
                Check(False, f"Telegram webhook is not {wanted}: run `rootan channels connect telegram`")
            )
        else:
            waiting = hook.pending_update_count
            checks.append(Check(True, f"Telegram webhook address is set ({waiting} updates waiting)"))
        return checks

    async def connect(self, base_url: str) -> list[Check]:
        """Register the webhook address with its secret."""
        wanted = f"{base_url.rstrip('/')}/webhooks/telegram"
        try:
            await self._bot.set_webhook(wanted, secret_token=self._secret, allowed_updates=ALLOWED_UPDATES)
        except TelegramError:
            return [
                Check(
                    False, f"Telegram did not accept {wanted}: it must be https on port 443, 80, 88 or 8443"
                )
            ]
        return await self.check(base_url)

    async def close(self) -> None:
        if self._made is not None:
            await self._made.request.shutdown()
            self._made = None


def _markup(raw: Any) -> Any:
    if raw is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if "remove_keyboard" in raw:
            return telegram.ReplyKeyboardRemove()
        kind = telegram.InlineKeyboardMarkup if "inline_keyboard" in raw else telegram.ReplyKeyboardMarkup
        return kind.de_json(raw, None)
