"""Every page of the console, found by its route, and every answer to a form, in a real browser.

Nothing bars the way, runs over, or leaves one helpless.
"""

import asyncio

import pytest
from playwright.async_api import Browser

from core.languages import WHOLE, Language
from tests.e2e.console_pages.answers import answers
from tests.e2e.console_pages.looking import AXE, BRIEF, LONG, Found, Look, examine, open_eyes
from tests.e2e.console_pages.sowing import sow
from tests.e2e.console_pages.staging import Stage, open_stage
from tests.e2e.console_pages.visits import Visit, first_day, visits
from tests.support.postgres import TestCluster

pytestmark = [
    pytest.mark.browser,
    # Some hundred pages stand behind one fixture, on a machine that may be busy.
    pytest.mark.timeout(600),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is missing: run `make setup`"),
]
Looks = dict[Visit, Found]


async def _look(browser: Browser, stage: Stage, wanted: list[Visit], how: tuple[Look, ...] = BRIEF) -> Looks:
    """Look at every page, two at a time."""

    async def look(some: list[Visit]) -> Looks:
        async with open_eyes(browser, stage, [AXE]) as eyes:
            return {v: await examine(page, v, how) for v in some if (page := await eyes.open(v))}

    halves = await asyncio.gather(look(wanted[::2]), look(wanted[1::2]))
    return halves[0] | halves[1]


async def _all(stage: Stage, language: Language) -> list[Visit]:
    """Every page of a busy day; the answers last, for what is sent changes what is there."""
    sown = await sow(stage)
    return [one._replace(language=language) for one in (*visits(stage.app, sown), *answers(sown))]


@pytest.fixture(scope="module")
async def busy(cluster: TestCluster, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Looks:
    """Every page on a busy day; what answers forms is looked at by the long form."""
    async with open_stage(cluster, tmp_path_factory.mktemp("busy")) as stage:
        return await _look(browser, stage, list(visits(stage.app, await sow(stage))))


@pytest.fixture(scope="module")
async def empty(cluster: TestCluster, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Looks:
    """The lists before anything happened."""
    async with open_stage(cluster, tmp_path_factory.mktemp("empty")) as stage:
        return await _look(browser, stage, list(first_day()))


def test_nothing_bars_the_way_on_any_page(busy: Looks) -> None:
    assert len(busy) > 50
    barriers = [barrier for found in busy.values() for barrier in found.barriers]
    assert not barriers, "\n".join(barriers)


def test_nothing_runs_over_on_a_small_phone(busy: Looks) -> None:
    over = [said for found in busy.values() for said in found.over]
    assert not over, "\n".join(over)


def test_every_page_says_what_can_be_done_on_it(busy: Looks) -> None:
    helpless = [v.name for v, found in busy.items() if v.role and not v.halfway and not found.helps]
    without = sorted(name for name in helpless if not name.startswith("problem."))
    assert not without, f"write [help.…] for {without}"


@pytest.mark.soak
def test_empty_lists_are_as_good(empty: Looks) -> None:
    assert len(empty) == len(list(first_day()))
    said = [one for found in empty.values() for one in (*found.barriers, *found.over)]
    assert not said, "\n".join(said)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", WHOLE)
async def test_in_both_languages_on_both_grounds_and_at_both_widths_nothing_bars_the_way(
    cluster: TestCluster, browser: Browser, tmp_path_factory: pytest.TempPathFactory, language: Language
) -> None:
    async with open_stage(cluster, tmp_path_factory.mktemp("long")) as stage:
        looks = await _look(browser, stage, await _all(stage, language), LONG)
    assert sum(visit.form is not None for visit in looks) > 30
    said = [one for found in looks.values() for one in (*found.barriers, *found.over)]
    assert not said, "\n".join(said)
