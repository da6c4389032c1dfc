"""Alive, ready, and figures for whom they are meant. Guards 1: readiness says when events could not be handled."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.main import create_service
from app.runtime import Runtime
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.settings import Settings
from tests.support import housing
from tests.support.house import QuietHouse

quiet = housing.quiet


async def get(house: QuietHouse, path: str, **headers: str) -> httpx.Response:
    return await house.client.get(path, headers=headers)


async def test_a_process_that_answers_is_alive_also_without_its_database(quiet: QuietHouse) -> None:
    await quiet.database.close()
    assert (await get(quiet, "/healthz")).status_code == 200


async def test_it_is_ready_with_schema_and_queue_and_not_without(quiet: QuietHouse) -> None:
    assert (await get(quiet, "/readyz")).status_code == 200
    await quiet.rows("ALTER TABLE pgqueuer RENAME TO pgqueuer_away")
    assert (await get(quiet, "/readyz")).status_code == 503
    await quiet.rows("ALTER TABLE pgqueuer_away RENAME TO pgqueuer")
    await quiet.rows("UPDATE alembic_version SET version_num = 'older'")
    behind = await get(quiet, "/readyz")
    assert (behind.status_code, "rootan migrate" in behind.text) == (503, True)


async def test_a_database_that_is_away_makes_it_not_ready_and_says_nothing_of_why(
    settings: Settings, keys: DataKeys
) -> None:
    nowhere = Database("postgresql+asyncpg://postgres:secret@127.0.0.1:9/rootan")
    service = create_service(Runtime(settings, nowhere, keys))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=service), base_url="http://127.0.0.1"
    ) as client:
        answer = await client.get("/readyz")
    await nowhere.close()
    assert answer.status_code == 503
    assert "secret" not in answer.text


async def test_figures_are_for_this_machine_and_not_for_what_came_through_a_proxy(quiet: QuietHouse) -> None:
    own = await get(quiet, "/metrics")
    assert own.status_code == 200
    assert "rootan_webhook_events_total" in own.text
    assert (await get(quiet, "/metrics", **{"X-Forwarded-For": "203.0.113.9"})).status_code == 403


@pytest.fixture
async def guarded(
    settings: Settings, database: Database, keys: DataKeys, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    named = settings.model_copy(update={"metrics_token": SecretStr("a-token")})
    service = create_service(Runtime(named, database, keys))
    transport = httpx.ASGITransport(app=service, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer a-token", 200), ("Bearer wrong", 403), ("", 403), ("Bearer ", 403), ("Basic a-token", 403)],
)
async def test_with_a_token_figures_are_for_who_holds_it(
    guarded: httpx.AsyncClient, authorization: str, status: int
) -> None:
    assert (await guarded.get("/metrics", headers={"Authorization": authorization})).status_code == status


async def test_figures_carry_nothing_about_a_person(quiet: QuietHouse) -> None:
    source = {"type": "user", "userId": "U" + "c" * 32}
    event = {"type": "message", "timestamp": 1, "webhookEventId": "canary-event", "source": source,
             "message": {"type": "text", "id": "1", "text": "ความลับ"}}  # fmt: skip
    assert await quiet.post_line({"events": [event]}) == 200
    await quiet.turn()
    text = (await get(quiet, "/metrics")).text
    for secret in ("U" + "c" * 32, "canary-event", "ความลับ"):
        assert secret not in text
