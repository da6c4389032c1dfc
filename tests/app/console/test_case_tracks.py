"""The tracks of a case: what can be recorded, what stays of a refused form, corrections, disagreements, who sees what."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.case_tracks_form import Typed, step_of
from app.console.texts import say
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.referring import answering
from referrals.referring.sending import refer
from referrals.tracks.errors import StepError
from referrals.tracks.events import By, NewStep
from referrals.tracks.models import CaseEvent, CasePerson
from referrals.tracks.recording import record
from referrals.tracks.steps import steps
from tests.app.conftest import Browser
from tests.app.console.offices import Offices, send


@pytest.fixture
async def case(boon: Browser, referral_id: UUID) -> UUID:
    """Dao's case, held by Boon, who sees all of its tracks."""
    await boon.post(f"/console/referrals/{referral_id}/claim")
    return referral_id


@pytest.fixture
def today() -> str:
    return bangkok(utc_now()).date().isoformat()


async def events(database: Database, track: str) -> list[CaseEvent]:
    async with database.unit_of_work() as session:
        rows = sa.select(CaseEvent).where(CaseEvent.track == track).order_by(CaseEvent.id)
        return list(await session.scalars(rows))


async def test_only_steps_that_can_follow_are_offered_and_a_refused_form_stays(
    boon: Browser, case: UUID, database: Database, today: str
) -> None:
    address = f"/console/referrals/{case}/tracks"
    offered = (await boon.get(f"{address}/new?track=prosecution")).text
    assert "step=complaint" in offered
    assert "step=indicted" not in offered
    form = (await boon.get(f"{address}/new?track=prosecution&step=complaint")).text
    assert say("detail.case_no") in form
    fields = {"track": "prosecution", "step": "complaint", "case_no": "ปจว. 12/2569", "note": "โทรบอก"}
    later = (date.fromisoformat(today) + timedelta(days=2)).isoformat()
    for wrong, code in (
        (later, "date_future"),
        ("soon", "missing_field"),
        ("1999-01-01", "date_before_report"),
    ):
        refused = await send(boon, address, **fields, happened_on=wrong)
        assert refused.status_code == 400, wrong
        assert say(f"problem.{code}.what") in refused.text
        assert "ปจว. 12/2569" in refused.text
        assert "โทรบอก" in refused.text
    assert await events(database, "prosecution") == []
    # A year as people here write it.
    year, month, day = map(int, today.split("-"))
    done = await send(boon, address, **fields, day=day, month=month, year=year + 543)
    assert done.status_code == 303, done.text
    page = (await boon.get(address)).text
    assert "ปจว. 12/2569" in page
    assert say("step.prosecution.complaint") in page
    again = await send(boon, address, **fields, happened_on=today)
    assert (again.status_code, say("problem.out_of_order.what") in again.text) == (400, True)
    assert "step=complaint" not in (await boon.get(f"{address}/new?track=prosecution")).text


async def test_sums_are_typed_in_baht_and_kept_in_satang(
    boon: Browser, case: UUID, database: Database, today: str
) -> None:
    address = f"/console/referrals/{case}/tracks"
    fields = {"track": "compensation", "step": "assessed", "happened_on": today, "item": "wages"}
    for wrong, code in (
        ("", "amount_missing"),
        ("abc", "amount_form"),
        ("-5", "amount_negative"),
        ("1.234", "amount_form"),
    ):
        refused = await send(boon, address, **fields, amount=wrong)
        assert refused.status_code == 400
        assert say(f"problem.{code}.what") in refused.text
        assert f'value="{wrong}"' in refused.text
    done = await send(boon, address, **fields, amount="๘๕๐,๐๐๐.๕")
    assert done.status_code == 303, done.text
    assert (await events(database, "compensation"))[0].amount == 85_000_050


def test_a_day_is_read_in_the_era_and_the_figures_of_a_judgment() -> None:
    rule = steps()["compensation", "ordered"]
    for typed in ("8/5/2569", "๘/๕/๒๕๖๙", "08.05.2026", "2569-05-08"):
        texts = {"happened_on": "2569-05-08", "amount": "1", "interest_from": typed}
        assert (
            step_of(Typed("compensation", "ordered", "", texts), rule).details["interest_from"]
            == "2026-05-08"
        )
    with pytest.raises(StepError):
        step_of(Typed("compensation", "ordered", "", texts | {"interest_from": "31/2/2569"}), rule)


async def test_a_wrong_step_is_taken_back_and_stays_readable(
    boon: Browser, case: UUID, database: Database, today: str
) -> None:
    address = f"/console/referrals/{case}/tracks"
    await send(boon, address, track="victim", step="possible", happened_on=today)
    event = (await events(database, "victim"))[0]
    refused = await send(boon, f"{address}/{event.id}/correct", text=" ")
    assert refused.status_code == 400
    assert (await send(boon, f"{address}/{event.id}/correct", text="ผิดเคส")).status_code == 303
    page = (await boon.get(address)).text
    assert say("track.taken_back") in page
    assert "ผิดเคส" in page
    twice = await send(boon, f"{address}/{event.id}/correct", text="อีกครั้ง")
    assert (twice.status_code, say("problem.already_reversed.what") in twice.text) == (400, True)


async def test_what_agencies_disagree_on_stands_side_by_side_until_staff_decide(
    boon: Browser, case: UUID, database: Database, keys: DataKeys
) -> None:
    offices = Offices(database, keys)
    await offices.open(boon.account_id)
    today = bangkok(utc_now()).date()
    async with database.unit_of_work() as session:
        for step in ("complaint", "inquiry", "to_prosecutor"):
            new = NewStep(step=step, track="prosecution", happened_on=today)
            await record(session, keys, case, new, By("hotline", "manual"), now=utc_now())
    for agency, kind, step in ((offices.police, "police", "non_indict"), (offices.shelter, "msdhs", "")):
        async with database.unit_of_work() as session:
            request_id = await refer(
                session, keys, case, agency_id=agency, fields={"priority": ""}, note="", by_account=boon.account_id,
                oversees=True, ground="life_danger", ground_reason="เสี่ยง", now=utc_now(),
            )  # fmt: skip
        await offices.do(answering.accept, request_id, agency)
        if step:
            async with database.unit_of_work() as session:
                by = By(kind, "api", agency_id=agency, agency_referral_id=request_id)  # type: ignore[arg-type]
                new = NewStep(step=step, track="prosecution", happened_on=today)
                await record(session, keys, case, new, by, now=utc_now())
    address = f"/console/referrals/{case}/tracks"
    await send(boon, address, track="prosecution", step="indicted", happened_on=today.isoformat())
    rivals = (await events(database, "prosecution"))[-2:]
    assert [one.step for one in rivals] == ["non_indict", "indicted"]
    page = (await boon.get(address)).text
    assert say("track.disputes_lead") in page
    assert f"{address}/{rivals[0].id}/settle" in page
    assert "ตำรวจเชียงราย" in page
    assert (await send(boon, f"{address}/{rivals[1].id}/settle")).status_code == 303
    settled = (await boon.get(address)).text
    assert say("track.disputes_lead") not in settled
    assert say("track.settled") in settled
    assert say("track.set_aside") in settled


async def test_an_officer_sees_state_and_day_and_what_they_wrote_themselves_can_be_taken_back(
    anong: Browser, boon: Browser, other_referral_id: UUID, today: str, database: Database
) -> None:
    await anong.post(f"/console/referrals/{other_referral_id}/claim")
    address = f"/console/referrals/{other_referral_id}/tracks"
    told: dict[str, Any] = {
        "track": "prosecution",
        "step": "complaint",
        "happened_on": today,
        "case_no": "ปจว. 7",
    }
    assert (await send(anong, address, **told)).status_code == 303
    page = (await anong.get(address)).text
    event = (await events(database, "prosecution"))[0]
    assert say("step.prosecution.complaint") in page
    assert "ปจว. 7" not in page
    assert f"{event.id}/correct" in page
    assert "ปจว. 7" in (await boon.get(address)).text


async def test_people_are_described_by_codes_alone(boon: Browser, case: UUID, database: Database) -> None:
    address = f"/console/referrals/{case}/tracks/people"
    assert say("people.lead") in (await boon.get(address)).text
    fields = {"age_band": "15-17", "sex": "female", "nationality": "mm", "forms": ["begging"]}
    assert (await send(boon, address, number=1, **fields)).status_code == 303
    assert (await send(boon, address, number=0, **fields | {"age_band": "18-24"})).status_code == 303
    assert (await send(boon, address, number=9, **fields)).status_code == 400
    assert (await send(boon, address, number=1, **fields | {"sex": "x"})).status_code == 400
    assert 'value="15-17" selected' in (await boon.get(address)).text
    async with database.unit_of_work() as session:
        people = list(await session.scalars(sa.select(CasePerson).order_by(CasePerson.number)))
    assert [(one.number, one.age_band) for one in people] == [(1, "15-17"), (2, "18-24")]


async def test_a_step_of_another_case_is_not_found(
    boon: Browser, case: UUID, other_referral_id: UUID, database: Database, today: str
) -> None:
    await boon.post(f"/console/referrals/{other_referral_id}/claim")
    await send(boon, f"/console/referrals/{case}/tracks", track="victim", step="possible", happened_on=today)
    event = (await events(database, "victim"))[0]
    for deed in ("correct", "settle"):
        answer = await send(
            boon, f"/console/referrals/{other_referral_id}/tracks/{event.id}/{deed}", text="x"
        )
        assert answer.status_code == 404
