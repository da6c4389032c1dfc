"""Making one call to an agency's address: signed, to public hosts alone, no redirect followed, no answer read."""

import base64
import hmac
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from core.logs import get_logger
from referrals.agencies.hook_addresses import HookAddressError, check_address, is_public
from referrals.agencies.hooks import DueCall

SECONDS = 10.0
# A receiver refuses what was signed longer ago than this, so that nobody can send it again later.
REPLAY_WINDOW_SECONDS = 300
_log = get_logger()


class PrivateAddressError(OSError):
    """The name leads to somewhere that is not of the public net."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call went; `status` is None where nobody answered."""

    status: int | None
    is_private: bool = False


class CheckedResolver(AbstractResolver):
    """Looks a name up at every call, and refuses it where any of its addresses is not public."""

    def __init__(self, found_by: AbstractResolver, may_reach: Callable[[str], bool]) -> None:
        self._found_by = found_by
        self._may_reach = may_reach

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._found_by.resolve(host, port, family)
        if not all(self._may_reach(one["host"]) for one in found):
            raise PrivateAddressError("not of the public net")
        return found

    async def close(self) -> None:
        await self._found_by.close()


class HookPoster:
    """Makes the calls of one process. A connection serves one call, so that each is looked up and checked anew."""

    def __init__(
        self,
        *,
        trust: ssl.SSLContext | None = None,
        resolver: AbstractResolver | None = None,
        may_reach: Callable[[str], bool] = is_public,
    ) -> None:
        """`trust` says whose certificates count, `resolver` looks names up; the system's own where left out."""
        self._trust = trust
        self._resolver = resolver
        self._may_reach = may_reach

    async def post(self, call: DueCall, now: datetime) -> Answer:
        """Make one call; never raises for anything the network or the other side does."""
        body = json.dumps(call.told, separators=(",", ":")).encode()
        headers = sign(call, body, now) | {"content-type": "application/json", "user-agent": "RooTan"}
        try:
            # Where a number stands in place of a name nobody is asked, and so nothing would be checked.
            check_address(call.address)
            async with (
                self._session() as session,
                session.post(call.address, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                return Answer(answer.status)
        except HookAddressError:
            return Answer(None, is_private=True)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            is_private = _is_private(error)
            # The address says whose it is; only what kind of error is told.
            _log.warning("hook_not_told", error=type(error).__name__, reason="private" if is_private else "")
            return Answer(None, is_private)

    def _session(self) -> aiohttp.ClientSession:
        resolver = CheckedResolver(self._resolver or aiohttp.ThreadedResolver(), self._may_reach)
        connector = aiohttp.TCPConnector(
            resolver=resolver, use_dns_cache=False, force_close=True, ssl=self._trust or True
        )
        return aiohttp.ClientSession(
            connector=connector, timeout=aiohttp.ClientTimeout(total=SECONDS), trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )  # fmt: skip


def _is_private(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, PrivateAddressError):
            return True
        error = error.__cause__ or error.__context__
    return False


def sign(call: DueCall, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers by which a receiver knows that we made the call, and when (Standard Webhooks 1.0)."""
    stamp = str(int(now.timestamp()))
    signed = f"{call.id}.{stamp}.".encode() + body
    mac = base64.b64encode(hmac.digest(call.secret, signed, "sha256")).decode()
    return {"webhook-id": str(call.id), "webhook-timestamp": stamp, "webhook-signature": f"v1,{mac}"}
