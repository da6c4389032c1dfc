"""The description of the partner interface, and every call tried out as a client made from it would."""

import contextlib
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from app.console.texts import load_texts
from app.examiner import Examiner
from app.main import create_app
from app.partner_api.mount import make_partner_api, routes_of, scopes_of
from app.runtime import Runtime
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.languages import WHOLE, Language
from core.settings import Settings
from referrals.agencies import tokens
from referrals.agencies.programs import PROGRAM_SCOPES
from tests.app.partner_api.conftest import Client, Connect
from tests.support.serving import served

# That a step does not follow where a track stands is no part of a description; nor are forms and files of steps.
_CHECKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method",
)  # fmt: skip
_UNDESCRIBED = ("/v1/token", "/v1/imports")
_EXAMPLES = 2
# Of the calls without a body those with parameters of their own.
_ASKED = ("/v1/cases", "/v1/exports")
_KEYLESS = {"/v1/token", "/v1/imports", "/v1/hooks", "/v1/hooks/{hook_id}/replay"}


@pytest.fixture
def described(runtime: Runtime) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = make_partner_api(runtime).openapi()["paths"]
    return found


async def test_anybody_may_read_the_description_and_it_names_only_this_interface(
    http: httpx.AsyncClient, runtime: Runtime
) -> None:
    found = (await http.get("/partner/openapi.json")).json()
    assert found["servers"] == [{"url": "/partner"}]
    flow = found["components"]["securitySchemes"]["program"]["flows"]["clientCredentials"]
    assert (flow["tokenUrl"], [*flow["scopes"]]) == ("/partner/v1/token", [*PROGRAM_SCOPES])
    methods = {(path, m.upper()) for path, operations in found["paths"].items() for m in operations}
    assert methods == {(r.path, m) for r in routes_of(make_partner_api(runtime)) for m in r.methods or ()}


def test_every_call_says_its_scopes_its_errors_its_name_and_its_key(
    described: dict[str, dict[str, dict[str, object]]], runtime: Runtime
) -> None:
    routes = routes_of(make_partner_api(runtime))
    scopes = {(r.path, m.lower()): sorted(scopes_of(r)) for r in routes for m in r.methods or ()}
    names = []
    for path, operations in described.items():
        for method, operation in operations.items():
            needed = scopes[path, method]
            assert operation["security"] == ([{"program": needed}] if needed else [])
            assert operation["summary"]
            assert {"default"} < set(operation["responses"])  # type: ignore[call-overload]
            keys = [p["name"] for p in operation.get("parameters", []) if p["in"] == "header"]  # type: ignore[attr-defined]
            assert keys == ["Idempotency-Key"] * (method == "post" and path not in _KEYLESS), path
            names.append(str(operation["operationId"]))
    assert {scope for needed in scopes.values() for scope in needed} == set(PROGRAM_SCOPES)
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize("language", WHOLE)
def test_every_call_has_words_in_the_audit(runtime: Runtime, language: Language) -> None:
    texts = load_texts(language)
    names = {route.name for route in routes_of(make_partner_api(runtime))}
    assert sorted(name for name in names if f"deed.{name}" not in texts) == []


@pytest.fixture
async def service(
    database: Database, keys: DataKeys, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """The application on a socket, with a connection to the test's database of its own, and no pace to keep."""
    monkeypatch.setattr(tokens, "BURST", 1_000_000)
    own = Database(database.address)
    runtime = Runtime(settings, own, keys)
    app = create_app(runtime, Examiner(runtime))

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await own.close()

    app.router.lifespan_context = lifespan
    with served(app) as address:
        yield address


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as found:
        yield found


@pytest.fixture
async def trial(connect: Connect) -> Client:
    return await connect("prosecutor", is_sandbox=True)


def _try(
    operation: object,
    session: requests.Session,
    base_url: str,
    headers: dict[str, str],
    mode: GenerationMode,
    **known: dict[str, str],
) -> int:
    """Send generated calls of one operation; return how many were let in."""
    load_all_checks()
    names = [*_CHECKED, "negative_data_rejection"] if mode.is_negative else [*_CHECKED]
    checks = CHECKS.get_by_names(names)
    answered = 0

    @settings(
        max_examples=_EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode, **known))  # type: ignore[attr-defined]
    def call(case: Case) -> None:
        nonlocal answered
        # Generated keys are few; a key that was used is refused before anybody looks at the rest.
        key = {} if mode.is_negative else {"Idempotency-Key": str(new_id())}
        response = case.call(session=session, headers=headers | key, base_url=base_url)
        case.validate_response(response, checks=checks)
        answered += response.status_code < 300

    call()
    return answered


def test_calls_made_from_the_description_are_answered_as_it_says(
    service: str, session: requests.Session, trial: Client, prosecutor: Client
) -> None:
    """Right ones and wrong ones, by a key for trying out and on no case at all; none breaks the service."""
    schema = schemathesis.openapi.from_dict(session.get(f"{service}/partner/openapi.json").json())
    tried, real = ({"Authorization": f"Bearer {one.token}"} for one in (trial, prosecutor))
    cases = session.get(f"{service}/partner/v1/cases?box=working", headers=tried).json()["cases"]
    known = {"case_id": cases[0]["id"]}
    answered: dict[str, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in _UNDESCRIBED:
            continue
        base = f"{service}/partner"
        count = _try(operation, session, base, real, GenerationMode.POSITIVE)
        if "requestBody" in operation.definition.raw or operation.path in _ASKED:
            _try(operation, session, base, real, GenerationMode.NEGATIVE)
        if "{case_id}" in operation.path and operation.path.count("{") == 1:
            count += _try(operation, session, base, tried, GenerationMode.POSITIVE, path_parameters=known)
        answered[operation.label] = count
    assert len(answered) >= 20
    assert {label for label, count in answered.items() if count} >= {
        "GET /v1/cases", "GET /v1/codes", "GET /v1/exports", "POST /v1/cases/{case_id}/accept",
        "POST /v1/cases/{case_id}/identity/ask", "POST /v1/cases/{case_id}/messages",
    }  # fmt: skip
