import re
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from app.runtime import Runtime
from core.audit.chain import AuditEvent
from core.audit.heads import verify_audit
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from referrals.desk.models import SearchTerm
from referrals.intake import append_citizen_words, take_back_words
from referrals.models import Referral, ReferralEntry
from screening.models import Screening
from tests.app.conftest import Browser


async def _audit(database: Database, referral_id: UUID) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.object_id == referral_id).order_by(AuditEvent.at)
        )
        return [(r.action, r.outcome) for r in rows]


async def _answer(browser: Browser, referral_id: UUID, text: str) -> httpx.Response:
    return await browser.post(f"/console/referrals/{referral_id}/answers", text=text, form_id=new_id())


async def test_it_shows_the_words_only_after_the_claim(
    anong: Browser, referral_id: UUID, canary: str
) -> None:
    assert canary not in (await anong.get(f"/console/referrals/{referral_id}")).text
    assert (await anong.post(f"/console/referrals/{referral_id}/claim")).status_code == 303
    assert canary in (await anong.get(f"/console/referrals/{referral_id}")).text


async def test_a_colleague_without_the_case_reads_nothing_and_a_supervisor_reads_on(
    anong: Browser, boon: Browser, referral_id: UUID, canary: str, database: Database
) -> None:
    assert canary not in (await boon.get(f"/console/referrals/{referral_id}")).text
    await boon.post(f"/console/referrals/{referral_id}/claim")
    assert canary not in (await anong.get(f"/console/referrals/{referral_id}")).text
    await boon.post(f"/console/referrals/{referral_id}/release")
    await anong.post(f"/console/referrals/{referral_id}/claim")
    page = (await boon.get(f"/console/referrals/{referral_id}")).text
    assert canary in page
    assert "/answers" not in page
    assert (await _answer(boon, referral_id, "แทรก")).status_code == 409


async def test_a_claim_that_came_too_late_names_the_holder(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    await boon.post(f"/console/referrals/{referral_id}/claim")
    refused = await anong.post(f"/console/referrals/{referral_id}/claim")
    assert refused.status_code == 409
    assert "Boon" in refused.text


async def test_a_child_is_not_found_through_another_parent(
    anong: Browser, referral_id: UUID, database: Database, other_referral_id: UUID
) -> None:
    for each in (referral_id, other_referral_id):
        await anong.post(f"/console/referrals/{each}/claim")
    await _answer(anong, referral_id, "สวัสดีค่ะ")
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Message).values(state="unknown"))
        entry = await session.scalar(sa.select(ReferralEntry.id).where(ReferralEntry.author == "staff"))
    wrong = await anong.post(f"/console/referrals/{other_referral_id}/answers/{entry}/again")
    assert wrong.status_code == 404
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    assert ("referral.send_again", "refused") in await _audit(database, other_referral_id)


@pytest.mark.parametrize("address", ["", "/thread"])
async def test_a_case_that_does_not_exist_is_not_found(
    anong: Browser, database: Database, address: str
) -> None:
    nowhere = new_id()
    assert (await anong.get(f"/console/referrals/{nowhere}{address}")).status_code == 404
    assert (await anong.get(f"/console/referrals/not-an-id{address}")).status_code == 404
    audit = await _audit(database, nowhere)
    assert [outcome for _, outcome in audit] == ["refused"]


async def test_every_read_and_write_leaves_one_content_free_row(
    anong: Browser, referral_id: UUID, database: Database, canary: str, runtime: Runtime, tmp_path: Path
) -> None:
    await anong.get(f"/console/referrals/{referral_id}")
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await _answer(anong, referral_id, "สวัสดีค่ะ")
    await anong.post(f"/console/referrals/{referral_id}/close", outcome="helped")
    await anong.post(f"/console/referrals/{referral_id}/close", outcome="helped", text="ช้าไป")
    assert await _audit(database, referral_id) == [
        ("referral.read", "ok"),
        ("referral.claim", "ok"),
        ("referral.answer", "ok"),
        ("referral.close", "ok"),
        ("referral.close", "refused"),
        ("referral.read", "ok"),
    ]
    async with database.unit_of_work() as session:
        rows = str((await session.execute(sa.text("SELECT audit_event::text FROM audit_event"))).all())
        broken = [p async for p in verify_audit(session, runtime.keys.keyset, tmp_path / "none")]
    assert broken == []
    assert not any(word in rows for word in (canary, "สวัสดี", "ช้าไป", "Anong", "@"))


async def test_the_open_page_hears_of_news_without_a_row_for_every_look(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    fragment = re.search(r'hx-get="([^"]+/thread\?seen=[^"]+)"', page)
    assert fragment is not None
    for _ in range(3):
        assert (await anong.get(fragment[1])).status_code == 204
    reads = (await _audit(database, referral_id)).count(("referral.read", "ok"))
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), "เขากลับมาแล้ว")]
        )
    news = await anong.get(fragment[1])
    assert "เขากลับมาแล้ว" in news.text
    assert (await _audit(database, referral_id)).count(("referral.read", "ok")) == reads + 1


async def test_the_open_page_is_drawn_anew_when_somebody_else_claims(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    fragment = re.search(r'hx-get="([^"]+/thread\?seen=[^"]+)"', page)
    assert fragment is not None
    await boon.post(f"/console/referrals/{referral_id}/claim")
    assert (await anong.get(fragment[1])).headers["hx-refresh"] == "true"


async def test_words_taken_back_are_gone(
    anong: Browser, referral_id: UUID, database: Database, canary: str
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    async with database.unit_of_work() as session:
        event_ids = list(await session.scalars(sa.select(ReferralEntry.event_id)))
        await take_back_words(session, [e for e in event_ids if e])
    page = await anong.get(f"/console/referrals/{referral_id}")
    assert canary not in page.text
    assert "gone" in page.text


NASTY = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% raw %}",
    "attribute": '" onmouseover="alert(1)" hx-get="/console/sign-out"',
    "direction": "ปกติ \u202eกลับหลัง\u2066ซ่อน",
    "nul": "ก่อน\x00หลัง\x1b[31m\x07",
    "marks": "ก" + "\u0e49" * 500 + "Z" + "\u0336" * 500,
    "long": "ยาว" * 6_667,
    "emoji": "👩‍👩‍👧‍👦" * 300,
    "one word": "ก" * 20_000,
}


@pytest.mark.parametrize("kind", NASTY)
async def test_nasty_text_is_shown_harmlessly(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys, kind: str
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), NASTY[kind])]
        )
    page = await anong.get(f"/console/referrals/{referral_id}")
    assert page.status_code == 200
    words = re.findall(r'<p class="words" dir="auto"[^>]*>(.*?)</p>', page.text, re.DOTALL)[-1]
    assert "<" not in words
    assert '"' not in words
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", words)
    assert not re.search("[\u0e49\u0336]{5}", words)


async def test_no_word_of_content_stands_in_an_address_or_title(
    anong: Browser, referral_id: UUID, canary: str
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await _answer(anong, referral_id, "คำตอบลับเฉพาะ")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    outside = " ".join(re.findall(r'<title>.*?</title>|(?:href|src|action|title|hx-get)="[^"]*"', page))
    assert canary in page
    assert canary not in outside
    assert "คำตอบลับเฉพาะ" not in outside


async def test_a_forged_form_changes_nothing_and_leaves_a_row(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    anong.csrf = "forged"
    for path in ("answers", "notes", "tasks", "close", "reopen", "priority", "bot", "title", "release"):
        refused = await anong.client.post(
            f"/console/referrals/{referral_id}/{path}",
            data={"csrf": "forged"},
            headers={"Origin": anong.origin},
        )
        assert refused.status_code == 403, path
    refusals = [action for action, outcome in await _audit(database, referral_id) if outcome == "refused"]
    assert len(refusals) == 9


async def test_screenings_links_and_other_reports_show_to_whoever_reads_the_case(
    anong: Browser, referral_id: UUID, other_referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        for one in (referral_id, other_referral_id):
            session.add(SearchTerm(referral_id=one, kind="line_id", term_key=keys.keyset.index("t", "boss")))
        contact_id = (await session.get_one(Referral, referral_id)).contact_id
        session.add(
            Screening(
                id=new_id(), contact_id=contact_id, channel="line", band="danger", score=0.9, kind="scam_centre",
                indicators=["scam_hub_place", "chat_admin_job"], rules="1", model="1", created_at=utc_now(),
            )
        )  # fmt: skip
    shown = ("อีก 1 เรื่องมี LINE ID เดียวกัน", f"/console/referrals/{other_referral_id}", "ชวนไปที่ตั้งแก๊งหลอกลวง")
    before = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert not any(words in before for words in shown)
    await anong.post(f"/console/referrals/{referral_id}/claim")
    after = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert all(words in after for words in shown)


async def test_whoever_reads_the_case_sees_who_looked_and_who_acted(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await boon.get(f"/console/referrals/{referral_id}")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    looks, _, acts = page.partition("ใครเปิดดูเมื่อไร")[2].partition("ใครทำอะไรเมื่อไร")
    assert "Boon" in looks
    assert "รับเรื่อง" in acts
