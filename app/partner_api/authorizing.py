"""Giving tokens by OAuth 2 client credentials (RFC 6749 §4.4): Authlib's authorization server, apart from any framework.

Authlib does not wait for a database, so the program is looked up before and the token is kept after.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization, scope_to_list

from referrals.agencies.models import AgencyProgram
from referrals.agencies.programs import PROGRAM_SCOPES, is_secret_of
from referrals.agencies.tokens import LIFE, new_token

_METHODS = ("client_secret_basic", "client_secret_post")
_GRANT = "client_credentials"
# TLS ends before us: production does not start without an https address.
_URI = "https://partner/v1/token"
_MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class TokenForm:
    """What a program sent to ask for a token."""

    fields: Mapping[str, str]
    authorization: str
    is_twice: bool

    @property
    def client_id(self) -> str:
        """Return by which name the program calls itself; "" where it says none."""
        named = extract_basic_authorization(self.headers)[0] if self.authorization else None
        return named or self.fields.get("client_id", "")

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": self.authorization} if self.authorization else {}


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to a program; `token` and `scopes` are to be kept where it was given one."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""
    scopes: tuple[str, ...] = ()


def read_form(body: bytes, authorization: str) -> TokenForm:
    """Read what was sent; what cannot be read counts as not sent."""
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=False, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError:
        pairs = []
    names = [name for name, _ in pairs]
    form = TokenForm(dict(pairs), authorization, is_twice=len(set(names)) != len(names))
    try:
        _ = form.client_id
    except ValueError:
        # No Base64 of a text.
        return TokenForm(form.fields, "", form.is_twice)
    return form


def answer(form: TokenForm, program: AgencyProgram | None) -> Given:
    """Answer a program that was looked up by its name; None for a name that nobody has."""
    server = _Server(program)
    status, body, headers = server.create_token_response(form)
    return Given(status, dict(body), dict(headers), server.token, server.scopes)


class _Client(ClientMixin):  # type: ignore[misc] # Authlib has no types
    """A program as Authlib asks for it. Nobody's name is answered as a wrong secret is, so that no name is found out."""

    def __init__(self, program: AgencyProgram | None) -> None:
        self._program = program

    def check_client_secret(self, client_secret: str) -> bool:
        return self._program is not None and is_secret_of(self._program, client_secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in _METHODS

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == _GRANT

    def get_allowed_scope(self, scope: str | None) -> str:
        """Return what a token opens: what was asked for, or all that the program may."""
        held = self._program.scopes if self._program else []
        asked = scope_to_list(scope) or held
        return " ".join(one for one in PROGRAM_SCOPES if one in held and one in asked)


class _Request(OAuth2Request):  # type: ignore[misc] # Authlib has no types
    """A request as Authlib reads it."""

    def __init__(self, form: TokenForm) -> None:
        super().__init__("POST", _URI, headers=form.headers)
        self.payload = BasicOAuth2Payload(dict(form.fields))
        self.is_doubtful = form.is_twice or ("client_secret" in form.fields and bool(form.authorization))

    @property
    def form(self) -> Mapping[str, str]:
        fields: Mapping[str, str] = self.payload.data
        return fields


class _Grant(ClientCredentialsGrant):  # type: ignore[misc] # Authlib has no types
    """The one grant that there is."""

    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

    def validate_token_request(self) -> None:
        if self.request.is_doubtful:
            raise InvalidRequestError("send each parameter once, and the secret in one way")
        super().validate_token_request()

    def validate_requested_scope(self) -> None:
        """Refuse what the program may not do, instead of giving less than was asked for."""
        super().validate_requested_scope()
        asked = scope_to_list(self.request.payload.scope) or []
        if set(asked) - set(self.client.get_allowed_scope(None).split()):
            raise InvalidScopeError("this program was not made for all of that")


class _Server(AuthorizationServer):  # type: ignore[misc] # Authlib has no types
    """Answers one request."""

    def __init__(self, program: AgencyProgram | None) -> None:
        super().__init__(scopes_supported=PROGRAM_SCOPES)
        self._client = _Client(program)
        self.token = ""
        self.scopes: tuple[str, ...] = ()
        self.register_grant(_Grant)
        self.register_token_generator("default", _generate)

    def query_client(self, _client_id: str) -> _Client:
        return self._client

    def save_token(self, token: Mapping[str, Any], _request: OAuth2Request) -> None:
        self.token, self.scopes = token["access_token"], tuple(token["scope"].split())

    def send_signal(self, _name: str, *_args: object, **_kwargs: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: TokenForm) -> _Request:
        return _Request(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
        return status, body, headers


def _generate(*, client: _Client, scope: str | None = None, **_more: object) -> dict[str, Any]:
    return {
        "token_type": "Bearer",
        "access_token": new_token(),
        "expires_in": int(LIFE.total_seconds()),
        "scope": client.get_allowed_scope(scope),
    }
