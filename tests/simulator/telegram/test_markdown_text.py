from typing import Any

import pytest

from simulator.telegram.entities import EntityError
from simulator.telegram.markdown_text import parse_markdown


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("marked", "text", "entities"),
    [
        ("ธรรมดา", "ธรรมดา", []),
        (r"1\. ข้อ \(ก\)", "1. ข้อ (ก)", []),
        ("*ก _ข_*", "ก ข", [entity("bold", 0, 3), entity("italic", 2, 1)]),
        (
            "__ก__ ~ข~ ||ค||",
            "ก ข ค",
            [entity("underline", 0, 1), entity("strikethrough", 2, 1), entity("spoiler", 4, 1)],
        ),
        (r"[อ่าน](https://e.co/a\)b)", "อ่าน", [entity("text_link", 0, 4, url="https://e.co/a)b")]),
        ("`a.b`", "a.b", [entity("code", 0, 3)]),
        ("```py\nx = 1\n```", "x = 1", [entity("pre", 0, 5, language="py")]),
        (">ก\n>ข\nค", "ก\nข\nค", [entity("blockquote", 0, 4)]),
        ("![🙂](tg://emoji?id=53)", "🙂", [entity("custom_emoji", 0, 2, custom_emoji_id="53")]),
    ],
)
def test_it_reads_marks(marked: str, text: str, entities: list[dict[str, Any]]) -> None:
    read = parse_markdown(marked)
    assert (read.text, read.entities) == (text, entities)


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("ก.", "Character '.' is reserved and must be escaped"),
        ("5-10", "Character '-' is reserved"),
        ("a = b", "Character '=' is reserved"),
        ("*ก", "Can't find end of Bold entity at byte offset 0"),
        ("*ก _ข* ค_", "Can't find end of Italic entity at byte offset 5"),
        ("`ก", "Can't find end of Code entity"),
        ("[ก]", "Can't find end of TextUrl entity"),
        ("[ก](https://e", "Can't find end of a URL"),
    ],
)
def test_it_refuses_broken_marks(marked: str, words: str) -> None:
    with pytest.raises(EntityError) as refused:
        parse_markdown(marked)
    assert words in str(refused.value)
