"""Recording: what the rules refuse leaves nothing, what comes twice is one, what differs is shown until staff decide."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.clock import utc_now
from core.db.database import Database
from core.errors import CryptoError
from referrals.models import Referral
from referrals.report_erasure import erase_report
from referrals.tracks.errors import StepError
from referrals.tracks.models import CaseEvent, CasePerson
from referrals.tracks.people import describe_person
from referrals.tracks.recording import By, NewStep
from tests.referrals.tracks.office import Office

TODAY = date(2026, 11, 23)
HOTLINE = By(maker="hotline", source="manual")
CITIZEN = By(maker="citizen", source="chat")


def step(name: str, on: date = TODAY, **more: object) -> NewStep:
    track, code = name.split(".")
    return NewStep(code, track, on, **more)  # type: ignore[arg-type]


async def refused(office: Office, new: NewStep, by: By = HOTLINE) -> str:
    with pytest.raises(StepError) as wrong:
        await office.tells(new, by)
    return wrong.value.code


async def test_a_case_goes_its_way_to_the_last_baht(office: Office) -> None:
    for name in ("complaint", "inquiry", "to_prosecutor", "indicted", "trial"):
        await office.tells(step(f"prosecution.{name}"))
    await office.tells(step("compensation.assessed", amount=85_000_000, item="wages"))
    await office.tells(step("compensation.claim_filed", amount=85_000_000))
    await office.tells(step("prosecution.judgment_1", outcome="convicted", people=2, months=120))
    order = await office.tells(
        step("compensation.ordered", amount=85_000_000, details={"debtors": ["1", "2"]})
    )
    paid = await office.tells(step("compensation.paid", amount=35_000_000, about_id=order))
    await office.tells(step("compensation.receipt_confirmed", about_id=paid), CITIZEN)
    standing = await office.standing()
    assert (standing.prosecution, standing.compensation, standing.victim) == ("judgment_1", "paid", None)
    assert (standing.ordered, standing.paid, standing.confirmed, standing.owed) == (
        85_000_000, 35_000_000, 35_000_000, 50_000_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (step("prosecution.sentenced"), "unknown_step"),
        (step("prosecution.indicted"), "out_of_order"),
        (step("prosecution.complaint", TODAY + timedelta(days=1)), "date_future"),
        (step("prosecution.complaint", date(2569, 11, 23)), "date_buddhist_era"),
        (step("prosecution.complaint", date(1999, 1, 1)), "date_before_report"),
        (step("report.claimed", TODAY - timedelta(days=1)), "date_before_report"),
        (step("compensation.assessed", item="wages"), "amount_missing"),
        (step("compensation.assessed", item="wages", amount=-1), "amount_negative"),
        (step("compensation.assessed", amount=100), "missing_field"),
        (step("compensation.assessed", item="gold", amount=100), "unknown_value"),
        (step("compensation.wish_stated", outcome="perhaps"), "unknown_value"),
        (step("compensation.told_of_right", amount=5), "field_not_allowed"),
        (step("compensation.told_of_right", details={"colour": "red"}), "field_not_allowed"),
        (step("compensation.paid", amount=100), "out_of_order"),
        (step("victim.protected", happened_at=datetime(2026, 11, 23, 9, tzinfo=UTC)), "date_future"),
        (step("victim.protected", happened_at=datetime(2026, 11, 23, 9)), "unknown_value"),  # noqa: DTZ001
        (step("victim.protected", happened_at=datetime(2026, 11, 21, 3, tzinfo=UTC)), "unknown_value"),
        (step("victim.protected", happened_at=datetime.min.replace(tzinfo=UTC)), "date_before_report"),
        (step("victim.protected", happened_at=datetime.max.replace(tzinfo=UTC)), "date_buddhist_era"),
        (step("victim.possible", person=2), "unknown_person"),
        (step("victim.possible", person=10**9), "unknown_person"),
        (step("victim.possible", person=-1), "unknown_person"),
        (step("compensation.assessed", item="wages", amount=10**30), "amount_over"),
        (step("compensation.told_of_right", outside_id="x" * 201), "unknown_value"),
        (step("prosecution.inquiry", about_id=UUID(int=5)), "field_not_allowed"),
        (step("compensation.receipt_confirmed", about_id=UUID(int=5)), "unknown_event"),
        (step("victim.protected"), "missing_field"),
        (step("referral.accepted"), "wrong_maker"),
    ],
)
async def test_what_the_rules_refuse_says_why_and_leaves_nothing(
    office: Office, new: NewStep, code: str
) -> None:
    assert await refused(office, new) == code
    assert await office.events() == []


async def test_only_its_makers_make_a_step_and_only_by_a_request_that_they_took(office: Office) -> None:
    police = await office.agency("police")
    other = await office.agency("police", state="sent")
    assert await refused(office, step("compensation.ordered", amount=5), police) == "wrong_maker"
    assert await refused(office, step("prosecution.complaint"), other) == "wrong_maker"
    strange = replace(police, agency_referral_id=other.agency_referral_id)
    assert await refused(office, step("prosecution.complaint"), strange) == "unknown_case"
    assert (
        await refused(office, step("prosecution.complaint"), replace(police, maker="court")) == "wrong_maker"
    )
    await office.tells(step("prosecution.complaint"), police)


async def test_the_same_under_its_makers_own_name_is_one_event_and_other_content_is_refused(
    office: Office,
) -> None:
    police = await office.agency("police")
    odd = "12/2569 \ud800"
    new = step("prosecution.complaint", details={"case_no": odd}, note=f"ok {odd}\0", outside_id=f"A-{odd}")
    first = await office.tells(new, police)
    assert await office.tells(new, police) == first
    assert await refused(office, replace(new, note="changed"), police) == "other_content"
    # Another's own name is another name.
    await office.tells(new)
    assert [event.stands for event in await office.events()] == [True, False]


async def test_agencies_that_differ_are_both_shown_until_staff_decide(office: Office) -> None:
    police, prosecutor = await office.agency("police"), await office.agency("prosecutor")
    for name in ("complaint", "inquiry", "to_prosecutor"):
        await office.tells(step(f"prosecution.{name}"), police)
    first = await office.tells(step("prosecution.indicted"), prosecutor)
    assert await refused(office, step("prosecution.non_indict"), prosecutor) == "out_of_order"
    rival = await office.tells(step("prosecution.non_indict"), police)
    standing = await office.standing()
    assert (standing.prosecution, standing.disputes) == ("indicted", 1)
    with pytest.raises(StepError, match="decides"):
        await office.settles(rival, prosecutor)
    word = await office.settles(rival)
    assert await office.settles(rival) == word
    standing = await office.standing()
    assert (standing.prosecution, standing.disputes) == ("non_indict", 0)
    await office.settles(first)
    assert (await office.standing()).prosecution == "indicted"
    told = {event.id: event for event in await office.events()}
    assert [told[one].stands for one in (first, rival)] == [True, False]
    assert [told[one].is_disputed for one in (first, rival)] == [False, True]


async def test_what_another_told_the_same_counts_once(office: Office) -> None:
    police, msdhs = await office.agency("police"), await office.agency("msdhs")
    when = {"happened_at": utc_now()}
    await office.tells(step("victim.protected", **when), police)
    again = await office.tells(step("victim.protected", **when), msdhs)
    assert [event.stands for event in await office.events()] == [True, False]
    (first, _) = await office.events()
    await office.takes_back(first.id, police)
    # What the other told stands for itself.
    assert [event.id for event in await office.events() if event.stands] == [again]


async def test_a_correction_takes_back_what_nothing_rests_on_and_the_first_stays_readable(
    office: Office,
) -> None:
    await office.tells(step("compensation.claim_filed", amount=100))
    wrong = await office.tells(step("compensation.ordered", amount=900))
    paid = await office.tells(step("compensation.paid", amount=900))
    assert await office.refuses_to_take_back(wrong) == "out_of_order"
    await office.takes_back(paid)
    assert await office.refuses_to_take_back(paid) == "already_reversed"
    reversal = await office.takes_back(wrong)
    assert await office.refuses_to_take_back(reversal) == "already_reversed"
    await office.tells(step("compensation.ordered", amount=90))
    standing = await office.standing()
    assert (standing.ordered, standing.paid, standing.owed) == (90, 0, 90)
    events = {event.id: event for event in await office.events()}
    assert (events[wrong].amount, events[reversal].note) == (900, "typed wrongly")
    assert [event.amount for event in events.values() if event.stands] == [100, 90]


async def test_only_who_told_it_or_the_hotline_takes_it_back(office: Office) -> None:
    police, prosecutor = await office.agency("police"), await office.agency("prosecutor")
    event_id = await office.tells(step("prosecution.complaint"), police)
    assert await office.refuses_to_take_back(event_id, prosecutor) == "wrong_maker"
    await office.takes_back(event_id, police)
    assert (await office.standing()).prosecution is None


async def test_an_ended_track_takes_nothing_until_its_end_is_taken_back(office: Office) -> None:
    await office.tells(step("compensation.told_of_right"))
    end = await office.tells(step("compensation.closed", outcome="not_wanted"))
    assert await refused(office, step("compensation.wish_stated", outcome="yes")) == "track_closed"
    await office.takes_back(end)
    await office.tells(step("compensation.wish_stated", outcome="yes"), CITIZEN)


async def test_the_books_refuse_more_than_is_owed(office: Office) -> None:
    await office.tells(step("compensation.claim_filed", amount=100))
    await office.tells(step("compensation.ordered", amount=100))
    assert await refused(office, step("compensation.paid", amount=101)) == "amount_over"
    assert await refused(office, step("compensation.paid", amount=5, fund="fund")) == "out_of_order"
    assert (await office.standing()).paid == 0


async def test_an_open_prosecution_keeps_the_report_and_its_end_lets_go(
    office: Office, database: Database, boon: UUID
) -> None:
    complaint = await office.tells(step("prosecution.complaint"))
    referral = await office.referral()
    assert (referral.is_held, referral.kept_for, referral.kept_by) == (True, "prosecution", None)
    await office.tells(step("compensation.claim_filed", amount=100))
    assert (await office.referral()).kept_for == "prosecution"
    await office.takes_back(complaint)
    assert (await office.referral()).kept_for == "compensation"
    await office.tells(step("compensation.closed", outcome="settled"))
    referral = await office.referral()
    assert (referral.is_held, referral.kept_for) == (False, "released")


async def test_erasing_leaves_steps_and_sums_and_no_words(office: Office, database: Database) -> None:
    await office.tells(step("compensation.told_of_right", note="สมชาย", details={"who": "ร.ต.อ."}))
    async with database.unit_of_work() as session:
        await erase_report(session, await session.get_one(Referral, office.referral_id))
    (event,) = await office.events()
    assert (event.step, event.note, event.details) == ("told_of_right", None, None)
    assert await refused(office, step("compensation.wish_stated", outcome="no")) == "unknown_case"


async def test_words_of_a_step_open_in_its_own_row_and_nowhere_else_and_names_are_flagged(
    office: Office, database: Database
) -> None:
    plain = await office.tells(
        step("compensation.told_of_right", note="ทางโทรศัพท์", details={"language": "my"})
    )
    named = await office.tells(step("compensation.told_of_right", note="โทร 081-234-5678"))
    events = {event.id: event for event in await office.events()}
    assert [events[one].names_somebody for one in (plain, named)] == [False, True]
    assert events[plain].details == {"language": "my"}
    async with database.unit_of_work() as session:
        first, second = [await session.get_one(CaseEvent, one) for one in (plain, named)]
        second.note = first.note
    with pytest.raises(CryptoError):
        await office.events()


async def test_of_two_who_tell_the_same_step_at_once_one_is_the_first(office: Office) -> None:
    both = [step("prosecution.complaint", details={"case_no": number}) for number in ("1", "2")]
    ended = await asyncio.gather(*(office.tells(new) for new in both), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["StepError", "UUID"]


async def test_people_are_numbered_one_after_the_other_by_codes_alone(
    office: Office, database: Database
) -> None:
    async with database.unit_of_work() as session:
        second = await describe_person(session, office.referral_id, None, age_band="15-17", sex="female",
                                       nationality="mm", forms=["begging"], now=utc_now())  # fmt: skip
        with pytest.raises(StepError, match="age_band"):
            await describe_person(session, office.referral_id, 1, age_band="minor", now=utc_now())
    assert second == 2
    await office.tells(step("victim.possible", person=2))
    await office.tells(step("victim.possible"))
    async with database.unit_of_work() as session:
        numbers = await session.scalars(sa.select(CasePerson.number).order_by(CasePerson.number))
        assert numbers.all() == [1, 2]
