import re
from pathlib import Path
from uuid import UUID

import pytest

import referrals
from app.console.texts import load_texts
from core.db.database import Database
from core.ids import new_id
from referrals.keeping.ending import ALERT as ENDING
from referrals.teams.alerts import raise_alerts
from tests.app.conftest import Browser

# Codes by which alerts are raised: what stands as their third argument, or under a name of the same file that does.
_RAISED = re.compile(
    r"(?:raise_alerts|tell_hotline|tell_agency)\(\s*session,\s*[^\n]*?, (?P<code>\"[a-z_]+\"|[A-Z_]+)[,)]"
)
_NAMED = re.compile(r"^([A-Z_, ]+) = ((?:\"[a-z_]+\"(?:, )?)+)$", re.MULTILINE)


@pytest.fixture
async def alerts(database: Database, anong: Browser, boon: Browser, referral_id: UUID) -> list[UUID]:
    """One for Anong about a report, one about the directory, and one of Boon's."""
    async with database.unit_of_work() as session:
        return [
            *await raise_alerts(session, [anong.account_id], "clock_missed", referral_id),
            *await raise_alerts(session, [anong.account_id], "hotline_expires"),
            *await raise_alerts(session, [boon.account_id], "taken_over", referral_id),
        ]


@pytest.mark.usefixtures("alerts")
async def test_the_bell_counts_what_was_not_read(anong: Browser) -> None:
    assert (await anong.get("/console/alerts/count")).text == "2"
    page = (await anong.get("/console/alerts")).text
    assert "มีเรื่องเกินเวลารับ" in page
    assert "หัวหน้าเวรรับเรื่องของคุณไปดูแล" not in page
    await anong.post("/console/alerts/read")
    assert (await anong.get("/console/alerts/count")).text == ""


async def test_opening_one_leads_there_and_counts_as_reading(
    anong: Browser, alerts: list[UUID], referral_id: UUID
) -> None:
    answer = await anong.post(f"/console/alerts/{alerts[0]}/open")
    assert answer.headers["location"] == f"/console/referrals/{referral_id}"
    assert (await anong.post(f"/console/alerts/{alerts[1]}/open")).headers["location"] == "/console/hotlines"
    assert (await anong.get("/console/alerts/count")).text == ""


async def test_one_of_a_report_that_ends_leads_to_what_can_be_done_about_that(
    database: Database, boon: Browser, referral_id: UUID
) -> None:
    async with database.unit_of_work() as session:
        (alert_id,) = await raise_alerts(session, [boon.account_id], ENDING, referral_id)
    where = (await boon.post(f"/console/alerts/{alert_id}/open")).headers["location"]
    assert where == f"/console/ending/{referral_id}"
    assert (await boon.get(where)).status_code == 200


async def test_nobody_reads_anothers(anong: Browser, boon: Browser, alerts: list[UUID]) -> None:
    for stranger in (alerts[2], new_id()):
        assert (await anong.post(f"/console/alerts/{stranger}/open")).headers["location"] == "/console/alerts"
    assert (await boon.get("/console/alerts/count")).text == "1"


async def test_whoever_reads_no_reports_is_led_to_none(
    somchai: Browser, database: Database, referral_id: UUID
) -> None:
    async with database.unit_of_work() as session:
        (alert_id,) = await raise_alerts(session, [somchai.account_id], "clock_missed", referral_id)
    assert str(referral_id) not in (await somchai.get("/console/alerts")).text
    assert (await somchai.post(f"/console/alerts/{alert_id}/open")).headers["location"] == "/console/alerts"


async def test_an_empty_list_says_what_will_be_there(anong: Browser) -> None:
    assert "ยังไม่มีแจ้งเตือน" in (await anong.get("/console/alerts")).text


def _named(text: str) -> dict[str, str]:
    return {
        name: value
        for names, values in _NAMED.findall(text)
        for name, value in zip(names.split(", "), values.replace('"', "").split(", "), strict=False)
    }


def test_every_alert_that_is_raised_has_its_words() -> None:
    """Whoever raises one by a new code adds a line to the texts."""
    texts = load_texts()
    files = [file.read_text() for file in Path(next(iter(referrals.__path__))).rglob("*.py")]
    elsewhere = _named("\n".join(files))
    codes = {
        code.strip('"') if code.startswith('"') else (elsewhere | _named(file)).get(code, code)
        for file in files
        for code in _RAISED.findall(file)
    }
    assert {"hotline_expires", "taken_over", "closing_waits", "snooze_over", "agency_expired"} <= codes
    told = codes | {"clock_missed", "answer_missed"}
    assert sorted(code for code in told if f"alert.kind.{code}" not in texts) == []
