from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.db.database import Database
from core.ids import new_id
from referrals.agencies.models import Agency
from referrals.models import Referral
from referrals.tracks.models import CaseEvent, CasePerson
from referrals.yearly.asked import Asked, YearError, ask, end_of
from referrals.yearly.counted import Counted, mark_of
from referrals.yearly.reading import read_counted
from tests.conftest import MovableClock
from tests.referrals.yearly.conftest import RECORDED, MakeCase, Tell

BANGKOK, CHIANG_MAI = "province:TH-10", "province:TH-50"
LATE = datetime(2026, 6, 1, tzinfo=UTC)


async def counted_of(database: Database, as_of: datetime = LATE, year: int = 2025) -> Counted:
    async with database.unit_of_work() as session:
        return await read_counted(session, Asked(year, as_of))


def counts(counted: Counted, measure: str, year: int = 2025) -> dict[tuple[str, str], int]:
    return {cell: one.n for cell, one in counted.of(measure, year).items()}


def baht(counted: Counted, measure: str, year: int = 2025) -> dict[tuple[str, str], float]:
    return {cell: one.satang / 100 for cell, one in counted.of(measure, year).items()}


async def make_agency(database: Database, code: str) -> UUID:
    agency_id = new_id()
    async with database.unit_of_work() as session:
        session.add(
            Agency(
                id=agency_id, code=code, kind="prosecutor", name_th=code, name_en=code, template="prosecutor", basis="-",
                created_at=RECORDED, changed_at=RECORDED,
            )
        )  # fmt: skip
    return agency_id


async def test_it_counts_cases_people_courts_and_money_by_year_and_place(
    database: Database, make_case: MakeCase, tell: Tell
) -> None:
    girl = {"age_band": "15-17", "sex": "female", "nationality": "la", "forms": ["begging", "forced_labour"]}
    man = {"age_band": "25-34", "sex": "male", "nationality": "np", "forms": []}
    case, other = await make_case("a", BANGKOK, girl, man), await make_case("b", "country:KH")
    await tell(case, "victim.possible", "2024-12-30", person=1)
    await tell(case, "victim.identified", "2025-01-09", person=1, outcome="s6")
    await tell(case, "victim.identified", "2025-02-01", person=2, outcome="s6_1")
    await tell(other, "victim.identified", "2025-03-01", person=1, outcome="s6")
    await tell(case, "prosecution.indicted", "2025-04-01", people=3)
    await tell(case, "prosecution.judgment_1", "2025-10-01", outcome="convicted", people=2, months=96)
    await tell(case, "compensation.claim_filed", "2025-04-01", amount=90_000_000, fund="court")
    await tell(case, "compensation.ordered", "2025-10-01", amount=85_000_000, fund="court")
    await tell(case, "compensation.paid", "2026-01-05", amount=10_000_050, fund="court")
    found = await counted_of(database)
    assert counts(found, "cases", 2024) == {("all", BANGKOK): 1}
    assert counts(found, "cases") == {("all", "abroad"): 1}
    assert counts(found, "age") == {("15-17", BANGKOK): 1, ("25-34", BANGKOK): 1, ("unknown", "abroad"): 1}
    assert counts(found, "nationality") == {
        ("la", BANGKOK): 1,
        ("other", BANGKOK): 1,
        ("unknown", "abroad"): 1,
    }
    assert counts(found, "form") == {
        ("begging", BANGKOK): 1, ("forced_labour", BANGKOK): 1, ("unknown", BANGKOK): 1, ("unknown", "abroad"): 1,
    }  # fmt: skip
    assert counts(found, "indicted") == {("all", BANGKOK): 1}
    assert counts(found, "accused") == {("all", BANGKOK): 3}
    assert counts(found, "judgment_1") == {("convicted", BANGKOK): 1}
    assert counts(found, "sentence") == {("from_5", BANGKOK): 2}
    assert baht(found, "ordered") == {("all", BANGKOK): 850_000, ("court", BANGKOK): 850_000}
    assert baht(found, "paid") == {}
    assert baht(await counted_of(database, year=2026), "paid", 2026)["all", BANGKOK] == 100_000.5
    spans = {(one.pair, one.place): (one.n, one.days) for one in found.spans if one.year == 2025}
    assert spans["possible_identified", ""] == (1, 10.0)
    assert spans["indicted_judgment", BANGKOK] == (1, 183.0)


async def test_what_was_taken_back_does_not_count_from_then_on(
    database: Database, make_case: MakeCase, tell: Tell
) -> None:
    case = await make_case("a")
    wrong = await tell(case, "prosecution.indicted", "2025-04-01", people=9)
    back = datetime(2026, 4, 1, tzinfo=UTC)
    await tell(case, "prosecution.indicted", "2025-04-01", reverses_id=wrong, recorded_at=back)
    await tell(case, "prosecution.indicted", "2025-05-01", people=2, recorded_at=back)
    before = await counted_of(database, datetime(2026, 3, 31, tzinfo=UTC))
    assert counts(before, "accused") == {("all", BANGKOK): 9}
    assert counts(await counted_of(database), "accused") == {("all", BANGKOK): 2}


async def test_what_was_recorded_later_does_not_count(
    database: Database, make_case: MakeCase, tell: Tell
) -> None:
    case = await make_case("a")
    await tell(case, "victim.identified", "2025-05-01", person=1, recorded_at=LATE)
    second_later = datetime(2026, 6, 1, 0, 0, 1, tzinfo=UTC)
    await tell(case, "victim.identified", "2025-05-01", person=2, recorded_at=second_later)
    assert counts(await counted_of(database), "age") == {("unknown", BANGKOK): 1}


async def test_the_same_moment_gives_the_same_figures_whatever_becomes_of_the_case(
    database: Database, make_case: MakeCase, tell: Tell
) -> None:
    case = await make_case("a", CHIANG_MAI, {"age_band": "0-14"})
    await tell(case, "victim.identified", "2025-05-01", person=1)
    first = await counted_of(database)
    async with database.unit_of_work() as session:
        await session.execute(sa.update(CasePerson).values(age_band="60+"))
        await session.execute(sa.update(Referral).values(place=None))
        await session.execute(sa.delete(CaseEvent))
    again = await counted_of(database)
    assert counts(first, "age") == {("0-14", CHIANG_MAI): 1}
    assert (again, mark_of(again)) == (first, mark_of(first))
    assert mark_of(await counted_of(database, datetime(2026, 6, 2, tzinfo=UTC))) != mark_of(first)


async def test_one_of_two_tellings_counts_and_the_one_that_staff_decided_for(
    database: Database, make_case: MakeCase, tell: Tell
) -> None:
    case, court, oag = (
        await make_case("a"),
        await make_agency(database, "court"),
        await make_agency(database, "oag"),
    )
    first = await tell(case, "prosecution.judgment_1", "2025-05-01", outcome="acquitted", agency_id=oag)
    await tell(
        case, "prosecution.judgment_1", "2025-05-01", outcome="acquitted", agency_id=court, same_as_id=first
    )
    side = await tell(
        case, "prosecution.judgment_1", "2025-05-01", outcome="convicted", agency_id=court, is_disputed=True
    )
    settled = datetime(2026, 4, 1, tzinfo=UTC)
    await tell(
        case,
        "prosecution.judgment_1",
        "2025-05-01",
        outcome="convicted",
        same_as_id=side,
        recorded_at=settled,
    )
    before = await counted_of(database, datetime(2026, 3, 31, tzinfo=UTC))
    assert counts(before, "judgment_1") == {("acquitted", BANGKOK): 1}
    assert counts(await counted_of(database), "judgment_1") == {("convicted", BANGKOK): 1}


async def test_a_changed_order_and_a_denied_payment_do_not_count(
    database: Database, make_case: MakeCase, tell: Tell
) -> None:
    case = await make_case("a")
    order = await tell(case, "compensation.ordered", "2025-02-01", amount=500_00, fund="court")
    await tell(case, "compensation.ordered", "2025-09-01", amount=300_00, fund="court", about_id=order)
    await tell(case, "compensation.side_ordered", "2025-09-01", amount=70_00, fund="fund")
    came, never = [
        await tell(case, "compensation.paid", "2025-10-01", amount=n, fund="court") for n in (100_00, 40_00)
    ]
    await tell(case, "compensation.receipt_denied", "2025-10-02", about_id=came)
    await tell(case, "compensation.receipt_confirmed", "2025-10-03", about_id=came)
    await tell(case, "compensation.receipt_denied", "2025-10-02", about_id=never)
    await tell(case, "compensation.paid", "2025-11-01", amount=5_00, fund="fund")
    found = await counted_of(database)
    assert baht(found, "ordered") == {("all", BANGKOK): 370, ("court", BANGKOK): 300, ("fund", BANGKOK): 70}
    assert baht(found, "paid") == {("all", BANGKOK): 105, ("court", BANGKOK): 100, ("fund", BANGKOK): 5}
    assert baht(found, "confirmed") == {("all", BANGKOK): 100, ("court", BANGKOK): 100}
    assert counts(found, "paid")["all", BANGKOK] == 1


async def test_sums_by_place_are_the_sums_of_cases(
    database: Database, make_case: MakeCase, tell: Tell
) -> None:
    for number, place in enumerate((BANGKOK, BANGKOK, CHIANG_MAI, "sea")):
        case = await make_case(f"case {number}", place)
        await tell(case, "compensation.ordered", "2025-02-01", amount=100_00 * (number + 1), fund="court")
    found = await counted_of(database)
    assert baht(found, "ordered") == {
        ("all", BANGKOK): 300, ("court", BANGKOK): 300, ("all", CHIANG_MAI): 300, ("court", CHIANG_MAI): 300,
        ("all", "unsaid"): 400, ("court", "unsaid"): 400,
    }  # fmt: skip


def test_a_year_or_moment_to_come_is_refused(standing_clock: MovableClock) -> None:
    now = standing_clock()
    assert ask(2026, end_of(datetime(2026, 11, 22, tzinfo=UTC).date()), now=now).as_of < now
    for year, as_of in ((2027, LATE), (1999, LATE), (2025, now), (2569, LATE)):
        with pytest.raises(YearError):
            ask(year, as_of, now=now)
