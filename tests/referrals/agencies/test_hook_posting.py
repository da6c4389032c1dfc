import base64
import hmac
import socket
from uuid import UUID

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from core.clock import utc_now
from referrals.agencies.hook_posting import Answer, HookPoster, sign
from referrals.agencies.hooks import DueCall


def _call(address: str) -> DueCall:
    return DueCall(UUID(int=7), UUID(int=8), address, b"secret", {"id": str(UUID(int=7)), "kind": "ping"})


class Finds(AbstractResolver):
    """Finds every name at these addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, _family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0)
            for one in self.addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("found", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("169.254.169.254",), ("::1",)])
async def test_a_name_with_any_private_address_is_not_called_and_asked_for_each_time(
    found: tuple[str, ...],
) -> None:
    resolver = Finds(*found)
    poster = HookPoster(resolver=resolver)
    for times in (1, 2):
        answer = await poster.post(_call("https://agency.example/told"), utc_now())
        assert answer == Answer(None, is_private=True)
        assert resolver.asked == times


@pytest.mark.parametrize("address", ["https://127.0.0.1/", "http://agency.example/", "https://[::1]:8000/"])
async def test_a_number_or_plain_http_is_never_called(address: str) -> None:
    resolver = Finds("8.8.8.8")
    assert await HookPoster(resolver=resolver).post(_call(address), utc_now()) == Answer(
        None, is_private=True
    )
    assert resolver.asked == 0


def test_a_call_is_signed_with_its_id_and_its_time() -> None:
    call, now, body = _call("https://agency.example/"), utc_now(), b"{}"
    headers = sign(call, body, now)
    signed = f"{call.id}.{int(now.timestamp())}.".encode() + body
    mac = base64.b64encode(hmac.digest(b"secret", signed, "sha256")).decode()
    assert headers == {
        "webhook-id": str(call.id), "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": f"v1,{mac}",
    }  # fmt: skip
