import re

import sqlalchemy as sa

from core.audit.chain import AuditEvent
from core.db.database import Database
from core.ids import new_id
from referrals.models import Referral, ReportAnswer
from tests.app.conftest import Browser
from tests.conftest import MovableClock

ADDRESS = "/console/telephone"


async def test_a_call_is_taken_down_and_its_code_read_out_in_fours(
    anong: Browser, boon: Browser, database: Database
) -> None:
    form = (await anong.get(ADDRESS)).text
    form_id = re.search(r'name="form_id" value="([^"]+)"', form)
    assert form_id is not None
    sent = {
        "form_id": form_id[1], "text": "ออกไปไหนไม่ได้ <script>", "q.G2": "self", "q.P5q": "cannot", "q.G4": "ตาก",
        "q.G1": "", "number": "",
    }  # fmt: skip
    done = await anong.post(ADDRESS, **sent)
    assert done.status_code == 200
    fours = re.findall(r"<b>(\d{4})</b>", done.text)
    assert len(fours) == 4
    again = await anong.post(ADDRESS, **sent)
    assert re.findall(r"<b>(\d{4})</b>", again.text) == fours
    assert (await boon.get(ADDRESS)).status_code == 200
    assert (await boon.post(ADDRESS, **sent)).status_code == 303
    async with database.unit_of_work() as session:
        referral = (await session.scalars(sa.select(Referral))).one()
        questions = set(await session.scalars(sa.select(ReportAnswer.question)))
    assert questions == {"G2", "P5q", "G4"}
    page = (await anong.get(f"/console/referrals/{referral.id}")).text
    assert "ออกไปไหนไม่ได้ &lt;script&gt;" in page
    assert "โทรกลับ" in page
    assert "/answers" not in page
    assert "".join(fours) not in page
    assert " ".join(fours) not in page


async def test_the_code_is_not_shown_again_later(
    standing_clock: MovableClock, anong: Browser, database: Database
) -> None:
    await anong.get(ADDRESS)
    sent = {"form_id": new_id(), "text": "เล่า"}
    assert re.search(r"<b>\d{4}</b>", (await anong.post(ADDRESS, **sent)).text)
    standing_clock.advance(minutes=11)
    assert (await anong.post(ADDRESS, **sent)).status_code == 303


async def test_what_can_not_be_kept_comes_back_whole_and_opens_nothing(
    anong: Browser, database: Database
) -> None:
    await anong.get(ADDRESS)
    kept = {"text": "เล่ายาวแล้ว", "q.G2": "other", "q.G4": "ดาวอังคาร", "code_word": "มะม่วง"}
    refused = await anong.post(ADDRESS, form_id=new_id(), **kept)
    assert refused.status_code == 400
    assert "ตอนนี้เขาอยู่ที่ไหน" in refused.text
    for words in ("เล่ายาวแล้ว", 'value="ดาวอังคาร"', 'value="มะม่วง"', 'value="other" checked'):
        assert words in refused.text
    for fields in ({}, {"text": " "}, {"text": "x", "number": "แม่"}, {"text": "x", "form_id": "none"}):
        response = await anong.post(ADDRESS, **({"form_id": new_id()} | fields))
        assert response.status_code == 400, fields
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Referral)) == 0
        outcomes = (
            await session.scalars(sa.select(AuditEvent.outcome).where(AuditEvent.action == "telephone.open"))
        ).all()
    assert list(outcomes) == ["refused"] * 5


async def test_questions_that_no_longer_apply_are_left_out_while_writing(anong: Browser) -> None:
    await anong.get(ADDRESS)
    everything = (await anong.post(f"{ADDRESS}/questions", **{"q.G4": "ยังพิม"})).text
    job = (await anong.post(f"{ADDRESS}/questions", **{"q.G2": "job_check", "q.G4": "ยังพิม"})).text
    assert 'data-question="M2"' in everything
    assert 'data-question="M2"' not in job
    assert 'data-question="J2"' in job


async def test_only_who_works_on_referrals_takes_calls(malee: Browser, somchai: Browser) -> None:
    for stranger in (malee, somchai):
        assert (await stranger.get(ADDRESS)).status_code == 403
        assert (await stranger.post(ADDRESS, form_id=new_id(), text="x")).status_code == 403
