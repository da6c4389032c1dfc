from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from app.runtime import Runtime
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.search import FREE
from referrals.desk.terms import fill_due_terms
from referrals.intake import append_citizen_words
from referrals.models import Referral
from tests.app.conftest import Browser
from tests.conftest import MovableClock


async def _say(database: Database, keys: DataKeys, referral_id: UUID, words: str) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(session, keys, identity_id=referral.identity_id, words=[(new_id(), words)])
    async with database.unit_of_work() as session:
        await fill_due_terms(session, keys)


async def _search(browser: Browser, text: str, **filters: str) -> httpx.Response:
    return await browser.post("/console/search", text=text, **filters)


async def test_it_finds_a_report_by_a_phone_and_shows_only_what_the_queue_shows(
    anong: Browser,
    referral_id: UUID,
    other_referral_id: UUID,
    canary: str,
    database: Database,
    keys: DataKeys,
) -> None:
    await _say(database, keys, referral_id, "นายหน้าโทรมาจาก 081-234-5678")
    page = (await _search(anong, "0812345678")).text
    assert f"row-{referral_id}" in page
    assert "เบอร์โทร" in page
    assert str(other_referral_id) not in page
    assert canary not in page
    assert "นายหน้า" not in page


async def test_words_of_the_story_find_nothing(
    anong: Browser, referral_id: UUID, canary: str, database: Database, keys: DataKeys
) -> None:
    await _say(database, keys, referral_id, "ถูกขังอยู่ในตึก")
    for words in (canary, "ถูกขังอยู่ในตึก", "ตึก"):
        page = (await _search(anong, words)).text
        assert str(referral_id) not in page
        assert 'class="empty' in page


async def test_a_receipt_is_found_however_it_is_grouped(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.receipt_key = keys.keyset.index("receipt", "1234567890123456")
    for typed in ("1234567890123456", "1234 5678 9012 3456", "1234-5678-9012-3456"):
        assert f"row-{referral_id}" in (await _search(anong, typed)).text
    assert f"row-{referral_id}" not in (await _search(anong, "1234567890123457")).text


async def test_filters_narrow_what_was_found(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    await _say(database, keys, referral_id, "line: badagent99")
    assert f"row-{referral_id}" in (await _search(anong, "badagent99", priority="P0", kind="detention")).text
    assert f"row-{referral_id}" not in (await _search(anong, "badagent99", priority="P1")).text
    assert f"row-{referral_id}" not in (await _search(anong, "badagent99", channel="telegram")).text
    assert (await _search(anong, "badagent99", channel="pigeon")).status_code == 400


@pytest.mark.parametrize(
    ("text", "status"), [("ก", 400), ("ก" * 101, 400), ("   ", 400), ("9" * 1_000_000, 413)]
)
async def test_too_little_and_too_much_are_refused(anong: Browser, text: str, status: int) -> None:
    response = await _search(anong, text)
    assert response.status_code == status
    assert 'role="alert"' in response.text or status == 413


async def test_what_was_typed_stays_when_it_is_refused(anong: Browser) -> None:
    page = (await _search(anong, "081-234-5678", channel="pigeon")).text
    assert 'value="081-234-5678"' in page


async def test_a_search_is_audited_without_what_was_looked_for(
    anong: Browser, database: Database, runtime: Runtime
) -> None:
    await _search(anong, "0899999999")
    async with database.unit_of_work() as session:
        rows = (await session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "search.find"))).all()
        tables = await session.scalars(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
        for table in tables.all():
            found = await session.scalar(
                sa.text(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%0899999999%'")
            )
            assert found == 0, table
    assert [(row.outcome, row.object_id) for row in rows] == [("ok", None)]


async def test_guessing_at_numbers_is_slowed_for_whoever_does_it_alone(
    standing_clock: MovableClock, anong: Browser, boon: Browser, database: Database
) -> None:
    statuses = [(await _search(anong, f"08123456{n:02}")).status_code for n in range(FREE + 1)]
    assert statuses == [200] * FREE + [429]
    assert "วินาที" in (await _search(anong, "0812345699")).text
    assert (await _search(boon, "0812345678")).status_code == 200
    standing_clock.advance(seconds=31)
    assert (await _search(anong, "0812345699")).status_code == 200
    async with database.unit_of_work() as session:
        outcomes = list(
            await session.scalars(sa.select(AuditEvent.outcome).where(AuditEvent.action == "search.find"))
        )
    assert outcomes.count("refused") == 2


async def test_only_who_works_on_reports_may_search(malee: Browser, somchai: Browser) -> None:
    for browser in (malee, somchai):
        assert (await browser.get("/console/search")).status_code == 403
        assert (await _search(browser, "0812345678")).status_code == 403


async def test_nothing_that_is_looked_for_can_stand_in_an_address(anong: Browser) -> None:
    page = (await anong.get("/console/search")).text
    assert page.count('method="get"') == 0
    assert (await anong.get("/console/referrals?q=0812345678")).status_code == 400
