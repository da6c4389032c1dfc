"""docs/console.md and docs/console-english.md: every page of the console on a phone and on an office screen."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from app.console.texts import load_texts
from core.languages import Language
from tests.e2e.console_pages.looking import NARROW, WIDE
from tests.e2e.console_pages.visits import Visit

DOCS = Path(__file__).parents[3] / "docs"
PAGES: Mapping[Language, Path] = {"th": DOCS / "console.md", "en": DOCS / "console-english.md"}
FOLDERS: Mapping[Language, Path] = {
    "th": DOCS / "images" / "console",
    "en": DOCS / "images" / "console-english",
}
# Longer pages are cut: what matters stands on top.
_TALLEST = 1_800
_QUALITY = 40
_LOOK = """On an office screen (1440 pixels) and on a phone (360 pixels), with made-up people and reports on a day that stands still.
Long pages are cut. Each heading is the name of the route, and the state where there are several: `empty` is the first day,
`refused` a form that was sent with something wrong in it."""
_HEADS: Mapping[Language, str] = {
    "th": f"""# The console, page by page

{_LOOK} What can be done on a page stands under its heading. [The same in English](console-english.md).

`python -m tests.e2e.console_pages` opens every page that the application has, takes the pictures again and writes this list;
`tests/e2e/console_pages/test_barriers.py` looks at the same pages with axe-core, light and dark.
""",
    "en": f"""# The console in English, page by page

{_LOOK} What people write stays in their language. [The same in Thai](console.md).
""",
}


async def shoot(page: Page, visit: Visit, *, dark: bool = False) -> None:
    """Keep a picture of an open page in both widths."""
    await page.evaluate(
        "dark => { document.documentElement.dataset.bsTheme = dark ? 'dark' : 'light' }", dark
    )
    for width in (WIDE, NARROW):
        await page.set_viewport_size(width)
        await page.evaluate("document.fonts.ready.then(() => null)")
        picture = Image.open(io.BytesIO(await page.screenshot(full_page=True, animations="disabled")))
        cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, _TALLEST)))
        folder = FOLDERS[visit.language]
        folder.mkdir(parents=True, exist_ok=True)
        cut.save(folder / _file(visit.name, width["width"]), quality=_QUALITY, method=6)


def compose(taken: Sequence[Visit], language: Language) -> str:
    """Return the document of one language for these visits."""
    said = load_texts("en")
    parts = [_HEADS[language]]
    for visit in taken:
        lines = said.get(f"help.{visit.route}", "").splitlines() if language == "th" else []
        parts.append(f"## {visit.name}\n")
        parts += ["\n".join(f"- {line}" for line in lines) + "\n"] if lines and not visit.state else []
        at = f"images/{FOLDERS[language].name}/"
        parts.append(
            f"![{visit.name}, 1440 pixels]({at}{_file(visit.name, 1440)})"
            f" ![{visit.name}, 360 pixels]({at}{_file(visit.name, 360)})\n"
        )
    return "\n".join(parts)


def _file(name: str, width: int) -> str:
    return f"{name}.{width}.webp"
