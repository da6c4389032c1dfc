"""The description of the interface, and every call tried out as a client made from it would."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from app.api.mount import make_api, routes_of, scopes_of
from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core.accounts import tokens
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.settings import Settings
from tests.app.api.conftest import Connect
from tests.support.serving import served

# What is no part of the description: that a text with an open {place}, or a day that is over, is refused.
_CHECKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method",
)  # fmt: skip
_EXAMPLES = 5


@pytest.fixture
def described(runtime: Runtime) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = make_api(runtime).openapi()["paths"]
    return found


async def test_anybody_may_read_the_description_and_it_names_only_this_interface(
    http: httpx.AsyncClient, runtime: Runtime
) -> None:
    response = await http.get("/api/openapi.json")
    assert response.status_code == 200
    found = response.json()
    assert found["openapi"].startswith("3.1")
    assert found["servers"] == [{"url": "/api"}]
    methods = {(path, m.upper()) for path, operations in found["paths"].items() for m in operations}
    assert methods == {
        (route.path, method) for route in routes_of(make_api(runtime)) for method in route.methods or ()
    }
    assert "console" not in str(found["paths"].keys())


def test_every_call_says_its_scopes_its_errors_and_what_it_is(
    described: dict[str, dict[str, dict[str, object]]], runtime: Runtime
) -> None:
    scopes = {
        (r.path, m.lower()): sorted(scopes_of(r))
        for r in routes_of(make_api(runtime))
        for m in r.methods or ()
    }
    for path, operations in described.items():
        for method, operation in operations.items():
            assert operation["security"] == [{"token": scopes[path, method]}]
            assert operation["tags"]
            assert operation["summary"]
            assert {"default"} < set(operation["responses"])  # type: ignore[call-overload]
            assert "422" not in operation["responses"]  # type: ignore[operator]


def test_every_call_has_a_name_that_a_client_can_use(
    described: dict[str, dict[str, dict[str, object]]],
) -> None:
    names = [str(one["operationId"]) for operations in described.values() for one in operations.values()]
    assert "referral_claim" in names
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


def test_every_write_wants_a_key(described: dict[str, dict[str, dict[str, object]]]) -> None:
    for path, operations in described.items():
        for method, operation in operations.items():
            headers = [p for p in operation.get("parameters", []) if p["in"] == "header"]  # type: ignore[attr-defined]
            writes = method == "post" and path != "/v1/screenings"
            assert [(h["name"], h["required"]) for h in headers] == [("Idempotency-Key", True)] * writes


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
def client() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
async def supervisor(connect: Connect) -> dict[str, str]:
    return {"Authorization": f"Bearer {(await connect('supervisor')).token}"}


@pytest.fixture
async def auditor(connect: Connect) -> dict[str, str]:
    return {"Authorization": f"Bearer {(await connect('auditor')).token}"}


@pytest.fixture
async def manager(connect: Connect) -> dict[str, str]:
    return {"Authorization": f"Bearer {(await connect('campaign_manager')).token}"}


def _described_by(service: str, client: requests.Session) -> dict[str, Any]:
    """The description, but for what a campaign says: making up thousands of blocks takes a minute and finds nothing."""
    found: dict[str, Any] = client.get(f"{service}/api/openapi.json").json()
    found["components"]["schemas"]["CampaignWording"] = {"type": "object"}
    return found


def _try(
    operation: object,
    client: requests.Session,
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
        response = case.call(session=client, headers=headers, base_url=base_url)
        case.validate_response(response, checks=checks)
        answered += response.status_code < 300

    call()
    return answered


def test_calls_made_from_the_description_are_answered_as_it_says(
    service: str,
    client: requests.Session,
    supervisor: dict[str, str],
    auditor: dict[str, str],
    manager: dict[str, str],
    referral_id: UUID,
) -> None:
    """Right ones and wrong ones, of nobody's reports and of one that stands; none breaks the service."""
    schema = schemathesis.openapi.from_dict(_described_by(service, client))
    own = {"/audit/": auditor, "/campaigns": manager}
    answered: dict[str, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        headers = next((one for part, one in own.items() if part in operation.path), supervisor)
        count = _try(operation, client, f"{service}/api", headers, GenerationMode.POSITIVE)
        _try(operation, client, f"{service}/api", headers, GenerationMode.NEGATIVE)
        if "{referral_id}" in operation.path and operation.path.count("{") == 1:
            known = {"referral_id": str(referral_id)}
            count += _try(
                operation, client, f"{service}/api", headers, GenerationMode.POSITIVE, path_parameters=known
            )
        answered[operation.label] = count
    assert len(answered) >= 20
    reached = {label for label, count in answered.items() if count}
    assert reached >= {
        "GET /v1/referrals",
        "POST /v1/referrals/{referral_id}/claim",
        "POST /v1/screenings",
        "GET /v1/campaigns",
    }
