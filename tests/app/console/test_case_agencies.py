"""Referring a case to agencies, from the case page on: consent, fields, what goes to the letter, and what follows."""

import io
import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from PIL import Image

from app.console.texts import say
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.models import Referral
from referrals.referring import answering, identity, messages
from referrals.referring.models import AgencyReferral, PacketLink
from tests.app.conftest import Browser
from tests.app.console.offices import Offices, send

NEEDS = "ขอให้ไปดูแลที่จุดนัด"


@pytest.fixture
async def case(anong: Browser, referral_id: UUID) -> UUID:
    """Dao's case, held by Anong."""
    await anong.post(f"/console/referrals/{referral_id}/claim")
    return referral_id


@pytest.fixture
async def offices(database: Database, keys: DataKeys, boon: Browser) -> Offices:
    offices = Offices(database, keys)
    await offices.open(boon.account_id)
    return offices


Sent = Callable[..., Awaitable[UUID]]


@pytest.fixture
def sent(anong: Browser, case: UUID, offices: Offices) -> Sent:
    """Send the case to the police; return the request's id."""

    async def go(**more: Any) -> UUID:
        await offices.agree(case, "police")
        fields = {"agency": offices.police, "fields": ["priority", "needs"], "w_needs": NEEDS, "note": "ด่วน"}
        answer = await send(anong, f"/console/referrals/{case}/agencies", **fields | more)
        assert answer.status_code == 303, answer.text
        return UUID(answer.headers["location"].rpartition("/")[2])

    return go


async def test_it_goes_as_it_was_looked_through_and_only_what_was_ticked(
    anong: Browser, case: UUID, offices: Offices, canary: str
) -> None:
    address = f"/console/referrals/{case}/agencies"
    assert say("along.none_next") in (await anong.get(address)).text
    chooser = (await anong.get(f"{address}/new")).text
    assert "ตำรวจเชียงราย" in chooser
    assert say("refer.said.not_asked") in chooser
    form = (await anong.get(f"{address}/new?agency={offices.police}")).text
    assert say("kind.detention") in form
    assert say("refer.override") not in form
    said = await send(anong, f"{address}/consent", agency=offices.police, said="yes")
    assert said.status_code == 303
    fields = {"agency": offices.police, "fields": ["kinds", "needs"], "w_needs": NEEDS, "w_summary": "ไม่ได้ติ๊ก"}
    shown = (await send(anong, f"{address}/check", **fields)).text
    as_read = shown.partition("as-read")[2].partition("</section>")[0]
    assert say("kind.detention") in as_read
    assert NEEDS in as_read
    assert "ไม่ได้ติ๊ก" not in as_read
    assert canary not in shown
    again = (await send(anong, f"{address}/check", **fields, again="yes")).text
    assert "ไม่ได้ติ๊ก" in again
    done = await send(anong, address, **fields)
    assert done.status_code == 303
    page = (await anong.get(done.headers["location"])).text
    assert NEEDS in page
    assert "ไม่ได้ติ๊ก" not in page
    assert say("along.unread") in page
    assert say("along.state.sent") in (await anong.get(address)).text
    assert say("case_parts.pending", n=1) in (await anong.get(f"/console/referrals/{case}/sides")).text
    # The preview refuses what sending would.
    for path in (address, f"{address}/check"):
        second = await send(anong, path, **fields)
        assert second.status_code == 409
        assert say("problem.request_pending.what") in second.text


async def test_without_consent_a_supervisor_alone_sends_and_says_why(
    anong: Browser, boon: Browser, case: UUID, offices: Offices, database: Database
) -> None:
    address = f"/console/referrals/{case}/agencies"
    fields = {"agency": offices.police, "fields": ["needs"], "w_needs": NEEDS, "note": "โทรก่อน"}
    for more in ({}, {"ground": "life_danger", "ground_reason": "กลัวถูกพาไป"}):
        refused = await send(anong, address, **fields | more)
        assert refused.status_code == 403
        assert NEEDS in refused.text
        assert "โทรก่อน" in refused.text
    assert say("refer.override") in (await boon.get(f"{address}/new?agency={offices.police}")).text
    silent = await send(boon, f"{address}/check", **fields, ground="life_danger")
    assert (silent.status_code, NEEDS in silent.text) == (400, True)
    done = await send(boon, address, **fields, ground="life_danger", ground_reason="กลัวถูกพาไป")
    assert done.status_code == 303
    assert "กลัวถูกพาไป" in (await anong.get(done.headers["location"])).text
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(AgencyReferral))).one().override == "life_danger"


async def test_words_that_seem_to_name_somebody_are_looked_at_twice(
    anong: Browser, case: UUID, offices: Offices
) -> None:
    await offices.agree(case, "police")
    fields = {"agency": offices.police, "fields": ["needs"], "w_needs": "โทรหา 081-234-5678"}
    refused = await send(anong, f"/console/referrals/{case}/agencies/check", **fields)
    assert refused.status_code == 400
    assert say("refer.looked") in refused.text
    assert "081-234-5678" in refused.text
    shown = await send(anong, f"/console/referrals/{case}/agencies/check", **fields, looked="yes")
    assert (shown.status_code, 'name="looked"' in shown.text) == (200, True)


async def test_only_who_works_on_a_case_sees_to_whom_it_went(
    boon: Browser,
    malee: Browser,
    somchai: Browser,
    sent: Sent,
    case: UUID,
    anong: Browser,
    database: Database,
) -> None:
    request_id = await sent()
    for address in (
        f"/console/referrals/{case}/agencies",
        f"/console/referrals/{case}/agencies/{request_id}",
    ):
        assert (await boon.get(address)).status_code == 200
        for browser in (malee, somchai):
            assert (await browser.get(address)).status_code == 403
    async with database.unit_of_work() as session:
        (await session.get_one(Referral, case)).claimed_by = boon.account_id
    for path in ("agencies", "agencies/new", f"agencies/{request_id}", "tracks", "money", "sides"):
        assert (await anong.get(f"/console/referrals/{case}/{path}")).status_code == 404, path


async def test_both_sides_write_and_see_that_the_other_read(
    anong: Browser, sent: Sent, case: UUID, offices: Offices
) -> None:
    request_id = await sent()
    address = f"/console/referrals/{case}/agencies/{request_id}"
    await offices.do(answering.open_request, request_id, offices.police)
    assert say("along.read_at") in (await anong.get(address)).text
    refused = await send(anong, f"{address}/messages", text="เบอร์ 081-234-5678", form_id=new_id())
    assert (refused.status_code, "081-234-5678" in refused.text) == (400, True)
    form_id = new_id()
    for _ in range(2):
        assert (
            await send(anong, f"{address}/messages", text="ไปถึงหรือยัง", form_id=form_id)
        ).status_code == 303
    assert say("along_thread.unseen") in (await anong.get(address)).text
    version = re.search(r"exchange\?seen=([^\"]+)", (await anong.get(address)).text)
    assert version
    quiet = await anong.get(f"{address}/exchange?seen={version[1]}")
    assert quiet.status_code == 204
    await offices.do(messages.read_thread, request_id, offices.police)
    news = (await anong.get(f"{address}/exchange?seen={version[1]}")).text
    assert news.count("ไปถึงหรือยัง") == 1
    assert say("along_thread.seen") in news
    await offices.do(answering.accept, request_id, offices.police)
    assert (await anong.get(f"{address}/exchange?seen={version[1]}")).headers["hx-refresh"] == "true"


async def test_a_declined_request_leads_to_the_next_agency(
    anong: Browser, sent: Sent, case: UUID, offices: Offices, database: Database
) -> None:
    request_id = await sent()
    await offices.do(
        answering.decline, request_id, offices.police, reason="other_area", note="ไม่ใช่พื้นที่เรา", next_agency_id=offices.shelter
    )  # fmt: skip
    page = (await anong.get(f"/console/referrals/{case}/agencies/{request_id}")).text
    assert "ไม่ใช่พื้นที่เรา" in page
    onward = f"/console/referrals/{case}/agencies/new?after={request_id}&amp;agency={offices.shelter}"
    assert onward in page
    form = (await anong.get(onward.replace("&amp;", "&"))).text
    assert f'name="after" value="{request_id}"' in form
    await offices.agree(case, "msdhs")
    done = await send(
        anong, f"/console/referrals/{case}/agencies", agency=offices.shelter, fields=["needs"], w_needs=NEEDS,
        after=request_id,
    )  # fmt: skip
    assert say("along.follows", name="ตำรวจเชียงราย") in (await anong.get(done.headers["location"])).text
    async with database.unit_of_work() as session:
        rows = list(await session.scalars(sa.select(AgencyReferral).order_by(AgencyReferral.id)))
    assert [row.state for row in rows] == ["declined", "sent"]


async def test_it_is_called_back_with_a_reason(anong: Browser, sent: Sent, case: UUID) -> None:
    address = f"/console/referrals/{case}/agencies/{await sent()}"
    refused = await send(anong, f"{address}/recall", reason="", text="ส่งผิดที่")
    assert (refused.status_code, "ส่งผิดที่" in refused.text) == (400, True)
    assert (await send(anong, f"{address}/recall", reason="wrong_agency", text="ส่งผิดที่")).status_code == 303
    assert say("along.state.recalled") in (await anong.get(address)).text
    assert (await send(anong, f"{address}/recall", reason="wrong_agency")).status_code == 409


async def test_who_the_person_is_goes_as_a_second_step(
    anong: Browser, boon: Browser, sent: Sent, case: UUID, offices: Offices
) -> None:
    request_id = await sent()
    address = f"/console/referrals/{case}/agencies/{request_id}"
    await offices.do(answering.accept, request_id, offices.police)
    await offices.do(identity.ask_identity, request_id, offices.police, reason="ต้องเรียกชื่อที่จุดนัด")
    page = (await anong.get(address)).text
    assert "ต้องเรียกชื่อที่จุดนัด" in page
    refused = await send(anong, f"{address}/identity", who_name="ดาว ทดสอบ", text="จำเป็น")
    assert refused.status_code == 403
    assert "ดาว ทดสอบ" in refused.text
    done = await send(
        boon, f"{address}/identity", who_name="ดาว ทดสอบ", text="จำเป็นต่อชีวิต", ground="life_danger"
    )
    assert done.status_code == 303
    given = (await anong.get(address)).text
    assert say("identity.given") in given
    assert say("identity.not_read") in given
    await offices.do(answering.open_request, request_id, offices.police)
    silent = await send(anong, f"{address}/identity/back", text=" ")
    assert (silent.status_code, say("identity.back_hint") in silent.text) == (400, True)
    assert (await send(anong, f"{address}/identity/back", text="ส่งผิดคน")).status_code == 303
    after = (await anong.get(address)).text
    assert say("identity.read_stays") in after
    assert "ส่งผิดคน" in after
    assert (await send(anong, f"{address}/identity/back", text="อีกครั้ง")).status_code == 409
    assert (await send(anong, f"{address}/identity/refuse", text="ช้าไป")).status_code == 409


async def test_staff_write_down_what_an_agency_without_accounts_said(
    anong: Browser, sent: Sent, case: UUID, offices: Offices, database: Database
) -> None:
    address = f"/console/referrals/{case}/agencies/{await sent()}"
    assert say("stead.title") in (await anong.get(address)).text
    assert (await send(anong, f"{address}/answer", step="perhaps")).status_code == 400
    for step, more in (
        ("accepted", {}),
        ("in_service", {}),
        ("done", {"reason": "helped", "text": "ได้ที่พักแล้ว"}),
    ):
        assert (await send(anong, f"{address}/answer", step=step, **more)).status_code == 303, step
    page = (await anong.get(address)).text
    assert "ได้ที่พักแล้ว" in page
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(AgencyReferral))).one().outcome == "helped"


async def test_a_file_goes_along_without_its_metadata(anong: Browser, sent: Sent, case: UUID) -> None:
    address = f"/console/referrals/{case}/agencies/{await sent()}"
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, "PNG")
    headers = {"Origin": anong.origin}
    for content, status in ((b"MZ...", 400), (picture.getvalue(), 303)):
        answer = await anong.client.post(
            f"{address}/files", data={"csrf": anong.csrf, "slot": "picture"}, headers=headers,
            files={"file": ("บัตรของดาว.png", content, "image/png")},
        )  # fmt: skip
        assert answer.status_code == status
    page = (await anong.get(address)).text
    assert "บัตรของดาว" not in page
    found = re.search(rf'href="({address}/files/[^"]+)"', page)
    assert found
    opened = await anong.get(found[1])
    assert opened.headers["content-type"] == "image/png"
    assert "sandbox" in opened.headers["content-security-policy"]


async def test_a_sealed_packet_lies_behind_a_link_whose_code_is_shown_once(
    anong: Browser, sent: Sent, case: UUID, database: Database
) -> None:
    address = f"/console/referrals/{case}/agencies/{await sent()}"
    made = (await send(anong, f"{address}/link")).text
    code = re.search(r"<code>([0-9a-z]{4}(?:-[0-9a-z]{4}){4})</code>", made)
    assert code
    assert "/packet/" in made
    assert "053-123-456" in made
    page = (await anong.get(address)).text
    assert code[1] not in page
    assert "/packet/" not in page
    assert (await send(anong, f"{address}/link/withdraw")).status_code == 303
    assert say("packet_link.ended.withdrawn") in (await anong.get(address)).text
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(PacketLink))).one().content is None


async def test_what_is_read_and_sent_leaves_its_rows(
    anong: Browser, sent: Sent, case: UUID, database: Database
) -> None:
    request_id = await sent()
    await anong.get(f"/console/referrals/{case}/agencies/{request_id}")
    await send(anong, f"/console/referrals/{case}/agencies/{request_id}/recall", reason="no reason")
    async with database.unit_of_work() as session:
        rows = await session.execute(
            sa.select(AuditEvent.action, AuditEvent.outcome).where(AuditEvent.object_id == case)
        )
        seen = {tuple(row) for row in rows}
    assert seen >= {
        ("referral.refer", "ok"),
        ("referral.see_agency", "ok"),
        ("referral.recall_agency", "refused"),
    }
