"""Takes the pictures of docs/console.md on databases of its own: `python -m tests.e2e.console_pages`."""

import asyncio
import tempfile
from pathlib import Path

from core.languages import WHOLE, Language
from tests.e2e.console_pages.answers import answers
from tests.e2e.console_pages.looking import open_eyes
from tests.e2e.console_pages.pictures import FOLDERS, PAGES, compose, shoot
from tests.e2e.console_pages.sowing import sow
from tests.e2e.console_pages.staging import open_stage
from tests.e2e.console_pages.visits import Visit, first_day, visits
from tests.support.browser import open_browser
from tests.support.postgres import TestCluster, make_cluster

# These are shown on the dark ground too.
_DARK = ("queue.read", "referral.read", "statistics.read")


async def take_pictures() -> None:
    cluster = await make_cluster()
    try:
        for language in WHOLE:
            for old in FOLDERS[language].glob("*.webp"):
                old.unlink()
            taken = [
                *await _photograph(cluster, language, sown=True),
                *await _photograph(cluster, language, sown=False),
            ]
            PAGES[language].write_text(compose(taken, language), "utf-8")
    finally:
        await cluster.close()


async def _photograph(cluster: TestCluster, language: Language, *, sown: bool) -> list[Visit]:
    """Return what was taken: every page of a busy day and every answer, or the empty lists of the first."""
    taken: list[Visit] = []
    with tempfile.TemporaryDirectory(prefix="rootan-pictures-", ignore_cleanup_errors=True) as folder:
        async with open_stage(cluster, Path(folder)) as stage, open_browser() as browser:
            known = await sow(stage) if sown else {}
            wanted = [*visits(stage.app, known), *answers(known)] if sown else list(first_day())
            async with open_eyes(browser, stage) as eyes:
                for plain in wanted:
                    visit = plain._replace(language=language)
                    if (page := await eyes.open(visit)) is None:
                        continue
                    await shoot(page, visit)
                    taken.append(visit)
                    if visit.name in _DARK and language == WHOLE[0]:
                        dark = visit._replace(state="dark")
                        await shoot(page, dark, dark=True)
                        taken.append(dark)
    return taken


if __name__ == "__main__":
    asyncio.run(take_pictures())
