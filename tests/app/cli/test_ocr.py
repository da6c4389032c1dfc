"""Reading pictures from files."""

import segno

from tests.app.cli.conftest import CommandLine


async def test_it_answers_a_line_for_each_picture_and_names_what_it_can_not_read(alone: CommandLine) -> None:
    segno.make("https://line.me/ti/p/@abc123").save(str(alone.folder / "code.png"), scale=8)
    (alone.folder / "letter.png").write_text("dear")
    ended = await alone.run("ocr", "letter.png", "code.png", "absent.png")
    assert ended.status == 1
    assert [(line["file"], line["qr"]) for line in ended.lines] == [
        ("code.png", ["https://line.me/ti/p/@abc123"])
    ]
    assert set(ended.lines[0]) == {"file", "text", "qr", "confidence"}
    assert [line.split(":")[0] for line in ended.err.splitlines()] == ["letter.png", "absent.png"]
