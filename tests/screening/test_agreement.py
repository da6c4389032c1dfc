"""Agreement beyond chance, against worked examples; of each person only the first, blind rating counts."""

from datetime import timedelta

import pytest

from core.clock import utc_now
from core.db.database import driver_connection
from nlp.findings import Band
from screening.labels.agreement import Agreement, Agreements, agree, read_agreement
from screening.labels.rating import label_screening
from tests.screening.conftest import OFFER, Ground


def pairs_of(table: list[list[int]]) -> list[tuple[str, str]]:
    return [
        (str(one), str(other))
        for one, row in enumerate(table)
        for other, count in enumerate(row)
        for _ in range(count)
    ]


def test_it_gives_the_figures_of_the_textbook() -> None:
    """Fleiss, Statistical Methods for Rates and Proportions, table of two raters and 100 subjects: kappa 0.68, error 0.087."""
    found = agree(pairs_of([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert (found.n, found.observed) == (100, pytest.approx(0.89))
    assert found.kappa == pytest.approx(0.676, abs=0.001)
    assert found.low == pytest.approx(0.676 - 1.96 * 0.088, abs=0.002)
    assert found.high == pytest.approx(0.676 + 1.96 * 0.088, abs=0.002)


def test_agreement_by_chance_alone_is_none() -> None:
    found = agree(pairs_of([[25, 25], [25, 25]]))
    assert found.kappa == pytest.approx(0)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high


def test_who_always_agrees_has_one_and_who_never_does_is_below_chance() -> None:
    assert agree(pairs_of([[10, 0], [0, 10]])) == Agreement(20, 1.0, 1.0, 1.0, 1.0)
    below = agree(pairs_of([[0, 10], [10, 0]]))
    assert (below.kappa, below.low) == (pytest.approx(-1), -1.0)


def test_too_few_pairs_and_a_single_answer_say_nothing_of_chance() -> None:
    assert agree([]) == Agreement(0)
    assert agree([("danger", "danger"), ("danger", "caution")]) == Agreement(2, 0.5)
    assert agree([("danger", "danger")] * 50) == Agreement(50, 1.0)


async def read(ground: Ground) -> Agreements:
    async with ground.database.unit_of_work() as session:
        return await read_agreement(await driver_connection(session), utc_now() - timedelta(days=1))


async def test_the_first_ratings_of_the_first_two_people_are_compared(ground: Ground) -> None:
    raters = [await ground.member("hotline_officer") for _ in range(3)]
    offers = [(await ground.send(f"{OFFER} {n}", await ground.person()))[0] for n in range(2)]

    async def rate(offer: int, rater: int, band: Band, kind: str = "") -> None:
        async with ground.database.unit_of_work() as session:
            await label_screening(session, offers[offer], band=band, kind=kind, by=raters[rater])

    await rate(0, 0, "danger", "chat_admin")
    assert (await read(ground)).band.n == 0
    await rate(0, 1, "caution", "chat_admin")
    # Once the other's rating is seen, a change of mind is no blind rating any more.
    await rate(0, 1, "danger", "chat_admin")
    await rate(0, 2, "unclear")
    await rate(1, 2, "danger")
    await rate(1, 0, "danger", "gambling")
    found = await read(ground)
    assert (found.band.n, found.band.observed) == (2, 0.5)
    assert (found.kind.n, found.kind.observed) == (1, 1.0)
    assert found.confused == (("caution", "danger", 1),)
