import re
from uuid import UUID

import pytest

from app.console.texts import say
from core.clock import utc_now
from core.db.database import Database
from core.ids import new_id
from referrals.desk.notes import LEVELS
from referrals.models import Referral
from referrals.teams.models import Team, TeamMember
from tests.app.conftest import Browser
from tests.app.console.test_referral_case import _audit


async def note(
    browser: Browser, referral_id: UUID, level: str, text: str, form_id: UUID | None = None
) -> int:
    response = await browser.post(
        f"/console/referrals/{referral_id}/notes", level=level, text=text, form_id=form_id or new_id()
    )
    return response.status_code


@pytest.fixture
async def noted(anong: Browser, referral_id: UUID) -> UUID:
    """Dao's referral, held by Anong, with a note of each level."""
    await anong.post(f"/console/referrals/{referral_id}/claim")
    for level in LEVELS:
        assert await note(anong, referral_id, level, f"โน้ต-{level}") == 303
    return referral_id


def levels_on(page: str) -> set[str]:
    return set(re.findall(r"โน้ต-(\w+)", page))


async def test_each_role_sees_the_levels_that_are_theirs(
    anong: Browser, boon: Browser, malee: Browser, somchai: Browser, noted: UUID, database: Database
) -> None:
    address = f"/console/referrals/{noted}"
    assert levels_on((await anong.get(address)).text) == {"citizen", "partners", "team", "me"}
    assert levels_on((await boon.get(address)).text) == {"citizen", "partners", "team"}
    for stranger in (malee, somchai):
        refused = await stranger.get(address)
        assert refused.status_code == 403
        assert levels_on(refused.text) == set()


async def test_after_it_was_put_back_only_the_team_and_the_writer_read_the_notes(
    anong: Browser, boon: Browser, noted: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{noted}/release")
    address = f"/console/referrals/{noted}"
    assert levels_on((await boon.get(address)).text) == set()
    assert levels_on((await anong.get(address)).text) == {"citizen", "partners", "team", "me"}
    async with database.unit_of_work() as session:
        team = Team(id=new_id(), name="เหนือ", created_at=utc_now())
        session.add(team)
        await session.flush()
        session.add(TeamMember(team_id=team.id, account_id=boon.account_id))
        (await session.get_one(Referral, noted)).team_id = team.id
    assert levels_on((await boon.get(address)).text) == {"citizen", "partners", "team"}


async def test_who_may_not_read_the_words_writes_no_note_title_or_label(
    anong: Browser, boon: Browser, referral_id: UUID, database: Database
) -> None:
    await boon.post(f"/console/referrals/{referral_id}/claim")
    assert await note(anong, referral_id, "team", "แทรก") == 404
    assert (await anong.post(f"/console/referrals/{referral_id}/title", title="แทรก")).status_code == 404
    assert (await _audit(database, referral_id)).count(("referral.add_note", "refused")) == 1


async def test_a_refused_note_is_given_back_with_its_level(anong: Browser, referral_id: UUID) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    response = await anong.post(
        f"/console/referrals/{referral_id}/notes", level="partners", text="ยาว" * 2_000, form_id=new_id()
    )
    assert response.status_code == 400
    assert "ยาว" * 2_000 in response.text
    assert 'value="partners" checked' in response.text


async def test_a_note_is_withdrawn_through_its_own_case_alone(
    anong: Browser, boon: Browser, noted: UUID, other_referral_id: UUID, database: Database
) -> None:
    page = (await anong.get(f"/console/referrals/{noted}")).text
    addresses = re.findall(r'action="(/console/referrals/[^"]+/withdraw)"', page)
    assert len(addresses) == 4
    elsewhere = addresses[0].replace(str(noted), str(other_referral_id))
    assert (await anong.post(elsewhere)).status_code == 404
    assert (await boon.post(addresses[0])).status_code == 404
    assert ("referral.withdraw_note", "refused") in await _audit(database, other_referral_id)
    for address in addresses:
        assert (await anong.post(address)).status_code == 303
    page = (await anong.get(f"/console/referrals/{noted}")).text
    assert levels_on(page) == set()
    assert page.count(say("note.withdrawn")) == 4


async def test_title_and_labels_head_the_page_of_who_reads_it(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    saved = await anong.post(
        f"/console/referrals/{referral_id}/title", title="แม่ลูก <b>ปอยเปต</b>", tags="กลับบ้าน, ด่วน"
    )
    assert saved.status_code == 303
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert "แม่ลูก &lt;b&gt;ปอยเปต&lt;/b&gt;" in page
    assert '<span class="tag">กลับบ้าน</span>' in page
    assert "ปอยเปต" not in page.partition("</title>")[0]
    refused = await anong.post(f"/console/referrals/{referral_id}/title", title="ก" * 81, tags="เดิม")
    assert refused.status_code == 400
    assert "ก" * 81 in refused.text
    await anong.post(f"/console/referrals/{referral_id}/release")
    assert "ปอยเปต" not in (await boon.get(f"/console/referrals/{referral_id}")).text


async def test_a_note_that_a_colleague_adds_appears_on_an_open_page(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    fragment = re.search(r'hx-get="([^"]+/thread\?seen=[^"]+)"', page)
    assert fragment is not None
    await boon.get(f"/console/referrals/{referral_id}")
    assert await note(boon, referral_id, "me", "โน้ต-me") == 303
    assert (await anong.get(fragment[1])).status_code == 204
    assert await note(boon, referral_id, "team", "โน้ต-team") == 303
    news = await anong.get(fragment[1])
    assert levels_on(news.text) == {"team"}
    assert "<textarea" not in news.text
