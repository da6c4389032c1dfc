"""What is photographed: conversations in the scenarios' language, with a `ภาพ` line wherever a picture is taken; `จนเห็น: words` waits for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.scenarios.telling import Scenario, read

STORIES = Path(__file__).parent / "stories"
PICTURE = "ภาพ"
# What came so far is in no picture.
BEGIN = "เริ่มถ่าย"
_BETWEEN = " · "


class Picture(NamedTuple):
    """`name` is the file's, `title` the Thai heading, `look` what to look for."""

    name: str
    title: str
    look: str


def all_stories() -> list[Scenario]:
    return [read(path) for path in sorted(STORIES.glob("*.txt"))]


def picture(words: str) -> Picture:
    """`name · title · what to look for`; raises ValueError."""
    name, title, look = words.split(_BETWEEN)
    return Picture(name, title, look)


def pictures(story: Scenario) -> Iterator[Picture]:
    for _, line in story.lines:
        if line.key == PICTURE:
            yield picture(line.words)
