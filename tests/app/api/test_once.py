import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.accounts.models import IdempotentCall
from core.accounts.repeated_calls import LONGEST_KEY
from core.db.database import Database
from core.messages.models import Message
from referrals.desk.models import ReferralNote
from tests.app.api.conftest import Client, audit_of


async def _count(database: Database, table: type) -> int:
    async with database.unit_of_work() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
async def case(anong: Client, referral_id: UUID) -> str:
    """A report that Anong's program holds."""
    await anong.post(f"/referrals/{referral_id}/claim")
    return f"/referrals/{referral_id}"


async def test_the_same_key_answers_the_same_and_does_nothing_again(
    anong: Client, case: str, database: Database
) -> None:
    first = await anong.post(f"{case}/answers", {"text": "สวัสดีค่ะ"}, key="k1")
    again = await anong.post(f"{case}/answers", {"text": "สวัสดีค่ะ"}, key="k1")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await _count(database, Message) == 1
    other = await anong.post(f"{case}/answers", {"text": "สวัสดีค่ะ"}, key="k2")
    assert other.json() != first.json()
    assert await _count(database, Message) == 2


async def test_the_same_key_with_another_request_is_refused(
    anong: Client, case: str, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"{case}/answers", {"text": "หนึ่ง"}, key="k1")
    for path, body in (
        (f"{case}/answers", {"text": "สอง"}), (f"{case}/notes", {"text": "หนึ่ง", "level": "me"}), (f"{case}/release", None),
    ):  # fmt: skip
        refused = await anong.post(path, body, key="k1")
        assert (refused.status_code, refused.json()["title"]) == (409, "idempotency_key_reused")
    assert await _count(database, Message) == 1
    assert await _count(database, ReferralNote) == 0
    assert ("referral.release", "refused") in await audit_of(database, referral_id)


async def test_of_many_at_once_one_does_it(anong: Client, case: str, database: Database) -> None:
    responses = await asyncio.gather(
        *(anong.post(f"{case}/answers", {"text": "พร้อมกัน"}, key="same") for _ in range(6))
    )
    codes = {response.status_code for response in responses}
    assert codes <= {201, 409}
    assert len({r.json()["id"] for r in responses if r.status_code == 201}) == 1
    assert await _count(database, Message) == 1
    for response in responses:
        if response.status_code == 409:
            assert (response.json()["title"], response.headers["retry-after"]) == ("in_progress", "1")
    assert (await anong.post(f"{case}/answers", {"text": "พร้อมกัน"}, key="same")).status_code == 201
    assert await _count(database, Message) == 1


async def test_another_program_has_keys_of_its_own(
    anong: Client, boon: Client, case: str, database: Database
) -> None:
    for client in (anong, boon):
        assert (
            await client.post(f"{case}/notes", {"text": "ก", "level": "team"}, key="k")
        ).status_code == 201
    assert await _count(database, ReferralNote) == 2


async def test_what_was_refused_may_be_tried_again_under_its_key(
    boon: Client, anong: Client, case: str
) -> None:
    assert (await boon.post(f"{case}/claim", key="k")).status_code == 409
    await anong.post(f"{case}/release")
    assert (await boon.post(f"{case}/claim", key="k")).status_code == 204


@pytest.mark.parametrize("key", [None, "", "x" * (LONGEST_KEY + 1), "tab\tin it"])
async def test_a_write_without_a_proper_key_does_nothing(
    anong: Client, case: str, database: Database, key: str | None
) -> None:
    headers = {"Authorization": f"Bearer {anong.token}"} | ({} if key is None else {"Idempotency-Key": key})
    response = await anong.http.post(f"/api/v1{case}/answers", json={"text": "ก"}, headers=headers)
    assert response.status_code == 400
    assert response.json()["fields"][0]["field"] == "header.Idempotency-Key"
    assert await _count(database, Message) == 0


async def test_what_is_remembered_holds_neither_key_nor_words(
    anong: Client, case: str, database: Database
) -> None:
    await anong.post(f"{case}/answers", {"text": "คำลับเฉพาะ"}, key="my-own-key")
    async with database.unit_of_work() as session:
        rows = str(
            (await session.execute(sa.text("SELECT idempotent_call::text FROM idempotent_call"))).all()
        )
        newest = await session.scalar(sa.select(IdempotentCall.object_id).order_by(IdempotentCall.at.desc()))
    assert newest is not None
    assert "my-own-key" not in rows
    assert b"my-own-key".hex() not in rows
    assert "คำลับ".encode().hex() not in rows


async def test_a_call_that_takes_no_body_refuses_one(anong: Client, case: str) -> None:
    assert (await anong.post(f"{case}/release", {"why": "ก"})).status_code == 400
    assert (await anong.get(case)).json()["state"] == "claimed"
