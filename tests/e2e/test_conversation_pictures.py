"""The pictures of docs/conversations.md belong to the stories; taking them: `python -m tests.e2e.screenshots`."""

from PIL import Image

from tests.e2e.screenshots.page import FOLDER, PAGE, compose
from tests.e2e.screenshots.stories import all_stories, pictures

_MOST_BYTES = 3_000_000
# Two phones of 360 pixels with their margins, one and a half times as sharp.
_WIDTH = 1_122


def test_each_picture_has_its_story_and_each_story_its_pictures() -> None:
    told = [f"{one.name}.webp" for story in all_stories() for one in pictures(story)]
    assert len(told) == len(set(told))
    assert sorted(told) == sorted(path.name for path in FOLDER.iterdir())


def test_the_page_is_as_the_stories_tell_it() -> None:
    assert PAGE.read_text("utf-8") == compose()


def test_the_pictures_are_two_phones_wide_and_light_together() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < _MOST_BYTES
    for path in FOLDER.iterdir():
        with Image.open(path) as picture:
            assert picture.width == _WIDTH, path.name
