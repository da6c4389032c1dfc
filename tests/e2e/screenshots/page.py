"""docs/conversations.md: every picture with one line on what to look for."""

from pathlib import Path

from tests.e2e.screenshots.stories import all_stories, pictures

DOCS = Path(__file__).parents[3] / "docs"
PAGE = DOCS / "conversations.md"
FOLDER = DOCS / "images" / "conversations"
_HEAD = """# Conversations as a phone shows them

LINE left, Telegram right, each 360 pixels wide, taken from the sandbox of a demo. On LINE the row of choices below the last bubble
can be pushed sideways; what stands first is what most people need. The strip on top is all that a locked phone shows.

`python -m tests.e2e.screenshots` plays [the stories](../tests/e2e/screenshots/stories), takes the pictures again, complains of
anything that is cut or runs over, and writes this page.
"""


def compose() -> str:
    parts = [_HEAD]
    for story in all_stories():
        parts.append(f"## {story.promise}\n")
        parts += [
            f"### {one.title}\n\n{one.look}\n\n"
            f"![{one.title}: LINE, Telegram](images/conversations/{one.name}.webp)\n"
            for one in pictures(story)
        ]
    return "\n".join(parts)
