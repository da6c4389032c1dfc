"""The console's static libraries, copied at set-up."""

import re

from app.cli.setup import static_files
from app.cli.setup.static_files import VENDOR


def test_every_library_is_there() -> None:
    assert [name for name in static_files.LIBRARIES if not (VENDOR / name).stat().st_size] == []


def test_every_font_that_the_style_names_is_there() -> None:
    style = (VENDOR / "sarabun.css").read_text()
    named = re.findall(r'url\("([^"]+)"\)', style)
    assert len(named) == 6
    assert [name for name in named if (VENDOR / name).read_bytes()[:4] != b"wOF2"] == []


def test_the_style_asks_no_other_host() -> None:
    styles = "".join((VENDOR / name).read_text() for name in ("sarabun.css", "tabler.min.css"))
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", styles) == []
    assert "@import" not in styles
