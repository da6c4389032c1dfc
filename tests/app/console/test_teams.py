import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from referrals.teams.models import Shift, Team, TeamMember
from tests.app.conftest import Browser


async def _team(browser: Browser, name: str = "A") -> str:
    made = await browser.post("/console/teams", name=name)
    assert made.status_code == 303
    return str(made.headers["location"])


async def test_only_supervisors_enter(anong: Browser, malee: Browser, somchai: Browser) -> None:
    for browser in (anong, malee, somchai):
        for page in ("/console/teams", "/console/teams/rules", "/console/teams/days"):
            assert (await browser.get(page)).status_code == 403
        assert (await browser.post("/console/teams", name="A")).status_code == 403


async def test_an_empty_page_says_what_to_do_first(boon: Browser) -> None:
    for page in ("/console/teams", "/console/teams/rules"):
        assert "ทีมแรก" in (await boon.get(page)).text


async def test_the_first_team_is_the_main_one_and_another_can_be_made_it(
    boon: Browser, database: Database
) -> None:
    first, second = await _team(boon), await _team(boon, "B")
    assert (await boon.post(f"{first}/close")).status_code == 409
    assert (await boon.post(f"{second}/fallback")).status_code == 303
    assert (await boon.post(f"{first}/close")).status_code == 303
    assert (await boon.get(first)).status_code == 404
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent.action).where(AuditEvent.object_kind == "team", AuditEvent.outcome == "ok")
        )
        assert {"team.create", "team.make_fallback", "team.close"} <= set(rows)


async def test_a_refused_name_stays_in_its_field(boon: Browser) -> None:
    await _team(boon)
    refused = await boon.post("/console/teams", name="a")
    assert (refused.status_code, 'value="a"' in refused.text) == (409, True)
    team = await _team(boon, "B")
    refused = await boon.post(team, name="A", on_call_after=7)
    assert (refused.status_code, 'value="7"' in refused.text) == (409, True)
    assert (await boon.post(team, name="C", on_call_after="soon")).status_code == 400


async def test_members_come_lead_and_go(boon: Browser, anong: Browser, database: Database) -> None:
    team = await _team(boon)
    assert "Anong" in (await boon.get(team)).text
    for leads in ({}, {"leads": "true"}):
        added = await boon.post(f"{team}/members", account=anong.account_id, **leads)
        assert added.status_code == 303
    async with database.unit_of_work() as session:
        (member,) = await session.scalars(sa.select(TeamMember))
        assert (member.account_id, member.leads) == (anong.account_id, True)
    assert (await boon.post(f"{team}/members/{anong.account_id}/remove")).status_code == 303
    assert (await boon.post(f"{team}/members/{anong.account_id}/remove")).status_code == 404
    assert (await boon.post(f"{team}/members", account=new_id())).status_code == 404


@pytest.fixture
async def team(boon: Browser, anong: Browser) -> str:
    """The address of a team that Anong is in."""
    address = await _team(boon)
    await boon.post(f"{address}/members", account=anong.account_id)
    return address


async def _add_shift(boon: Browser, team: str, account: UUID, **changes: str) -> int:
    fields = {"day": "2026-11-24", "starts": "08:00", "ends": "16:00", "weeks": "2"} | changes
    return (await boon.post(f"{team}/shifts", account=account, **fields)).status_code


async def test_a_week_shows_shifts_and_gaps_in_words(boon: Browser, anong: Browser, team: str) -> None:
    assert await _add_shift(boon, team, anong.account_id) == 303
    assert await _add_shift(boon, team, anong.account_id, day="2026-11-25", on_call="yes", weeks="1") == 303
    page = (await boon.get(f"{team}?week=2026-11-25")).text
    assert "<b>08:00–16:00</b> Anong" in page
    assert "ไม่มีใครเข้าเวร 00:00–08:00" in page
    assert "ไม่มีใครเข้าเวร 16:00–24:00" in page
    assert page.count("ไม่มีใครเข้าเวรทั้งวัน") == 6
    assert "<b>08:00–16:00</b> Anong" in (await boon.get(f"{team}?week=2026-12-01")).text
    assert "Anong</span>" not in (await boon.get(f"{team}?week=2026-12-08")).text.split("<form")[0]
    assert (await boon.get(f"{team}?week=never")).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"weeks": "0"}, 400), ({"weeks": "27"}, 400), ({"weeks": "x"}, 400), ({"day": "2026-02-30"}, 400),
        ({"starts": "25:00"}, 400), ({"starts": ""}, 400), ({"day": "9999-12-31"}, 400), ({"account": "x"}, 400),
    ],
)  # fmt: skip
async def test_a_refused_shift_changes_nothing_and_stays_in_its_fields(
    boon: Browser, anong: Browser, team: str, database: Database, changes: dict[str, str], status: int
) -> None:
    account = changes.pop("account", str(anong.account_id))
    fields = {"day": "2026-11-24", "starts": "07:15", "ends": "16:00", "weeks": "2"} | changes
    refused = await boon.post(f"{team}/shifts", account=account, **fields)
    assert refused.status_code == status
    assert f'value="{fields["starts"]}"' in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Shift)) == 0


async def test_a_shift_goes_only_through_its_own_team(
    boon: Browser, anong: Browser, team: str, database: Database
) -> None:
    await _add_shift(boon, team, anong.account_id, weeks="1")
    assert await _add_shift(boon, team, anong.account_id, weeks="1") == 409
    other = await _team(boon, "B")
    async with database.unit_of_work() as session:
        (shift_id,) = await session.scalars(sa.select(Shift.id))
    day = {"day": "2026-11-24"}
    assert (await boon.post(f"{other}/shifts/{shift_id}/drop", **day)).status_code == 404
    dropped = await boon.post(f"{team}/shifts/{shift_id}/drop", **day)
    assert dropped.headers["location"].endswith("?week=2026-11-23#shifts")
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Shift)) == 0


async def test_rules_are_added_moved_tried_out_and_dropped(boon: Browser, database: Database) -> None:
    await _team(boon)
    team = (await _team(boon, "North")).rsplit("/", 1)[1]
    added = await boon.post("/console/teams/rules", team=team, places="เชียงราย, Chiang Mai, กัมพูชา")
    assert added.status_code == 303
    assert (await boon.post("/console/teams/rules", team=team, priorities="P0")).status_code == 303
    assert (await boon.post("/console/teams/rules", team=team, priorities="P0")).status_code == 409
    page = (await boon.get("/console/teams/rules")).text
    assert "เชียงใหม่" in page
    tried = (await boon.get("/console/teams/rules?place=กัมพูชา&priority=P2&language=th")).text
    assert re.search(r"ไปที่ทีม North</b>\s*ตามกฎข้อ 1", tried)
    tried = (await boon.get("/console/teams/rules?place=ตาก&priority=P2&language=th")).text
    assert re.search(r"ไปที่ทีม A</b>\s*ไม่ตรงกฎข้อไหน", tried)
    rules = re.findall(r'action="/console/teams/rules/([^/"]+)/drop"', page)
    assert (await boon.post(f"/console/teams/rules/{rules[1]}/move", to="up")).status_code == 303
    page = (await boon.get("/console/teams/rules")).text
    assert re.findall(r'action="/console/teams/rules/([^/"]+)/drop"', page) == rules[::-1]
    assert (await boon.post(f"/console/teams/rules/{rules[0]}/drop")).status_code == 303
    assert (await boon.post(f"/console/teams/rules/{rules[0]}/drop")).status_code == 404


@pytest.mark.parametrize(
    "fields", [{}, {"places": "นครในฝัน"}, {"kinds": "love"}, {"priorities": "P7"}, {"wide": "moon"}]
)
async def test_a_refused_rule_says_why_and_keeps_what_was_typed(
    boon: Browser, database: Database, fields: dict[str, str]
) -> None:
    team = (await _team(boon)).rsplit("/", 1)[1]
    refused = await boon.post("/console/teams/rules", team=team, **fields)
    assert refused.status_code == 400
    assert fields.get("places", "") in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Team)) == 1
    assert 'href="/console/teams/rules' not in refused.text.split("<main")[0]


async def test_holidays_are_added_struck_and_restored(boon: Browser) -> None:
    page = (await boon.get("/console/teams/days?year=2026")).text
    assert "10 ธ.ค. 2569" in page
    added = await boon.post("/console/teams/days", day="2026-11-27", name="วันทดสอบระบบ")
    assert added.status_code == 303
    await boon.post("/console/teams/days", day="2026-12-10", name="วันรัฐธรรมนูญ", is_duty="yes")
    page = (await boon.get("/console/teams/days?year=2026")).text
    assert "วันทดสอบระบบ" in page
    assert page.count("แก้โดยหัวหน้าเวร") == 2
    await boon.post("/console/teams/days/restore", day="2026-11-27")
    assert "วันทดสอบระบบ" not in (await boon.get("/console/teams/days?year=2026")).text
    refused = await boon.post("/console/teams/days", day="2026-11-27", name=" ")
    assert (refused.status_code, 'value="2026-11-27"' in refused.text) == (400, True)
    for wrong in ("", "x", "1066-10-14"):
        assert (await boon.post("/console/teams/days", day=wrong, name="x")).status_code == 400
        assert (await boon.post("/console/teams/days/restore", day=wrong)).status_code == 400
