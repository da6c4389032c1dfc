from pathlib import Path

import pytest

import app.public.drawing
from app.public.drawing import draw, draw_copy

TEMPLATES = Path(app.public.drawing.__file__).parent / "templates"


def test_the_frame_of_a_page_is_written_once() -> None:
    assert [file.name for file in sorted(TEMPLATES.glob("*.html")) if "<html" in file.read_text()] == [
        "base.html"
    ]


@pytest.mark.parametrize("page", [draw("th"), draw_copy("th", copy=None)], ids=["check", "copy"])
def test_every_page_has_its_style_its_main_part_and_a_way_out(page: str) -> None:
    assert page.count('<html lang="th">') == page.count("public/check.css") == 1
    assert page.count('<main id="main"') == page.count('class="exit"') == 1


def test_only_the_page_of_ones_own_data_is_without_script_and_hidden_from_search() -> None:
    check, copy = draw("th"), draw_copy("th", copy=None)
    assert ("<script" in check, "noindex" in check) == (True, False)
    assert ("<script" in copy, "noindex" in copy) == (False, True)
