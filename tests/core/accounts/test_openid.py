"""Against a real provider: what it says is believed only in full, and only in the browser that asked. Guards 17."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest

from core.accounts.openid import (
    Journey,
    OpenIdAwayError,
    OpenIdProvider,
    OpenIdRefusedError,
    open_journey,
    seal_journey,
)
from core.crypto.keyset import Keyset, new_keyset
from core.settings import Settings
from tests.conftest import MovableClock
from tests.support.openid.provider import PACKAGE, provider_running, sign_in_there

pytestmark = pytest.mark.skipif(not PACKAGE.is_dir(), reason="the provider is missing: run `make setup`")

BACK = "http://127.0.0.1:8000/console/sign-in/openid/back"
SECRET = "with a space: and +"
ACCOUNTS: dict[str, dict[str, object]] = {
    "u1": {"email": "anong@example.org", "email_verified": True},
    "u2": {"email": "boon@example.org", "email_verified": "true"},
    "u3": {},
}


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[str]:
    async with provider_running(client="rootan", secret=SECRET, redirect=BACK, accounts=ACCOUNTS) as issuer:
        yield issuer


def _provider(issuer: str, **more: Any) -> OpenIdProvider:
    given = {"oidc_issuer": issuer, "oidc_client_id": "rootan", "oidc_client_secret": SECRET} | more
    return OpenIdProvider(Settings(**given))


async def _there_and_back(
    provider: OpenIdProvider, account: str = "u1", **more: Any
) -> tuple[Journey, dict[str, str]]:
    address, journey = await provider.begin(BACK)
    back = await sign_in_there(address, account=account, **more)
    assert back.startswith(BACK + "?")
    return journey, dict(parse_qsl(urlsplit(back).query))


async def test_it_learns_who_it_is_and_how_they_signed_in(issuer: str) -> None:
    provider = _provider(issuer, oidc_mfa="otp,two-steps")
    journey, answer = await _there_and_back(provider, amr="pwd otp", acr="two-steps")
    person = await provider.finish(journey, BACK, answer)
    assert (person.subject, person.email, person.email_is_verified) == (
        f"{issuer} u1", "anong@example.org", True,
    )  # fmt: skip
    assert person.methods == {"pwd", "otp", "two-steps"}


async def test_it_believes_no_address_that_is_not_plainly_verified(issuer: str) -> None:
    provider = _provider(issuer)
    for account, email in (("u2", "boon@example.org"), ("u3", "")):
        person = await provider.finish(*_swap(await _there_and_back(provider, account)))
        assert (person.email, person.email_is_verified, person.methods) == (email, False, frozenset())


def _swap(journey_and_answer: tuple[Journey, dict[str, str]]) -> tuple[Journey, str, dict[str, str]]:
    journey, answer = journey_and_answer
    return journey, BACK, answer


async def test_it_reads_an_address_that_stands_in_the_token_itself() -> None:
    async with provider_running(
        client="rootan", secret=SECRET, redirect=BACK, accounts=ACCOUNTS, conform=False
    ) as issuer:
        provider = _provider(issuer)
        person = await provider.finish(*_swap(await _there_and_back(provider)))
    assert (person.email, person.email_is_verified) == ("anong@example.org", True)


@pytest.mark.parametrize("part", ["state", "nonce", "verifier"])
async def test_it_refuses_an_answer_to_another_journey(issuer: str, part: str) -> None:
    provider = _provider(issuer)
    journey, answer = await _there_and_back(provider)
    other = msgspec.structs.replace(journey, **{part: "x" * 64})
    with pytest.raises(OpenIdRefusedError):
        await provider.finish(other, BACK, answer)


@pytest.mark.parametrize(
    "change",
    [{"iss": "https://elsewhere.example"}, {"iss": ""}, {"code": "x" * 43}, {"code": ""}, {"state": ""}],
)
async def test_it_refuses_an_answer_that_was_changed(issuer: str, change: dict[str, str]) -> None:
    provider = _provider(issuer)
    journey, answer = await _there_and_back(provider)
    with pytest.raises(OpenIdRefusedError):
        await provider.finish(journey, BACK, answer | change)


async def test_it_takes_a_code_once(issuer: str) -> None:
    provider = _provider(issuer)
    journey, answer = await _there_and_back(provider)
    await provider.finish(journey, BACK, answer)
    with pytest.raises(OpenIdRefusedError):
        await provider.finish(journey, BACK, answer)


async def test_it_lets_nobody_in_who_was_refused_there(issuer: str) -> None:
    provider = _provider(issuer)
    journey, answer = await _there_and_back(provider, refuse=True)
    assert answer["error"] == "access_denied"
    with pytest.raises(OpenIdRefusedError):
        await provider.finish(journey, BACK, answer)


async def test_it_refuses_a_token_that_is_out_of_date(issuer: str, standing_clock: MovableClock) -> None:
    """Our clock stands in another year than the provider's."""
    standing_clock.advance(days=-365)
    provider = _provider(issuer)
    journey, answer = await _there_and_back(provider)
    standing_clock.advance(days=730)
    with pytest.raises(OpenIdRefusedError):
        await provider.finish(journey, BACK, answer)


async def test_it_refuses_with_a_wrong_secret(issuer: str) -> None:
    provider = _provider(issuer, oidc_client_secret="another")
    journey, answer = await _there_and_back(provider)
    with pytest.raises(OpenIdRefusedError):
        await provider.finish(journey, BACK, answer)


async def test_it_refuses_the_token_of_a_provider_with_other_keys(issuer: str) -> None:
    """Somebody in between answers with tokens of their own making."""
    provider = _provider(issuer)
    journey, _ = await _there_and_back(provider)
    async with provider_running(
        client="rootan", secret=SECRET, redirect=BACK, accounts=ACCOUNTS
    ) as other_issuer:
        other = _provider(other_issuer)
        other_journey, other_answer = await _there_and_back(other)
        mixed = other_answer | {"iss": issuer, "state": journey.state}
        with pytest.raises(OpenIdRefusedError):
            await provider.finish(journey, BACK, mixed)
        await other.begin(BACK)
        other._keys = provider._keys
        with pytest.raises(OpenIdRefusedError):
            await other.finish(other_journey, BACK, other_answer)


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:9", "http://localhost:{port}", "{issuer}/deeper"])
async def test_it_says_when_the_provider_is_away_or_not_what_was_set(issuer: str, elsewhere: str) -> None:
    wrong = elsewhere.format(issuer=issuer, port=urlsplit(issuer).port)
    with pytest.raises(OpenIdAwayError):
        await _provider(wrong).begin(BACK)


async def test_a_provider_that_is_away_is_not_asked_again_at_once(
    issuer: str, standing_clock: MovableClock
) -> None:
    provider = _provider(issuer + "/deeper")
    for says in ("ROOTAN_OIDC_ISSUER", "a moment ago", "a moment ago"):
        with pytest.raises(OpenIdAwayError, match=says):
            await provider.begin(BACK)
    standing_clock.advance(seconds=6)
    with pytest.raises(OpenIdAwayError, match="ROOTAN_OIDC_ISSUER"):
        await provider.begin(BACK)


def test_a_journey_is_read_only_by_who_sealed_it_and_only_for_ten_minutes(
    keyset: Keyset, standing_clock: MovableClock
) -> None:
    journey = Journey("s", "n", "v", standing_clock.moment.timestamp())
    sealed = seal_journey(keyset, journey)
    assert "verifier" not in sealed
    assert open_journey(keyset, sealed) == journey
    for forged in ("", "zz", sealed[:-2], sealed[:-2] + "00", seal_journey(new_keyset(), journey)):
        with pytest.raises(OpenIdRefusedError):
            open_journey(keyset, forged)
    standing_clock.advance(minutes=10, seconds=1)
    with pytest.raises(OpenIdRefusedError):
        open_journey(keyset, sealed)
