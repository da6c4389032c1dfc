"""docs/console.md: every page of the console on a phone and on an office screen."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from app.console.texts import load_texts
from tests.e2e.console_pages.looking import NARROW, WIDE
from tests.e2e.console_pages.visits import Visit

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "console.md"
FOLDER = DOCS / "images" / "console"
# Longer pages are cut: what matters stands on top.
_TALLEST = 1_800
_QUALITY = 40
_HEAD = """# The console, page by page

On an office screen (1440 pixels) and on a phone (360 pixels), with made-up people and reports on a day that stands still.
Long pages are cut. Each heading is the route's name; what can be done on a page stands at its end.

`python -m tests.e2e.console_pages` opens every page that the application has, takes the pictures again and writes this list;
`tests/e2e/console_pages/test_barriers.py` looks at the same pages with axe-core, light and dark.
"""


async def shoot(page: Page, name: str, *, dark: bool = False) -> None:
    """Keep a picture of an open page in both widths."""
    await page.evaluate(
        "dark => { document.documentElement.dataset.bsTheme = dark ? 'dark' : 'light' }", dark
    )
    for width in (WIDE, NARROW):
        await page.set_viewport_size(width)
        await page.evaluate("document.fonts.ready.then(() => null)")
        picture = Image.open(io.BytesIO(await page.screenshot(full_page=True, animations="disabled")))
        cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, _TALLEST)))
        FOLDER.mkdir(parents=True, exist_ok=True)
        cut.save(FOLDER / _file(name, width["width"]), quality=_QUALITY, method=6)


def compose(taken: Sequence[Visit]) -> str:
    """Return docs/console.md for these visits."""
    english = load_texts("en")
    parts = [_HEAD]
    for visit in taken:
        lines = english.get(f"help.{visit.route}", "").splitlines()
        parts.append(f"## {visit.name}\n")
        parts += ["\n".join(f"- {line}" for line in lines) + "\n"] if lines and not visit.state else []
        parts.append(
            f"![{visit.name}, 1440 pixels](images/console/{_file(visit.name, 1440)})"
            f" ![{visit.name}, 360 pixels](images/console/{_file(visit.name, 360)})\n"
        )
    return "\n".join(parts)


def _file(name: str, width: int) -> str:
    return f"{name}.{width}.webp"
