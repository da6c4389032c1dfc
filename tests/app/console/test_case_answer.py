import re
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.data_keys import DataKeys, destroy_data_key
from core.db.database import Database
from core.ids import new_id
from core.messages.models import Message
from referrals.models import Referral
from referrals.questionnaires.reading import load_questionnaire
from referrals.reports import Given, store_answers
from tests.app.conftest import Browser, OpenBrowser


async def _audit(database: Database, referral_id: UUID) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.object_id == referral_id).order_by(AuditEvent.at)
        )
        return [(r.action, r.outcome) for r in rows]


async def _answer(browser: Browser, referral_id: UUID, text: str) -> httpx.Response:
    return await browser.post(f"/console/referrals/{referral_id}/answers", text=text, form_id=new_id())


async def test_it_queues_the_answer_and_says_how_far_it_got(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert (await _answer(anong, referral_id, "สวัสดีค่ะ")).status_code == 303
    async with database.unit_of_work() as session:
        message = (await session.scalars(sa.select(Message))).one()
        assert (message.kind, message.lane, message.author_id) == ("staff", "hotline", anong.account_id)
    seen = []
    for state, reason in (
        ("pending", None), ("pending", "held"), ("sending", None), ("sent", None), ("resent", None),
        ("failed", "blocked"), ("skipped", "expired"), ("unknown", None),
    ):  # fmt: skip
        async with database.unit_of_work() as session:
            await session.execute(sa.update(Message).values(state=state, reason=reason))
        page = (await anong.get(f"/console/referrals/{referral_id}")).text
        found = re.search(r'class="delivery (\w+)">([^<]+)<', page)
        assert found is not None
        seen.append(found[1])
    assert seen == ["pending", "waiting", "sending", "sent", "resent", "failed", "skipped", "unknown"]


async def test_an_unknown_answer_is_sent_again_only_by_hand(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await _answer(anong, referral_id, "สวัสดีค่ะ")
    assert "/again" not in (await anong.get(f"/console/referrals/{referral_id}")).text
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Message).values(state="unknown"))
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    again = re.search(r'action="(/console/referrals/[^"]+/again)"', page)
    assert again is not None
    assert (await anong.post(again[1])).status_code == 303
    assert (await anong.post(again[1])).status_code == 409
    async with database.unit_of_work() as session:
        states = sorted(await session.scalars(sa.select(Message.state)))
    assert states == ["pending", "unknown"]


@pytest.mark.parametrize("text", ["", "   \n ", "ก" * 2_001, "\0"])
async def test_it_refuses_an_empty_or_overlong_answer_and_keeps_what_was_typed(
    anong: Browser, referral_id: UUID, database: Database, text: str
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    refused = await _answer(anong, referral_id, text)
    assert refused.status_code == 400
    assert text.strip("\0") in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


async def test_pressing_twice_sends_once(anong: Browser, referral_id: UUID, database: Database) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    form_id = new_id()
    for _ in range(2):
        response = await anong.post(
            f"/console/referrals/{referral_id}/answers", text="สวัสดีค่ะ", form_id=form_id
        )
        assert response.status_code == 303
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1


async def test_an_answer_without_the_claim_changes_nothing_and_keeps_the_text(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    refused = await _answer(anong, referral_id, "พิมพ์ไว้นาน")
    assert refused.status_code == 409
    assert "พิมพ์ไว้นาน" in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


async def test_text_typed_into_an_ended_session_is_given_back(
    anong: Browser, referral_id: UUID, open_browser: OpenBrowser
) -> None:
    stranger = open_browser()
    response = await _answer(stranger, referral_id, "พิมพ์ไว้นานมาก")
    assert response.status_code == 401
    assert "พิมพ์ไว้นานมาก" in response.text


async def test_a_paste_of_a_megabyte_is_refused(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert (await _answer(anong, referral_id, "a" * 1_000_000)).status_code == 413
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


async def test_a_reply_to_whoever_blocked_us_is_refused_and_kept(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    async with database.unit_of_work() as session:
        await session.execute(sa.update(ChannelIdentity).values(blocked_at=utc_now()))
    assert "/answers" not in (await anong.get(f"/console/referrals/{referral_id}")).text
    refused = await _answer(anong, referral_id, "ถึงบ้านหรือยัง")
    assert refused.status_code == 409
    assert "บล็อก" in refused.text
    assert "ถึงบ้านหรือยัง" in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    assert (await _audit(database, referral_id))[-2:] == [
        ("referral.answer", "refused"),
        ("referral.read", "ok"),
    ]


async def test_a_reply_about_an_erased_report_is_refused(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    async with database.unit_of_work() as session:
        await destroy_data_key(session, (await session.get_one(Referral, referral_id)).data_key_id)
    refused = await _answer(anong, referral_id, "ถึงบ้านหรือยัง")
    assert refused.status_code == 410
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0
    assert ("referral.answer", "refused") in await _audit(database, referral_id)


async def test_a_ready_answer_with_an_unfilled_place_is_not_sent(
    anong: Browser, referral_id: UUID, database: Database
) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    refused = await _answer(anong, referral_id, "ตอบภายใน {เวลา}")
    assert refused.status_code == 400
    assert "ยังมีช่อง {…} ที่ไม่ได้เติม" in refused.text
    assert "ตอบภายใน {เวลา}" in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


async def test_suggested_questions_stand_ready_in_the_words_for_the_person(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await store_answers(
            session, keys, identity_id=referral.identity_id, questionnaire=load_questionnaire(),
            answers=[Given("G2", ("self",), new_id()), Given("M7", ("yes",), new_id())],
        )  # fmt: skip
        (await session.get_one(Contact, referral.contact_id)).language = "en"
    await anong.post(f"/console/referrals/{referral_id}/claim")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    asked = re.findall(r'data-insert="([^"]+)"', page)
    assert 1 <= len(asked) <= 3
    assert not any("\u0e00" < char < "\u0e7f" for words in asked for char in words)
