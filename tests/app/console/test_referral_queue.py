from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.intake import open_referral
from referrals.models import Referral
from tests.app.conftest import Browser
from tests.support.cast import make_person


async def _open(
    database: Database, keys: DataKeys, name: str, priority: str, *, minutes_ago: int = 0
) -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="staff_request", priority=priority, kinds=(), reasons=("asked_for_staff",), receipt=name,
        )  # fmt: skip
        await session.execute(
            sa.update(Referral)
            .where(Referral.id == referral_id)
            .values(opened_at=Referral.opened_at - timedelta(minutes=minutes_ago))
        )
    return referral_id


async def test_it_lists_the_most_urgent_then_the_longest_waiting_first(
    anong: Browser, database: Database, keys: DataKeys
) -> None:
    late = await _open(database, keys, "Ek", "P2", minutes_ago=5)
    early = await _open(database, keys, "Fon", "P2", minutes_ago=50)
    urgent = await _open(database, keys, "Gai", "P0")
    page = (await anong.get("/console/referrals")).text
    positions = [page.index(f"row-{r}") for r in (urgent, early, late)]
    assert positions == sorted(positions)


async def test_it_shows_no_word_of_content(
    anong: Browser, boon: Browser, referral_id: UUID, canary: str, database: Database
) -> None:
    await boon.post(f"/console/referrals/{referral_id}/claim")
    for view in ("waiting", "mine", "held", "ended"):
        for browser in (anong, boon):
            assert canary not in (await browser.get(f"/console/referrals?view={view}")).text


async def test_each_view_holds_its_own(anong: Browser, boon: Browser, referral_id: UUID) -> None:
    async def views(browser: Browser) -> list[bool]:
        return [
            str(referral_id) in (await browser.get(f"/console/referrals/rows?view={view}")).text
            for view in ("waiting", "mine", "held", "ended")
        ]

    assert await views(anong) == [True, False, False, False]
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert await views(anong) == [False, True, True, False]
    assert await views(boon) == [False, False, True, False]
    await anong.post(f"/console/referrals/{referral_id}/close", outcome="helped")
    assert await views(boon) == [False, False, False, True]


async def test_an_empty_view_says_what_to_do(anong: Browser) -> None:
    for view in ("waiting", "mine", "held", "ended"):
        assert 'class="empty' in (await anong.get(f"/console/referrals?view={view}")).text


async def test_a_view_that_does_not_exist_is_bad_input(anong: Browser) -> None:
    assert (await anong.get("/console/referrals?view=everything")).status_code == 400


async def test_opening_the_page_is_audited_once_and_refreshing_is_not(
    anong: Browser, database: Database
) -> None:
    await anong.get("/console/referrals")
    await anong.get("/console/referrals/rows")
    async with database.unit_of_work() as session:
        actions = list(await session.scalars(sa.select(AuditEvent.action)))
    assert actions.count("queue.read") == 1
    assert "queue.refresh" not in actions


async def test_the_person_who_waits_for_an_answer_stands_out(anong: Browser, referral_id: UUID) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert 'class="waits"' in (await anong.get("/console/referrals?view=mine")).text
    await anong.post(f"/console/referrals/{referral_id}/answers", text="ค่ะ", form_id=new_id())
    assert 'class="waits"' not in (await anong.get("/console/referrals?view=mine")).text
