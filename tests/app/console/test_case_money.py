"""Compensation of a case, and the list of what was ordered and not paid."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console import owed
from app.console.case_money_words import AmountError, read_baht, say_baht
from app.console.texts import load_texts, say
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.compensation.sources import FUNDS, ITEMS
from referrals.models import Referral
from referrals.tracks.alarms import ring_due
from referrals.tracks.clocks import clocks
from referrals.tracks.models import CaseEvent, TrackAlarm
from referrals.tracks.people import person_codes
from referrals.tracks.steps import details, steps
from tests.app.conftest import Browser
from tests.app.console.offices import send
from tests.support.casework import Casework

DAY = timedelta(days=1)


def test_baht_is_read_and_said_to_the_satang() -> None:
    assert [say_baht(n) for n in (0, 5, 85_000_000, 123_456_789_01)] == [
        "0.00",
        "0.05",
        "850,000.00",
        "123,456,789.01",
    ]
    assert [read_baht(t) for t in ("", "850,000", " 0.5", "๑๒.๐๕", "-1")] == [
        None,
        85_000_000,
        50,
        12_05,
        -100,
    ]
    for wrong in ("1,00", "1.234", "1e3", "บาท", "9" * 20):
        with pytest.raises(AmountError):
            read_baht(wrong)


@pytest.fixture
async def work(boon: Browser, referral_id: UUID, database: Database, keys: DataKeys) -> Casework:
    await boon.post(f"/console/referrals/{referral_id}/claim")
    return Casework(database, keys, referral_id, boon.account_id)


async def test_a_supervisor_reads_every_sum_and_an_officer_none(
    anong: Browser, boon: Browser, work: Casework, other_referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    assert say("money.empty_next") in (await boon.get(f"/console/referrals/{work.referral_id}/money")).text
    await anong.post(f"/console/referrals/{other_referral_id}/claim")
    theirs = Casework(database, keys, other_referral_id, anong.account_id)
    day = bangkok(utc_now()).date()
    for one in (work, theirs):
        await one.order(85_000_000, day)
        paid = await one.pay(20_000_000, day)
        await one.step("compensation", "receipt_confirmed", day, about_id=paid)
    page = (await boon.get(f"/console/referrals/{work.referral_id}/money")).text
    for sum_ in ("850,000.00", "200,000.00", "650,000.00"):
        assert sum_ in page
    assert say("money.payment_confirmed") in page
    assert say("fund.court") in page
    veiled = (await anong.get(f"/console/referrals/{other_referral_id}/money")).text
    assert say("money.veiled") in veiled
    assert say("step.compensation.paid") in veiled
    # What the person said can't be said for them any more.
    assert "/receipt" not in veiled
    tracks = (await anong.get(f"/console/referrals/{other_referral_id}/tracks")).text
    form = (
        await anong.get(f"/console/referrals/{other_referral_id}/tracks/new?track=compensation&step=paid")
    ).text
    sides = (await anong.get(f"/console/referrals/{other_referral_id}/sides")).text
    for shown in (veiled, tracks, form, sides):
        assert not any(sum_ in shown for sum_ in ("850,000", "200,000", "650,000"))


async def test_what_is_owed_is_listed_oldest_or_largest_first_a_page_at_a_time(
    anong: Browser,
    boon: Browser,
    malee: Browser,
    work: Casework,
    other_referral_id: UUID,
    database: Database,
    keys: DataKeys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert say("owed.empty_next") in (await boon.get("/console/owed")).text
    await anong.post(f"/console/referrals/{other_referral_id}/claim")
    theirs = Casework(database, keys, other_referral_id, anong.account_id)
    today = bangkok(utc_now()).date()
    await work.order(10_000_000, today - 30 * DAY)
    await theirs.order(90_000_000, today - DAY)
    page = (await boon.get("/console/owed")).text
    assert page.index("100,000.00") < page.index("900,000.00")
    page = (await boon.get("/console/owed?order=largest")).text
    assert page.index("900,000.00") < page.index("100,000.00")
    monkeypatch.setattr(owed, "PAGE", 1)
    first = (await boon.get("/console/owed?order=largest")).text
    assert "100,000.00" not in first
    onward = first.partition("after=")[2].partition('"')[0]
    second = (await boon.get(f"/console/owed?order=largest&after={onward}")).text
    assert "100,000.00" in second
    assert say("owed.first") in second
    assert (await boon.get("/console/owed?after=x")).status_code == 400
    for browser in (anong, malee):
        assert (await browser.get("/console/owed")).status_code == 403


async def test_what_is_owed_is_shown_by_province_with_its_sum(
    anong: Browser, boon: Browser, work: Casework, other_referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    theirs = Casework(database, keys, other_referral_id, boon.account_id)
    today = bangkok(utc_now()).date()
    await work.order(10_000_000, today)
    await theirs.order(90_000_000, today)
    async with database.unit_of_work() as session:
        for referral_id, place in (
            (work.referral_id, "province:TH-57"),
            (other_referral_id, "province:TH-27"),
        ):
            (await session.get_one(Referral, referral_id)).place = place
    assert "/console/owed/sums?order=oldest" in (await boon.get("/console/owed")).text
    # A place that is none is everywhere.
    for asked in ("", "?province=moon"):
        sums = (await boon.get(f"/console/owed/sums{asked}")).text
        assert (
            say(
                "owed.sums",
                where=say("owed.everywhere"),
                owed="1,000,000.00",
                unpaid=2,
                ordered="1,000,000.00",
            )
            in sums
        )
        assert sums.index("900,000.00") < sums.index("100,000.00")
    one = (await boon.get("/console/owed?province=province:TH-27&order=largest")).text
    assert "900,000.00" in one
    assert f"/{work.referral_id}/" not in one
    assert "order=oldest&amp;province=province%3ATH-27" in one
    assert "900,000.00" in (await boon.get("/console/owed/sums?province=province:TH-27")).text
    assert (await anong.get("/console/owed/sums")).status_code == 403


async def test_who_can_not_say_it_in_the_chat_tells_staff_whether_the_money_came(
    anong: Browser, other_referral_id: UUID, database: Database, keys: DataKeys
) -> None:
    await anong.post(f"/console/referrals/{other_referral_id}/claim")
    theirs = Casework(database, keys, other_referral_id, anong.account_id)
    await theirs.order(85_000_000)
    paid = await theirs.pay(20_000_000)
    page = f"/console/referrals/{other_referral_id}/money"
    address = f"/console/referrals/{other_referral_id}/tracks/{paid}/receipt"
    assert address in (await anong.get(page)).text
    for said, left in (("denied", True), ("confirmed", False)):
        assert (await send(anong, address, said=said)).status_code == 303
        assert (address in (await anong.get(page)).text) == left
    async with database.unit_of_work() as session:
        told = await session.execute(
            sa.select(CaseEvent.step, CaseEvent.amount, CaseEvent.source, CaseEvent.account_id)
            .where(CaseEvent.about_id == paid)
            .order_by(CaseEvent.id)
        )
        assert [tuple(row) for row in told] == [
            (f"receipt_{said}", 20_000_000, "manual", anong.account_id) for said in ("denied", "confirmed")
        ]
        order = await session.scalar(sa.select(CaseEvent.id).where(CaseEvent.step == "ordered"))
    wrong = await send(
        anong, f"/console/referrals/{other_referral_id}/tracks/{order}/receipt", said="confirmed"
    )
    assert wrong.status_code == 400


async def test_clocks_that_ran_out_are_listed_for_who_holds_the_case_and_who_oversees(
    anong: Browser, boon: Browser, work: Casework, malee: Browser, database: Database
) -> None:
    for browser in (anong, boon):
        assert say("track_clock.empty_next") in (await browser.get("/console/clocks")).text
    two_days_ago = utc_now() - 2 * DAY
    begun = await work.step(
        "victim", "protected", bangkok(two_days_ago).date(), happened_at=two_days_ago, person=1
    )
    page = (await boon.get("/console/clocks")).text
    assert say("track_clock.of.s29_protection") in page
    assert f"/console/referrals/{work.referral_id}/tracks" in page
    assert say("track_clock.of.s29_protection") not in (await anong.get("/console/clocks")).text
    # It stays there once it has rung, beside the one that follows, until its step is made or staff put it aside.
    async with database.unit_of_work() as session:
        await ring_due(session, utc_now())
        alarm_id = await session.scalar(sa.select(TrackAlarm.id))
    rung = (await boon.get("/console/clocks")).text
    assert say("track_clock.of.s29_protection") in rung
    news = f"/console/clocks/news?seen={rung.partition('news?seen=')[2].partition('&')[0]}"
    assert "hx-refresh" not in (await boon.get(news)).headers
    tracks = f"/console/referrals/{work.referral_id}/tracks"
    aside = f"{tracks}/{begun}/aside"
    page = (await boon.get(tracks)).text
    assert aside in page
    look = f"{tracks}/news?seen={page.partition('news?seen=')[2].partition(chr(34))[0]}"
    assert "hx-refresh" not in (await boon.get(look)).headers
    assert (await send(boon, aside, alarm=alarm_id, text=" ")).status_code == 400
    assert (await send(boon, aside, alarm=alarm_id, text="ย้ายไปบ้านพักแล้ว")).status_code == 303
    assert (await boon.get(look)).headers["hx-refresh"] == "true"
    assert (await boon.get(news)).headers["hx-refresh"] == "true"
    assert say("track_clock.of.s29_protection") not in (await boon.get("/console/clocks")).text
    after = (await boon.get(tracks)).text
    assert say("track_clock.is_aside") in after
    assert aside not in after
    assert "ย้ายไปบ้านพักแล้ว" in (await boon.get(f"/console/referrals/{work.referral_id}")).text
    assert (await malee.get("/console/clocks")).status_code == 403


def test_every_code_of_tracks_and_money_has_its_words() -> None:
    texts = set(load_texts())
    wanted = {f"step.{track}.{code}" for track, code in steps()} | {f"fund.{fund}" for fund in FUNDS}
    wanted |= {f"item.{item}" for item in ITEMS} | {f"detail.{name}" for name in details()}
    wanted |= {f"track_clock.of.{code}" for code in clocks()}
    for (track, _), step in steps().items():
        wanted |= {f"{'outcome' if track == 'report' else 'step_outcome'}.{code}" for code in step.outcomes}
    codes = person_codes()
    wanted |= {f"person.age_band_{code}" for code in codes.age_bands} | {
        f"person.sex_{code}" for code in codes.sexes
    }
    wanted |= {f"person.form_{code}" for code in codes.forms}
    assert wanted <= texts
