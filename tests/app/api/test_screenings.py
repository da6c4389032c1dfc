import json

import orjson
import sqlalchemy as sa

from app.cli.screen import answer_line
from app.models import METADATA
from core.db.database import Database
from tests.app.api.conftest import Client, Connect, audit_of

OFFER = "รับแอดมินตอบแชต ปอยเปต รายได้ 45,000 ไม่ต้องมีวุฒิ ทักไลน์ @goodjob99"
_TRACES = {"api_token", "sign_in_attempt"}


async def _counts(database: Database) -> dict[str, int]:
    counted = " UNION ALL ".join(
        f"SELECT '{name}' AS name, count(*) AS n FROM {name}"
        for name in sorted(set(METADATA.tables) - _TRACES)
    )
    async with database.unit_of_work() as session:
        return {row.name: row.n for row in await session.execute(sa.text(counted))}


async def test_a_text_is_judged_as_the_command_line_does_and_nothing_is_stored(
    anong: Client, database: Database
) -> None:
    before = await _counts(database)
    response = await anong.post("/screenings", {"id": "post-17", "text": OFFER})
    assert response.status_code == 200
    line = answer_line(json.dumps({"id": "post-17", "text": OFFER}).encode())
    assert response.json() == orjson.loads(line)
    assert response.json()["band"] == "danger"
    assert await _counts(database) == before


async def test_it_needs_no_key(anong: Client) -> None:
    response = await anong.http.post(
        "/api/v1/screenings",
        json={"id": "1", "text": "สวัสดี"},
        headers={"Authorization": f"Bearer {anong.token}"},
    )
    assert response.status_code == 200


async def test_figures_are_of_days_and_floored(anong: Client, database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.text(
            "INSERT INTO screening_trend (span, starts_on, province, kind, screenings, flagged, senders) VALUES"
            " ('day', (now() AT TIME ZONE 'Asia/Bangkok')::date, '', '', 13, 7, 12),"
            " ('day', (now() AT TIME ZONE 'Asia/Bangkok')::date - 1, '', '', 9, 9, 4),"
            " ('day', (now() AT TIME ZONE 'Asia/Bangkok')::date - 20, '', '', 90, 9, 40)"
        ))  # fmt: skip
    found = (await anong.get("/screenings/figures")).json()
    figures = [(d["screenings"], d["flagged"], d["senders"]) for d in found["days"]]
    assert figures == [(None, None, None), (10, 5, 10)]
    assert (await anong.get("/screenings/figures", days=91)).status_code == 400


async def test_the_audit_is_read_page_by_page_and_by_auditors_alone(
    anong: Client, connect: Connect, database: Database
) -> None:
    for _ in range(5):
        await anong.get("/referrals")
    auditor = await connect("auditor")
    assert (await anong.get("/audit/events")).status_code == 403
    wish = {"action": "queue", "limit": 2}
    seen, cursor = [], ""
    while True:
        page = (await auditor.get("/audit/events", cursor=cursor, **wish)).json()
        seen += [(e["stream"], e["number"]) for e in page["events"]]
        assert {e["action"] for e in page["events"]} == {"queue.read"}
        if page["next"] is None:
            break
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert ("audit.read", "ok") in await audit_of(database, None)
    assert (await auditor.get("/audit/events", since="2026-11-23")).status_code == 400
    assert (await auditor.get("/audit/events", since="0001-01-01T00:00:00+14:00")).status_code == 400
    empty = await auditor.get("/audit/events", until="2001-01-01T00:00:00Z")
    assert empty.json() == {"events": [], "next": None}
