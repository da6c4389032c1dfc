"""The client of docs/samples, against the service on a real socket."""

import asyncio
import contextlib
import importlib.util
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.settings import Settings
from referrals.agencies.hook_posting import REPLAY_WINDOW_SECONDS, sign
from referrals.agencies.hooks import DueCall
from referrals.agencies.programs import revoke_program
from tests.app.partner_api.conftest import Client, ReferTo, today
from tests.support.serving import served

FILE = Path(__file__).parents[3] / "docs" / "samples" / "partner_client.py"


@pytest.fixture(scope="module")
def sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location("partner_client", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
async def service(database: Database, keys: DataKeys, settings: Settings) -> AsyncIterator[str]:
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


async def test_it_takes_a_case_from_the_inbox_to_the_money(
    sample: Any, service: str, prosecutor: Client, refer_to: ReferTo, database: Database
) -> None:
    await refer_to(prosecutor.agency_id)
    client = sample.PartnerClient(service, prosecutor.client_id, prosecutor.secret)

    def work() -> list[str]:
        (case,) = client.cases("waiting")
        client.accept(case["id"])
        assert [one["id"] for one in client.cases("working")] == [case["id"]]
        assert client.case(case["id"])["fields"]["place"] == "province:TH-50"
        claim = {
            "step": "claim_filed",
            "happened_on": today(),
            "amount": 90_000_000,
            "fund": "court",
            "outside_id": "A-1",
        }
        told = client.tell(case["id"], "compensation", **claim)
        assert client.tell(case["id"], "compensation", **claim) == told
        client.write(case["id"], "ยื่นคำขอแล้ว")
        steps = [
            {"outside_id": "A-2", "case": case["id"], "track": "compensation", "step": "ordered", "happened_on": today(), "amount": 85_000_000, "fund": "court"},
            {"outside_id": "A-3", "case": case["id"], "track": "compensation", "step": "paid", "happened_on": today(), "amount": 100_000, "fund": "court", "about": "A-2"},
        ]  # fmt: skip
        content = sample.make_file(steps)
        assert client.hand_in(content) == {"new": 2, "known": 0, "faults": []}
        assert client.hand_in(content, apply=True)["new"] == 2
        with pytest.raises(sample.RefusedError) as refused:
            client.hand_in(content[:-20], apply=True)
        assert (refused.value.status, refused.value.code) == (400, "file_cut")
        with pytest.raises(sample.RefusedError) as refused:
            client.tell(case["id"], "compensation", **(claim | {"amount": 1}))
        assert (refused.value.status, refused.value.code) == (409, "other_content")
        return [one["step"] for one in client.events(case["id"])]

    assert (await asyncio.to_thread(work))[-3:] == ["claim_filed", "ordered", "paid"]
    async with database.unit_of_work() as session:
        await revoke_program(session, prosecutor.agency_id, prosecutor.program_id, now=utc_now())

    def revoked() -> tuple[int, str]:
        with pytest.raises(sample.RefusedError) as refused:
            client.case(str(new_id()))
        return refused.value.status, refused.value.code

    assert await asyncio.to_thread(revoked) == (401, "invalid_client")


def test_it_knows_our_calls_from_others_and_old_ones(sample: Any) -> None:
    secret = "whsec_" + "QUJDRA=="
    now, body = utc_now(), b'{"kind":"ping"}'
    headers = sign(DueCall(UUID(int=7), UUID(int=8), "https://a.example/", b"ABCD", {}), body, now)
    moment = now.timestamp()
    assert sample.REPLAY_WINDOW_SECONDS == REPLAY_WINDOW_SECONDS
    assert sample.is_genuine(secret, headers, body, moment)
    assert not sample.is_genuine(secret, headers, body + b" ", moment)
    assert not sample.is_genuine(secret, headers | {"webhook-id": "other"}, body, moment)
    assert not sample.is_genuine(secret, headers, body, moment + REPLAY_WINDOW_SECONDS + 1)
    assert not sample.is_genuine("whsec_QUJDRQ==", headers, body, moment)
    assert not sample.is_genuine(secret, {}, body, time.time())


def test_it_needs_nothing_but_python() -> None:
    imported = {
        line.split()[1].partition(".")[0]
        for line in FILE.read_text("utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)
