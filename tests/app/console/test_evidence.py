from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.evidence import CONTENT_POLICY
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys, destroy_data_key
from core.db.database import Database
from core.ids import new_id
from referrals.cleaning.kinds import Cleaned
from referrals.evidence import keep_evidence, note_evidence, refuse_evidence, take_back_evidence
from referrals.models import Referral
from tests.app.conftest import Browser

SEEN = b"\xff\xd8\xff what is seen"


async def noted(database: Database, referral_id: UUID, event_id: UUID | None = None) -> UUID:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        piece = await note_evidence(
            session, identity_id=referral.identity_id, event_id=event_id or new_id(), kind="document"
        )
    assert piece is not None
    return piece


async def kept(
    database: Database,
    keys: DataKeys,
    referral_id: UUID,
    kind: str = "picture",
    media_type: str = "image/jpeg",
) -> UUID:
    piece = await noted(database, referral_id)
    async with database.unit_of_work() as session:
        await keep_evidence(session, keys, piece, Cleaned(kind, media_type, SEEN))  # type: ignore[arg-type]
    return piece


def address(referral_id: UUID, piece: UUID) -> str:
    return f"/console/referrals/{referral_id}/evidence/{piece}"


async def test_whoever_holds_the_case_sees_a_picture_and_nothing_in_it_can_run(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    piece = await kept(database, keys, referral_id)
    await anong.post(f"/console/referrals/{referral_id}/claim")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    assert address(referral_id, piece) in page
    shown = await anong.get(address(referral_id, piece))
    assert (shown.status_code, shown.content) == (200, SEEN)
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-security-policy"] == CONTENT_POLICY
    assert "sandbox" in CONTENT_POLICY
    assert shown.headers["content-disposition"].startswith("inline; ")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("kind", "media_type", "ending"),
    [("sound", "audio/ogg", "ogg"), ("film", "video/mp4", "mp4"), ("document", "application/pdf", "pdf")],
)
async def test_everything_else_is_handed_over_as_a_file(
    anong: Browser,
    referral_id: UUID,
    database: Database,
    keys: DataKeys,
    kind: str,
    media_type: str,
    ending: str,
) -> None:
    piece = await kept(database, keys, referral_id, kind, media_type)
    await anong.post(f"/console/referrals/{referral_id}/claim")
    disposition = (await anong.get(address(referral_id, piece))).headers["content-disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.endswith(f'.{ending}"')


async def test_nobody_sees_it_who_may_not_read_the_words(
    anong: Browser, boon: Browser, malee: Browser, somchai: Browser, referral_id: UUID, database: Database,
    keys: DataKeys,
) -> None:  # fmt: skip
    piece = await kept(database, keys, referral_id)
    assert (await anong.get(address(referral_id, piece))).status_code == 404
    assert address(referral_id, piece) not in (await anong.get(f"/console/referrals/{referral_id}")).text
    await boon.post(f"/console/referrals/{referral_id}/claim")
    for browser, status in ((anong, 404), (malee, 403), (somchai, 403), (boon, 200)):
        answer = await browser.get(address(referral_id, piece))
        assert (answer.status_code, SEEN in answer.content) == (status, status == 200)


async def test_a_piece_is_not_found_through_another_referral(
    anong: Browser, referral_id: UUID, other_referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    piece = await kept(database, keys, referral_id)
    for each in (referral_id, other_referral_id):
        await anong.post(f"/console/referrals/{each}/claim")
    assert (await anong.get(address(other_referral_id, piece))).status_code == 404
    assert (await anong.get(address(referral_id, new_id()))).status_code == 404


async def test_every_look_leaves_its_audit_row_also_a_refused_one(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    piece = await kept(database, keys, referral_id)
    await anong.get(address(referral_id, piece))
    await anong.post(f"/console/referrals/{referral_id}/claim")
    await anong.get(address(referral_id, piece))
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "referral.see_evidence").order_by(AuditEvent.at)
        )
        assert [(row.object_id, row.outcome) for row in rows] == [
            (referral_id, "refused"), (referral_id, "ok"),
        ]  # fmt: skip


async def test_what_has_no_content_is_listed_with_why(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    gone, event_id = await noted(database, referral_id), new_id()
    back = await noted(database, referral_id, event_id)
    await noted(database, referral_id)
    async with database.unit_of_work() as session:
        await refuse_evidence(session, gone, "refused", "hidden_data")
        await take_back_evidence(session, [event_id])
    await anong.post(f"/console/referrals/{referral_id}/claim")
    page = (await anong.get(f"/console/referrals/{referral_id}")).text
    for said in ("มีข้อมูลแฝงที่ลบไม่หมด", "ผู้ส่งลบคืน", "กำลังรับเข้ามา"):
        assert said in page
    for piece in (gone, back):
        assert (await anong.get(address(referral_id, piece))).status_code == 404


async def test_of_an_erased_case_nothing_is_seen(
    anong: Browser, referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    piece = await kept(database, keys, referral_id)
    await anong.post(f"/console/referrals/{referral_id}/claim")
    async with database.unit_of_work() as session:
        await destroy_data_key(session, (await session.get_one(Referral, referral_id)).data_key_id)
    assert (await anong.get(address(referral_id, piece))).status_code == 410
