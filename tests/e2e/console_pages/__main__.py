"""Takes the pictures of docs/console.md on a database of its own: `python -m tests.e2e.console_pages`."""

import asyncio
import tempfile
from pathlib import Path

from tests.e2e.console_pages.looking import open_eyes
from tests.e2e.console_pages.pictures import FOLDER, PAGE, compose, shoot
from tests.e2e.console_pages.sowing import sow
from tests.e2e.console_pages.staging import open_stage
from tests.e2e.console_pages.visits import Visit, first_day, visits
from tests.support.browser import open_browser
from tests.support.postgres import TestCluster, make_cluster

# These are shown on the dark ground too.
_DARK = ("queue.read", "referral.read", "statistics.read")


async def take_pictures() -> None:
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    cluster = await make_cluster()
    try:
        taken = [*await _photograph(cluster, sown=True), *await _photograph(cluster, sown=False)]
    finally:
        cluster.close()
    PAGE.write_text(compose(taken), "utf-8")


async def _photograph(cluster: TestCluster, *, sown: bool) -> list[Visit]:
    """Return what was taken: every page of a busy day, or the empty lists of the first."""
    taken: list[Visit] = []
    with tempfile.TemporaryDirectory(prefix="rootan-pictures-", ignore_cleanup_errors=True) as folder:
        async with open_stage(cluster, Path(folder)) as stage, open_browser() as browser:
            wanted = list(visits(stage.app, await sow(stage)) if sown else first_day())
            async with open_eyes(browser, stage) as eyes:
                for visit in wanted:
                    if (page := await eyes.open(visit)) is None:
                        continue
                    await shoot(page, visit.name)
                    taken.append(visit)
                    if visit.name in _DARK:
                        dark = visit._replace(state="dark")
                        await shoot(page, dark.name, dark=True)
                        taken.append(dark)
    return taken


if __name__ == "__main__":
    asyncio.run(take_pictures())
