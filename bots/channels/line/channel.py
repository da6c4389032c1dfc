"""LINE through its own SDK: messages as bytes over its client's session, all else through `AsyncApiClient.call_api`.

`call_api` takes dicts and writes them with the standard library's encoder, letter by letter for Thai: half of the time of
a call. What it adds to a call (address, token, agent, content type) is taken from the same client.

The SDK's traps, each closed here: its time-out is 300 s (ours is short); its session reads the environment at each call
and its pool is small (ours does neither); it must be
made inside a running loop (made at first use); dicts given to its models lose content silently (we give none).
"""

import asyncio
import contextlib
import urllib.request
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import aiohttp
import orjson
from linebot.v3.messaging import AsyncApiClient, Configuration
from linebot.v3.messaging.exceptions import ApiException

from bots.channels.base import Check, Cover, Mode, Part, Result
from bots.channels.line.arrivals import address_of
from bots.channels.line.insight import UnitRead, read_unit, unit_path
from bots.channels.line.outcomes import read_answer
from bots.channels.line.parse import parse_event
from bots.channels.line.person_menu import PersonMenus
from bots.channels.line.render import render_parts
from bots.channels.reading import flag_of, int_of, text_of
from bots.engine.events import Event
from core.clock import utc_now
from core.messages.content import Content
from core.settings import Settings

SECONDS = 8.0
_CONNECT_SECONDS = 3.0
_POOL = 64
_JSON = {"Accept": "application/json", "Content-Type": "application/json"}
_PATHS: dict[Mode, str] = {
    "reply": "/v2/bot/message/reply",
    "push": "/v2/bot/message/push",
    "multicast": "/v2/bot/message/multicast",
}


class LineChannel:
    """LINE as a Channel. One client a process."""

    name = "line"
    has_retry_keys = True

    def __init__(self, settings: Settings) -> None:
        if settings.line_channel_access_token is None:
            raise ValueError("LINE is off: ROOTAN_LINE_CHANNEL_ACCESS_TOKEN is not set")
        self._token = settings.line_channel_access_token.get_secret_value()
        self._base = settings.line_api_base
        self._data_base = settings.line_data_api_base
        # Set by hand, or learned when LINE first answers.
        self.public_id = settings.line_basic_id
        self._made: AsyncApiClient | None = None
        # The session that the SDK made for itself and that ours stands in for.
        self._spare: aiohttp.ClientSession | None = None
        self._menus = PersonMenus(self._call)

    @property
    def _client(self) -> AsyncApiClient:
        if self._made is None:
            configuration = Configuration(host=self._base, access_token=self._token)
            self._made = AsyncApiClient(configuration)
            self._spare = self._made.rest_client.pool_manager
            self._made.rest_client.pool_manager = _session()
        return self._made

    def parse(self, body: dict[str, Any]) -> Event:
        return parse_event(body, utc_now().timestamp())

    def address_of(self, body: dict[str, Any]) -> str | None:
        return address_of(body)

    def render(self, content: Content, *, cover: Cover, message_id: UUID) -> list[Part]:
        return render_parts(content, cover=cover, message_id=message_id)

    def mark(self, part: Part, *, unit: str, silent: bool) -> Part:
        units = {"customAggregationUnits": [unit]} if unit else {}
        return part | units | ({"notificationDisabled": True} if silent else {})

    async def send(
        self, part: Part, *, mode: Mode, address: str, handle: str = "", retry_key: UUID | None = None
    ) -> Result:
        target = {"replyToken": handle} if mode == "reply" else {"to": address}
        return await self._post(_PATHS[mode], part | target, retry_key)

    async def send_many(self, part: Part, *, addresses: Sequence[str], retry_key: UUID) -> Result:
        return await self._post(_PATHS["multicast"], part | {"to": list(addresses)}, retry_key)

    async def show_typing(self, address: str) -> None:
        await self._post("/v2/bot/chat/loading/start", {"chatId": address, "loadingSeconds": 20}, None)

    async def acknowledge(self, handle: str) -> None:
        """LINE needs nothing of the kind."""

    async def fetch_media(self, media: str, *, limit: int) -> bytes | None:
        address = f"{self._data_base}/v2/bot/message/{media}/content"
        headers = {"Authorization": f"Bearer {self._token}"}
        session = self._client.rest_client.pool_manager
        try:
            async with session.get(
                address, headers=headers, timeout=aiohttp.ClientTimeout(total=20)
            ) as answer:
                if answer.status != 200:
                    return None
                return await _read_at_most(answer.content, limit)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None

    async def _post(self, path: str, body: Part, retry_key: UUID | None) -> Result:
        client = self._client
        headers = client.default_headers | _JSON
        if retry_key is not None:
            headers["X-Line-Retry-Key"] = str(retry_key)
        session: aiohttp.ClientSession = client.rest_client.pool_manager
        try:
            async with session.post(
                f"{self._base}{path}", data=orjson.dumps(body), headers=headers, timeout=_patience(),
                # Whoever sends us elsewhere is not LINE.
                allow_redirects=False,
            ) as answer:  # fmt: skip
                status, said = answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Result("not_sent")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Result("unclear")
        return read_answer(status, _parsed(said))

    async def _call(self, path: str, method: str, *, body: Part | None = None) -> tuple[int, Any]:
        """Call LINE and return status and parsed answer; raises aiohttp's and the system's errors only."""
        try:
            answer = await self._client.call_api(
                path,
                method,
                header_params=dict(_JSON),
                body=body,
                auth_settings=["Bearer"],
                response_types_map={},
                _request_timeout=_patience(),
            )
        except ApiException as error:
            return error.status or 500, _parsed(error.body)
        except UnicodeDecodeError:
            # The SDK decodes what it gets as UTF-8; an answer that is not is none of LINE's.
            return 500, {}
        return answer.status_code, _parsed(answer.raw_data)

    async def check(self, base_url: str) -> list[Check]:
        """Look at the token, the bot's name, the webhook address and its test; for `doctor` and `channels connect`."""
        try:
            status, info = await self._call("/v2/bot/info", "GET")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return [Check(False, "LINE can't be reached: check the network and ROOTAN_LINE_API_BASE")]
        if status != 200:
            return [Check(False, "LINE refuses the token: set ROOTAN_LINE_CHANNEL_ACCESS_TOKEN anew")]
        checks = [Check(True, f"LINE bot {text_of(info, 'basicId')} answers")]
        _, hook = await self._call("/v2/bot/channel/webhook/endpoint", "GET")
        wanted = f"{base_url.rstrip('/')}/webhooks/line"
        if text_of(hook, "endpoint") != wanted:
            checks.append(Check(False, f"LINE webhook is not {wanted}: run `rootan channels connect line`"))
        elif not flag_of(hook, "active"):
            checks.append(
                Check(False, "LINE webhook is off: switch on “Use webhook” in the LINE Developers console")
            )
        else:
            checks.append(Check(True, "LINE webhook address is set and on"))
        return checks

    async def connect(self, base_url: str) -> list[Check]:
        """Register the webhook address and have LINE test it."""
        wanted = f"{base_url.rstrip('/')}/webhooks/line"
        status, _ = await self._call("/v2/bot/channel/webhook/endpoint", "PUT", body={"endpoint": wanted})
        if status != 200:
            return [
                Check(False, f"LINE did not accept {wanted}: it must be https and reachable from outside")
            ]
        _, tested = await self._call("/v2/bot/channel/webhook/test", "POST", body={"endpoint": wanted})
        works = flag_of(tested, "success")
        why = text_of(tested, "reason") or "no answer"
        return [
            Check(True, f"LINE sends webhooks to {wanted}"),
            Check(
                works, "LINE's test webhook was answered" if works else f"LINE's test webhook failed: {why}"
            ),
            *await self.check(base_url),
        ]

    async def show_menu(self, address: str, menu: str) -> Result:
        return await self._menus.show(address, menu)

    async def forget_menu(self, address: str) -> Result:
        return await self._menus.forget(address)

    async def read_quota(self) -> tuple[int | None, int | None]:
        """Return the month's limit (None: unlimited or unknown) and what LINE counts as used (approximate)."""
        try:
            _, limit = await self._call("/v2/bot/message/quota", "GET")
            _, used = await self._call("/v2/bot/message/quota/consumption", "GET")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None, None
        return int_of(limit, "value"), int_of(used, "totalUsage")

    async def read_unit(self, unit: str, first: date, last: date) -> UnitRead:
        """Return LINE's statistics of an aggregation unit, in its own days (UTC+9). Never raises."""
        try:
            status, said = await self._call(unit_path(unit, first, last), "GET")
        except (aiohttp.ClientError, TimeoutError, OSError):
            return UnitRead("failed")
        return read_unit(status, said)

    async def learn_name(self) -> None:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            _, info = await self._call("/v2/bot/info", "GET")
            self.public_id = text_of(info, "basicId") or self.public_id

    async def close(self) -> None:
        if self._made is not None:
            await self._made.close()
            if self._spare is not None:
                await self._spare.close()
            # aiohttp closes its sockets in the next turns of the loop.
            await asyncio.sleep(0.05)
            self._made = None


def _session() -> aiohttp.ClientSession:
    """Return the HTTP session for the SDK: a pool of our size, and a look at proxies once instead of at each call.

    The SDK's own session trusts the environment, and aiohttp then reads it, and .netrc, for every request: that was a
    third of a worker's time (py-spy over 2,500 turns: 2.4 ms a turn with it).
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=_POOL), trust_env=bool(urllib.request.getproxies())
    )


def _patience() -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=SECONDS, connect=_CONNECT_SECONDS)


def _parsed(raw: Any) -> Any:
    """Return an answer's JSON, None for what is none."""
    try:
        return orjson.loads(raw or b"{}")
    except (orjson.JSONDecodeError, TypeError):
        return None


async def _read_at_most(stream: aiohttp.StreamReader, limit: int) -> bytes | None:
    received = bytearray()
    async for chunk in stream.iter_chunked(65_536):
        received += chunk
        if len(received) > limit:
            return None
    return bytes(received)
