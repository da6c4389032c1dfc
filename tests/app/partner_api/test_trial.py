"""A key for trying out: the rules are those of real cases, and nothing of it is ever stored."""

import pytest
import sqlalchemy as sa

from app.models import METADATA
from core.db.database import Database
from tests.app.api.conftest import audit_of
from tests.app.partner_api.conftest import Client, Connect, ReferTo, today

# What a call leaves of itself: how often it was made, under which key, by whom.
_TRACES = {"audit_event", "audit_head", "program_call", "program_token"}


async def _counts(database: Database) -> dict[str, int]:
    tables = sorted({*METADATA.tables, "pgqueuer"} - _TRACES)
    counted = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in tables)
    async with database.unit_of_work() as session:
        return {row.name: row.n for row in await session.execute(sa.text(counted))}


@pytest.fixture
async def trial(connect: Connect) -> Client:
    return await connect("prosecutor", is_sandbox=True)


async def _case(trial: Client, state: str) -> str:
    cases = [
        one
        for box in ("waiting", "working", "ended")
        for one in (await trial.get("/cases", box=box)).json()["cases"]
    ]
    found = [one["id"] for one in cases if one["state"] == state]
    return f"/cases/{found[-1]}"


async def test_made_up_cases_stand_in_every_state_and_are_the_same_each_time(trial: Client) -> None:
    boxes = {
        box: [one["state"] for one in (await trial.get("/cases", box=box)).json()["cases"]]
        for box in ("waiting", "working", "ended")
    }
    assert {box: sorted(states) for box, states in boxes.items()} == {
        "waiting": ["sent"],
        "working": ["accepted", "in_service", "in_service"],
        "ended": ["done", "recalled"],
    }
    ordered = await _case(trial, "done")
    events = (await trial.get(f"{ordered}/events")).json()["events"]
    assert [one["id"] for one in events] == [
        one["id"] for one in (await trial.get(f"{ordered}/events")).json()["events"]
    ]
    assert next(one for one in events if one["step"] == "ordered")["amount"] == 85_000_000


async def test_every_step_is_judged_by_the_real_rules_and_nothing_stays(
    trial: Client, database: Database
) -> None:
    new, accepted = await _case(trial, "sent"), await _case(trial, "accepted")
    ordered = await _case(trial, "done")
    before = await _counts(database)
    assert (await trial.post(f"{new}/accept")).status_code == 204
    assert (await trial.get(new)).json()["state"] == "sent"
    assert (await trial.post(f"{accepted}/messages", {"text": "สวัสดี"})).status_code == 201
    assert (await trial.post(f"{accepted}/begin")).status_code == 204
    paid = {"step": "paid", "happened_on": today(), "amount": 100_000, "fund": "court"}
    made = await trial.post(f"{ordered}/compensation", paid, key="k")
    assert made.status_code == 201, made.text
    assert (await trial.post(f"{ordered}/compensation", paid, key="k")).json() == made.json()
    reused = await trial.post(f"{ordered}/compensation", paid | {"amount": 1}, key="k")
    assert reused.json()["title"] == "idempotency_key_reused"
    over = await trial.post(f"{ordered}/compensation", paid | {"amount": 10**12})
    assert (over.status_code, over.json()["title"]) == (400, "amount_over")
    early = await trial.post(f"{new}/prosecution", {"step": "indicted", "happened_on": today()})
    assert early.json()["title"] == "not_accepted"
    assert await _counts(database) == before


async def test_it_sees_no_real_case_of_its_own_agency(
    trial: Client, connect: Connect, refer_to: ReferTo, database: Database
) -> None:
    real = await refer_to(trial.agency_id)
    assert str(real) not in (await trial.get("/cases")).text
    assert (await trial.get(f"/cases/{real}")).status_code == 404
    assert (await trial.post(f"/cases/{real}/accept")).status_code == 404
    assert str(real) not in (await trial.get("/exports")).text
    true = await connect("prosecutor", agency_id=trial.agency_id)
    assert [one["id"] for one in (await true.get("/cases")).json()["cases"]] == [str(real)]
    made_up = (await _case(trial, "sent")).rpartition("/")[2]
    assert (await true.get(f"/cases/{made_up}")).status_code == 404
    assert ("agency_case.read", "refused") in await audit_of(database, real)


async def test_files_are_tried_out_on_made_up_cases(trial: Client, database: Database) -> None:
    case = (await _case(trial, "done")).rpartition("/")[2]
    content = f"outside_id,case,track,step,happened_on,amount,fund\nA,{case},compensation,paid,{today()},100,court\n#end,1\n"
    before = await _counts(database)
    for mode in ("check", "apply"):
        told = await trial.send("/imports", content.encode(), "text/csv", mode=mode)
        assert (told.status_code, told.json()) == (200, {"new": 1, "known": 0, "faults": []}), told.text
    assert await _counts(database) == before
    exported = (await trial.get("/exports", form="csv")).text
    assert f"{case},compensation,ordered" in exported
