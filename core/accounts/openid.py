"""Signing in by the organisation's OpenID provider: the code flow with PKCE, after OpenID Connect Core 1.0.

The browser carries a sealed journey (state, nonce, verifier) there and back, so that an answer counts only in the
browser that asked. What the provider says is checked here; whose account it is, `openid_accounts` knows.
"""

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import msgspec
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from core.clock import utc_now
from core.crypto.keyset import Keyset
from core.errors import AppError, CryptoError, UnavailableError
from core.settings import Settings

VALID = timedelta(minutes=10)
SCOPE = "openid email"
# Signatures by a key that only the provider holds.
_ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
_FRESH = timedelta(hours=1)
# A provider that is away is not asked again at once, or everybody would wait in turn for its silence.
_PAUSE = timedelta(seconds=5)
_LEEWAY_SECONDS = 60
_SEALED_FOR = b"openid journey"
_LONGEST_SUBJECT = 255


class OpenIdAwayError(UnavailableError):
    """The provider can't be reached, or says of itself what can't be used."""

    code = "openid_away"


class OpenIdRefusedError(AppError):
    """The answer is not for this browser, out of date, or not from our provider."""

    code = "openid_refused"
    status = 401


class Journey(msgspec.Struct, frozen=True):
    """What a browser takes along to the provider; `began_at` is seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    began_at: float


@dataclass(frozen=True, slots=True)
class OpenIdPerson:
    """Who the provider says it is. `subject` names issuer and subject; `methods` are its `acr` and `amr`."""

    subject: str
    email: str
    email_is_verified: bool
    methods: frozenset[str]


def seal_journey(keyset: Keyset, journey: Journey) -> str:
    return keyset.wrap(msgspec.json.encode(journey), _SEALED_FOR).hex()


def open_journey(keyset: Keyset, sealed: str) -> Journey:
    """Return the journey of a cookie; raises OpenIdRefusedError when there is none, or it took too long."""
    try:
        plain = keyset.unwrap(bytes.fromhex(sealed), _SEALED_FOR)
        journey = msgspec.json.decode(plain, type=Journey)
    except (ValueError, CryptoError):
        raise OpenIdRefusedError("begin again from the sign-in page") from None
    if utc_now().timestamp() - journey.began_at > VALID.total_seconds():
        raise OpenIdRefusedError("this took too long; begin again from the sign-in page")
    return journey


class OpenIdProvider:
    """The provider that the settings name; what it says of itself is read again every hour."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._metadata: dict[str, Any] = {}
        self._keys = KeySet([])
        self._read_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def begin(self, back: str) -> tuple[str, Journey]:
        """Return the provider's address for the browser and the journey; raises OpenIdAwayError."""
        metadata = await self._learn()
        journey = Journey(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), utc_now().timestamp()
        )  # fmt: skip
        address = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self._settings.oidc_client_id,
            "code",
            redirect_uri=back,
            scope=SCOPE,
            state=journey.state,
            nonce=journey.nonce,
            code_challenge=create_s256_code_challenge(journey.verifier),
            code_challenge_method="S256",
            **self._wish(metadata),
        )
        return str(address), journey

    def _wish(self, metadata: dict[str, Any]) -> dict[str, str]:
        """Ask for two factors, and to be told of them, as far as this provider understands such wishes."""
        if not self._settings.oidc_mfa:
            return {}
        wish = {}
        classes = set(metadata.get("acr_values_supported") or ())
        if known := [name for name in self._settings.oidc_mfa if name in classes]:
            wish["acr_values"] = " ".join(known)
        if metadata.get("claims_parameter_supported"):
            wish["claims"] = '{"id_token":{"acr":null,"amr":null}}'
        return wish

    async def finish(self, journey: Journey, back: str, answer: Mapping[str, str]) -> OpenIdPerson:
        """Return who came back with `answer`; raises OpenIdRefusedError, OpenIdAwayError."""
        metadata = await self._learn()
        if not hmac.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
            raise OpenIdRefusedError("the answer belongs to another browser or journey")
        issuer_said = "iss" in answer or metadata.get("authorization_response_iss_parameter_supported")
        # RFC 9207: an answer of another provider must not be taken for ours.
        if issuer_said and answer.get("iss") != self._settings.oidc_issuer:
            raise OpenIdRefusedError("the answer is another provider's")
        if not answer.get("code"):
            raise OpenIdRefusedError("the provider did not let the person in")
        tokens = await self._exchange(metadata, journey, back, answer["code"])
        claims = await self._validated(journey, tokens)
        return await self._person(metadata, claims, tokens)

    async def _learn(self) -> dict[str, Any]:
        async with self._reading:
            if self._read_at is None or utc_now() - self._read_at > _FRESH:
                await self._read_anew()
            return self._metadata

    async def _read_anew(self) -> None:
        if self._failed_at is not None and utc_now() - self._failed_at < _PAUSE:
            raise OpenIdAwayError("the provider did not answer a moment ago")
        base = self._settings.oidc_issuer.rstrip("/")
        try:
            metadata = await self._get(f"{base}/.well-known/openid-configuration")
            self._refuse_unusable(metadata)
            self._keys = await self._read_keys(metadata)
        except OpenIdAwayError:
            self._failed_at = utc_now()
            raise
        self._metadata, self._read_at, self._failed_at = metadata, utc_now(), None

    def _refuse_unusable(self, metadata: dict[str, Any]) -> None:
        if metadata.get("issuer") != self._settings.oidc_issuer:
            raise OpenIdAwayError("the provider calls itself otherwise than ROOTAN_OIDC_ISSUER")
        named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        for name in (*named, *({"userinfo_endpoint"} & metadata.keys())):
            address = str(metadata.get(name, ""))
            if urlsplit(address).scheme != urlsplit(self._settings.oidc_issuer).scheme:
                raise OpenIdAwayError(f"the provider's {name} can't be used")

    async def _exchange(
        self, metadata: dict[str, Any], journey: Journey, back: str, code: str
    ) -> dict[str, Any]:
        """Trade the code for tokens; the secret goes as the provider takes it (basic unless it takes only the form)."""
        secret = self._settings.oidc_client_secret
        name, secret_text = self._settings.oidc_client_id, secret.get_secret_value() if secret else ""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": journey.verifier,
        }  # fmt: skip
        taken = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in taken:
            # RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
            auth = httpx.BasicAuth(quote(name, safe=""), quote(secret_text, safe=""))
            response = await self._ask("POST", metadata["token_endpoint"], data=form, auth=auth)
        else:
            form |= {"client_id": name, "client_secret": secret_text}
            response = await self._ask("POST", metadata["token_endpoint"], data=form)
        if response.status_code >= 500:
            raise OpenIdAwayError("the provider failed to answer for the code")
        tokens = _object(response)
        if response.status_code != 200 or not isinstance(tokens.get("id_token"), str):
            raise OpenIdRefusedError("the provider did not take the code")
        return tokens

    async def _read_keys(self, metadata: dict[str, Any]) -> KeySet:
        found: Any = await self._get(metadata["jwks_uri"])
        try:
            return KeySet.import_key_set(found)
        except (JoseError, ValueError, KeyError, TypeError):
            raise OpenIdAwayError("the provider's keys can't be read") from None

    async def _decoded(self, id_token: str) -> jwt.Token:
        """Check the signature; raises JoseError, ValueError."""
        known = self._metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        registry = JWSRegistry(
            algorithms=[name for name in known if name in _ALGORITHMS], strict_check_header=False
        )
        try:
            return jwt.decode(id_token, self._keys, registry=registry)
        except InvalidKeyIdError:
            # A provider changes its keys without telling.
            self._keys = await self._read_keys(self._metadata)
            return jwt.decode(id_token, self._keys, registry=registry)

    async def _validated(self, journey: Journey, tokens: dict[str, Any]) -> dict[str, Any]:
        """Return the claims after checking signature, issuer, audience, times, nonce and the access token's hash."""
        client_id = self._settings.oidc_client_id
        try:
            token = await self._decoded(tokens["id_token"])
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self._settings.oidc_issuer},
                    "aud": {"essential": True, "value": client_id},
                },
                params={
                    "nonce": journey.nonce,
                    "client_id": client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(utc_now().timestamp()), leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError):
            raise OpenIdRefusedError("the provider's answer does not hold") from None
        return dict(claims)

    async def _person(
        self, metadata: dict[str, Any], claims: dict[str, Any], tokens: dict[str, Any]
    ) -> OpenIdPerson:
        said = claims
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise OpenIdRefusedError("the provider's answer does not hold")
        if "email" not in claims and metadata.get("userinfo_endpoint"):
            bearer = {"authorization": f"Bearer {tokens.get('access_token', '')}"}
            said = _object(await self._ask("GET", metadata["userinfo_endpoint"], headers=bearer))
            if said.get("sub") != subject:
                raise OpenIdRefusedError("the provider speaks of somebody else")
        methods = [claims.get("acr"), *(claims.get("amr") or [])]
        return OpenIdPerson(
            subject=f"{self._settings.oidc_issuer} {subject}",
            email=str(said.get("email") or ""),
            email_is_verified=said.get("email_verified") is True,
            methods=frozenset(method for method in methods if isinstance(method, str)),
        )

    async def _get(self, address: str) -> dict[str, Any]:
        response = await self._ask("GET", address)
        found = _object(response) if response.status_code == 200 else {}
        if not found:
            raise OpenIdAwayError("the provider does not say what is needed; look at ROOTAN_OIDC_ISSUER")
        return found

    async def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=5.0) as client:
                return await client.request(method, address, **more)
        except httpx.HTTPError:
            raise OpenIdAwayError("the provider can't be reached") from None


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
