"""Partner officers tell how a case goes on: by the form of a step, by files, and take their own steps back."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from app.console.portal_days import day_fields, join_day
from app.console.texts import say
from app.console.thai_time import day as say_day
from core.clock import bangkok, utc_now
from core.ids import new_id
from referrals.tracks.alarms import ring_due
from referrals.tracks.events import By, NewStep
from referrals.tracks.models import CaseEvent
from referrals.tracks.recording import record
from tests.app.conftest import Browser
from tests.app.console.portal_house import CASES, House, open_house
from tests.support.postgres import TestCluster

EXCHANGE = "/console/portal/exchange"
TODAY = bangkok(utc_now()).date()


@pytest.fixture(scope="module")
async def house(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("steps")
    async with open_house(cluster, folder) as opened:
        yield opened


@pytest.fixture
def pim(house: House) -> Browser:
    """An officer of the police."""
    return house.officers["police"]


@pytest.fixture
def krit(house: House) -> Browser:
    """An officer of the ministry."""
    return house.officers["msdhs"]


def _on(day: date = TODAY) -> dict[str, str]:
    """A day as officers type it."""
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year + 543)}


async def _tell(browser: Browser, page: str, track: str, step: str, **fields: str) -> httpx.Response:
    return await browser.post(f"{page}/steps", track=track, step=step, form_id=new_id(), **_on() | fields)


async def _events(house: House, request_id: UUID, track: str) -> list[CaseEvent]:
    referral_id = (await house.row(request_id)).referral_id
    async with house.database.unit_of_work() as session:
        found = await session.scalars(
            sa.select(CaseEvent)
            .where(CaseEvent.referral_id == referral_id, CaseEvent.track == track)
            .order_by(CaseEvent.id)
        )
        return list(found)


async def test_only_steps_that_may_follow_are_offered_and_each_asks_for_what_it_needs(
    house: House, pim: Browser
) -> None:
    request_id, page = await house.accepted()
    offered = (await pim.get(page)).text
    assert f"{page}/steps/new?track=prosecution&amp;step=complaint" in offered
    assert "step=indicted" not in offered
    assert "step=assessed" not in offered
    form = (await pim.get(f"{page}/steps/new?track=victim&step=protected")).text
    assert 'name="happened_at"' in form
    assert f'value="{TODAY.year + 543}"' in form
    assert 'name="amount"' not in form
    assert (await pim.get(f"{page}/steps/new?track=victim&step=assistance")).status_code == 404
    assert (await pim.get(f"{page}/steps/new?track=referral&step=accepted")).status_code == 404
    assert (await _tell(pim, page, "prosecution", "complaint")).status_code == 303
    assert "step=to_prosecutor" not in (await pim.get(page)).text
    assert (await _tell(pim, page, "prosecution", "inquiry")).status_code == 303
    assert "step=to_prosecutor" in (await pim.get(page)).text
    assert [event.step for event in await _events(house, request_id, "prosecution")] == [
        "complaint",
        "inquiry",
    ]


async def test_a_step_is_told_once_with_its_day_in_the_buddhist_era_and_its_words(
    house: House, pim: Browser
) -> None:
    request_id, page = await house.accepted()
    fields = {"track": "prosecution", "step": "complaint", "case_no": "ปจว. 12/2569", "note": "รับแจ้งที่โรงพัก"}
    form_id = new_id()
    for _ in range(2):
        assert (await pim.post(f"{page}/steps", form_id=form_id, **_on() | fields)).status_code == 303
    (event,) = await _events(house, request_id, "prosecution")
    assert (event.happened_on, event.source, event.agency_id) == (TODAY, "manual", house.agencies["police"])
    shown = (await pim.get(page)).text
    assert "ปจว. 12/2569" in shown
    assert "รับแจ้งที่โรงพัก" in shown
    assert say_day(TODAY) in shown
    assert ("portal_case.record_step", "ok", request_id) in await house.audit(pim)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"day": "31", "month": "2"}, "missing_field"),
        ({"year": "x"}, "missing_field"),
        ({"day": ""}, "missing_field"),
        ({"year": str(TODAY.year + 544)}, "date_future"),
        ({"happened_at": "25:00"}, "missing_field"),
        ({"happened_at": ""}, "missing_field"),
        ({"person": "7"}, "unknown_person"),
    ],
)
async def test_a_step_that_is_wrong_is_refused_with_all_that_was_typed(
    house: House, pim: Browser, fields: dict[str, str], problem: str
) -> None:
    request_id, page = await house.accepted()
    refused = await _tell(
        pim, page, "victim", "protected", **{"happened_at": "00:00", "note": "พิมพ์ไว้"} | fields
    )
    assert refused.status_code == 400
    assert say(f"problem.{problem}.what") in refused.text
    assert "พิมพ์ไว้" in refused.text
    assert await _events(house, request_id, "victim") == []


async def test_a_step_of_another_kind_of_agency_or_before_acceptance_is_refused(
    house: House, pim: Browser
) -> None:
    _, page = await house.accepted()
    assert (await _tell(pim, page, "prosecution", "judgment_1", outcome="convicted")).status_code == 404
    waiting = await house.send()
    early = await _tell(pim, f"{CASES}/{waiting}", "prosecution", "complaint")
    assert early.status_code == 409
    assert await _events(house, waiting, "prosecution") == []


async def test_money_is_typed_in_baht_kept_in_satang_and_shown_to_whom_it_may_be(
    house: House, pim: Browser, krit: Browser
) -> None:
    case = await house.case()
    request_id, page = await house.accepted("msdhs", case)
    _, polices = await house.accepted("police", case)
    done = await _tell(
        krit, page, "compensation", "assessed", amount="850,000.50", item="wages", note="ประเมินแล้ว"
    )
    assert done.status_code == 303
    (event,) = await _events(house, request_id, "compensation")
    assert event.amount == 85_000_050
    assert "850,000.50" in (await krit.get(page)).text
    # The police see that it was assessed and when; no amount, no words, not by whom.
    seen = (await pim.get(polices)).text
    assert say("step.compensation.assessed") in seen
    assert "850,000.50" not in seen
    assert "ประเมินแล้ว" not in seen
    assert say("portal_tracks.state_only") in seen
    for amount in ("850.000,50", "x", "1,00"):
        refused = await _tell(krit, page, "compensation", "assessed", amount=amount, item="medical")
        assert say("problem.amount_form.what") in refused.text


async def test_two_agencies_that_say_otherwise_are_both_shown(
    house: House, pim: Browser, krit: Browser
) -> None:
    case = await house.case()
    _, polices = await house.accepted("police", case)
    _, ministrys = await house.accepted("msdhs", case)
    await _tell(pim, polices, "victim", "protected", happened_at="00:00")
    offered = (await krit.get(ministrys)).text
    assert say("portal_tracks.told_before") in offered
    told = await _tell(
        krit, ministrys, "victim", "protected", happened_at="00:00", **_on(date(TODAY.year - 1, 1, 2))
    )
    assert told.status_code == 303
    for browser, page in ((pim, polices), (krit, ministrys)):
        shown = (await browser.get(page)).text
        assert shown.count(say("portal_tracks.disputed")) == 2


async def test_an_own_step_is_taken_back_with_a_reason_and_stays_to_be_seen(
    house: House, pim: Browser, krit: Browser
) -> None:
    case = await house.case()
    request_id, page = await house.accepted("police", case)
    _, ministrys = await house.accepted("msdhs", case)
    await _tell(pim, page, "prosecution", "complaint")
    (event,) = await _events(house, request_id, "prosecution")
    correction = f"{page}/steps/{event.id}/correct"
    assert correction in (await pim.get(page)).text
    assert say("step.prosecution.complaint") in (await pim.get(correction)).text
    assert (await pim.post(correction, text=" ")).status_code == 400
    # Nobody takes back what another told, also where both know of the step.
    assert (await krit.post(f"{ministrys}/steps/{event.id}/correct", text="x")).status_code == 404
    assert (await pim.post(correction, text="ผิดเรื่อง")).status_code == 303
    shown = (await pim.get(page)).text
    assert say("portal_tracks.undone") in shown
    assert correction not in shown
    assert (await pim.post(correction, text="อีกครั้ง")).status_code == 404
    assert len(await _events(house, request_id, "prosecution")) == 2


async def test_a_clock_that_ran_out_shows_whom_its_step_is_of(house: House, pim: Browser) -> None:
    case = await house.case()
    request_id, _ = await house.accepted("police", case)
    long_ago = date(TODAY.year - 1, 1, 2)
    hotline = By(maker="hotline", source="manual")
    await house.do(record, case, NewStep("inquiry", "prosecution", long_ago), hotline)
    async with house.database.unit_of_work() as session:
        await ring_due(session, utc_now())
    home = (await pim.get("/console/portal")).text
    assert say("step.compensation.told_of_right") in home
    assert f"{CASES}/{request_id}" in home
    # The court has the case too, but no step of its own that this clock waits for.
    await house.accepted("court", case)
    assert say("portal.alarms_none") in (await house.officers["court"].get("/console/portal")).text


def _file(case: UUID, *, steps: int = 1, year: int = TODAY.year) -> bytes:
    names = ("complaint", "inquiry", "to_prosecutor")
    lines = [f"n-{case.hex}-{n},{case},prosecution,{names[n]},{year}-01-01" for n in range(steps)]
    return "\r\n".join(["outside_id,case,track,step,happened_on", *lines, f"#end,{steps}", ""]).encode()


async def _check(browser: Browser, content: bytes, form: str = "csv") -> httpx.Response:
    return await browser.client.post(
        f"{EXCHANGE}/check", data={"csrf": browser.csrf, "form": form}, files={"file": ("steps.csv", content)},
        headers={"Origin": browser.origin},
    )  # fmt: skip


def _carried(page: str) -> str:
    return page.partition('name="content" value="')[2].partition('"')[0]


async def test_a_file_is_tried_out_first_then_taken_in_whole_and_only_once(
    house: House, pim: Browser
) -> None:
    request_id, _ = await house.accepted()
    checked = await _check(pim, _file(request_id, steps=2))
    assert checked.status_code == 200, checked.text
    assert say("portal_exchange.all_good", n="2") in checked.text
    assert await _events(house, request_id, "prosecution") == []
    carried = _carried(checked.text)
    for new, known in ((2, 0), (0, 2)):
        taken = await pim.post(f"{EXCHANGE}/apply", content=carried, form="csv")
        assert say("portal_exchange.applied", n=str(new)) in taken.text
        assert (say("portal_exchange.known", n="2") in taken.text) is bool(known)
    again = (await _check(pim, _file(request_id, steps=2))).text
    assert say("portal_exchange.all_known", n="2") in again
    assert f'action="{EXCHANGE}/apply"' not in again
    events = await _events(house, request_id, "prosecution")
    assert [(event.step, event.source) for event in events] == [
        ("complaint", "import"),
        ("inquiry", "import"),
    ]
    audit = [(action, outcome) for action, outcome, _ in await house.audit(pim)]
    assert ("portal.check_file", "ok") in audit
    assert ("portal.apply_file", "ok") in audit


async def test_a_wrong_line_is_told_in_a_clerks_words_and_nothing_of_the_file_is_taken(
    house: House, pim: Browser
) -> None:
    request_id, _ = await house.accepted()
    others = await house.send("msdhs")
    right, wrong = _file(request_id).splitlines()[1], _file(others).splitlines()[1]
    later = _file(request_id, year=TODAY.year + 543).splitlines()[1]
    content = b"\r\n".join([_file(request_id).splitlines()[0], right, wrong, later, b"#end,3"])
    checked = await _check(pim, content)
    assert say("portal_exchange.some_bad", bad=2) in checked.text
    assert say("portal_fault.unknown_case") in checked.text
    assert say("portal_fault.date_buddhist_era") in checked.text
    assert _carried(checked.text) == ""
    refused = await pim.post(f"{EXCHANGE}/apply", content=_base64(content), form="csv")
    assert refused.status_code == 400
    assert say("portal_fault.unknown_case") in refused.text
    assert await _events(house, request_id, "prosecution") == []
    half = await _check(pim, content[:-8])
    assert half.status_code == 400
    assert say("problem.file_cut.what") in half.text
    assert (await pim.post(f"{EXCHANGE}/apply", content="?", form="csv")).status_code == 400


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


async def test_the_export_says_where_own_cases_stand_and_what_their_kind_may_know(
    house: House, pim: Browser, krit: Browser
) -> None:
    own, page = await house.accepted()
    others = await house.send("msdhs")
    await _tell(pim, page, "victim", "possible")
    sheet = await pim.get(f"{EXCHANGE}/states.csv")
    assert sheet.headers["content-disposition"] == 'attachment; filename="rootan-police-1.csv"'
    line = next(line for line in sheet.text.splitlines() if line.startswith(str(own)))
    assert ",accepted," in line
    assert ",possible," in line
    assert str(others) not in sheet.text
    lines = (await krit.get(f"{EXCHANGE}/states.jsonl")).text.splitlines()
    assert any(str(others) in one for one in lines)
    assert json.loads(lines[-1])["end"] == len(lines) - 1
    assert (await pim.get(f"{EXCHANGE}/states.exe")).status_code == 404


async def test_the_empty_file_is_whole_and_the_page_names_the_codes_of_this_kind(
    house: House, pim: Browser
) -> None:
    checked = await _check(pim, (await pim.get(f"{EXCHANGE}/sample")).content)
    assert say("portal_exchange.empty_file") in checked.text
    assert "<code>complaint</code>" in checked.text
    assert "<code>assessed</code>" not in checked.text


def test_a_day_is_put_together_in_both_eras_and_in_both_kinds_of_figures() -> None:
    assert join_day({"day": "3", "month": "11", "year": "๒๕๖๙"}) == "2569-11-03"
    assert join_day({"day": "3", "month": "11", "year": "x"}) == "x-11-03"
    assert join_day({"day": "3", "month": "11"}) == ""
    assert day_fields(date(2026, 11, 3)) == {"day": "3", "month": "11", "year": "2569"}
