"""Files of steps in and out: whole or not at all."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.db.database import Database
from core.ids import new_id
from referrals.tracks.models import CaseEvent
from tests.app.partner_api.conftest import Client, Connect, today

HEADING = "outside_id,case,track,step,happened_on,amount,fund,about,note"


def _csv(*lines: str) -> bytes:
    return "\n".join((HEADING, *lines, f"#end,{len(lines)}")).encode()


async def _events(database: Database) -> list[CaseEvent]:
    async with database.unit_of_work() as session:
        return list(
            await session.scalars(
                sa.select(CaseEvent).where(CaseEvent.source == "import").order_by(CaseEvent.id)
            )
        )


@pytest.fixture
def good(case_id: UUID) -> bytes:
    return _csv(
        f"K5,{case_id},compensation,claim_filed,{today()},90000000,court,,",
        f"K6,{case_id},compensation,ordered,{today()},85000000,court,,=cmd|' /C calc'!A0",
        f"K7,{case_id},compensation,order_final,{today()},,,K6,",
        f"K11,{case_id},compensation,paid,{today()},100000,court,K6,",
    )


async def test_a_file_is_tried_out_then_taken_and_taking_it_again_changes_nothing(
    prosecutor: Client, good: bytes, database: Database
) -> None:
    tried = await prosecutor.send("/imports", good, "text/csv")
    assert (tried.status_code, tried.json()) == (200, {"new": 4, "known": 0, "faults": []})
    assert await _events(database) == []
    taken = await prosecutor.send("/imports", good, "text/csv; charset=utf-8", mode="apply")
    assert taken.json() == {"new": 4, "known": 0, "faults": []}
    again = await prosecutor.send("/imports", good, "text/csv", mode="apply")
    assert again.json() == {"new": 0, "known": 4, "faults": []}
    claim, order, final, paid = await _events(database)
    assert (final.about_id, paid.about_id, paid.amount) == (order.id, order.id, 100_000)
    assert claim.program_id == prosecutor.program_id


async def test_one_wrong_line_refuses_the_whole_file_and_every_wrong_line_is_told(
    prosecutor: Client, good: bytes, case_id: UUID, connect: Connect, database: Database
) -> None:
    stranger = new_id()
    wrong = good.replace(b"#end,4", b"").rstrip() + "\n".join(
        (
            "", f"A,{case_id},compensation,paid,{today()},-5,court,,", f"B,{stranger},compensation,paid,{today()},5,court,,",
            f"C,{case_id},compensation,paid,2569-01-01,5,court,,", f"D,{case_id},compensation,paid,{today()},99999999999,court,,",
            f"E,{case_id},compensation,nothing,{today()},,,,", f"F,{case_id},referral,accepted,{today()},,,,",
            f"K6,{case_id},compensation,ordered,{today()},1,court,,", f"G,{case_id},compensation,paid,{today()},5,court,K99,",
            f"H,{case_id},compensation,told_of_right,2099-01-01,,,,", "#end,13",
        )
    ).encode()  # fmt: skip
    tried = await prosecutor.send("/imports", wrong, "text/csv")
    assert tried.status_code == 200
    faults = {one["line"]: one["code"] for one in tried.json()["faults"]}
    assert faults == {
        6: "amount_negative", 7: "unknown_case", 8: "date_buddhist_era", 9: "amount_over", 10: "unknown_step",
        11: "wrong_maker", 12: "other_content", 13: "unknown_about", 14: "date_future",
    }  # fmt: skip
    assert all(one["text"] for one in tried.json()["faults"])
    refused = await prosecutor.send("/imports", wrong, "text/csv", mode="apply")
    assert (refused.status_code, refused.json()["title"]) == (400, "file_faults")
    assert refused.headers["content-type"] == "application/problem+json"
    assert {one["line"] for one in refused.json()["faults"]} == set(faults)
    assert await _events(database) == []
    police = await connect("police")
    told = await police.send("/imports", good, "text/csv")
    assert {one["code"] for one in told.json()["faults"]} == {"unknown_case"}


async def test_half_a_file_is_refused(prosecutor: Client, good: bytes, database: Database) -> None:
    for part in (good[: len(good) // 2], good.rpartition(b"#end")[0], good.replace(b"#end,4", b"#end,5")):
        refused = await prosecutor.send("/imports", part, "text/csv", mode="apply")
        assert (refused.status_code, refused.json()["title"]) == (400, "file_cut")
    for kind, status in (("application/json", 415), ("", 415), ("text/html", 415)):
        assert (await prosecutor.send("/imports", good, kind, mode="apply")).status_code == status
    assert (await prosecutor.send("/imports", good, "application/jsonl")).json()["title"] == "file_cut"
    assert (await prosecutor.send("/imports", b"", "application/json")).json()["title"] == "file_form"
    assert await _events(database) == []


async def test_a_body_shorter_than_was_said_is_refused(prosecutor: Client, good: bytes) -> None:
    response = await prosecutor.http.post(
        "/partner/v1/imports", content=good, params={"mode": "apply"},
        headers={
            "Authorization": f"Bearer {prosecutor.token}", "Content-Type": "text/csv",
            "Content-Length": str(len(good) + 1),
        },
    )  # fmt: skip
    assert (response.status_code, response.json()["title"]) == (400, "body_cut")


async def test_a_token_for_one_track_writes_no_other(connect: Connect, refer_to: Any) -> None:
    court = await connect("court", "cases.read", "track.referral.write", "track.prosecution.write")
    case = await refer_to(court.agency_id)
    await court.post(f"/cases/{case}/accept")
    told = await court.send(
        "/imports", _csv(f"1,{case},compensation,ordered,{today()},1,court,,"), "text/csv"
    )
    assert [one["code"] for one in told.json()["faults"]] == ["wrong_maker"]


async def test_what_is_exported_holds_no_words_and_can_be_read_back(
    prosecutor: Client,
    good: bytes,
    case_id: UUID,
    database: Database,
    connect: Connect,
    refer_to: Any,
    referral_id: UUID,
) -> None:
    await prosecutor.send("/imports", good, "text/csv", mode="apply")
    exported = await prosecutor.get("/exports", form="csv")
    assert exported.headers["content-type"].startswith("text/csv")
    assert "calc" not in exported.text
    heading, *rows, end = list(csv.reader(io.StringIO(exported.text)))
    assert end[:2] == ["#end", str(len(rows))]
    told = [dict(zip(heading, row, strict=True)) for row in rows]
    assert {row["case"] for row in told} == {str(case_id)}
    assert [row["step"] for row in told if row["track"] == "compensation"] == [
        "claim_filed",
        "ordered",
        "order_final",
        "paid",
    ]
    *lines, last = [json.loads(line) for line in (await prosecutor.get("/exports")).text.splitlines()]
    assert (last["end"], [one["event"] for one in lines]) == (len(rows), [row["event"] for row in told])
    rest = (await prosecutor.get("/exports", after=lines[-2]["event"])).text.splitlines()
    assert json.loads(rest[0])["event"] == lines[-1]["event"]
    health = await connect("health")
    other = await refer_to(health.agency_id)
    await health.post(f"/cases/{other}/accept")
    seen = [json.loads(line) for line in (await health.get("/exports")).text.splitlines()][:-1]
    assert {one["case"] for one in seen} == {str(other)}
    assert all("amount" not in one for one in seen)
    assert str(referral_id) not in exported.text
