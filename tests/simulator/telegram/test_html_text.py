from typing import Any

import pytest

from simulator.telegram.entities import EntityError
from simulator.telegram.html_text import parse_html


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("marked", "text", "entities"),
    [
        ("ธรรมดา", "ธรรมดา", []),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#3585; &#x0e01; &copy;", 'a <b> & "c" ก ก &copy;', []),
        ("😀<b>ก</b>", "😀ก", [entity("bold", 2, 1)]),
        ("<b>ก<i>ข</i></b>", "กข", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<B>ก</B>", "ก", [entity("bold", 0, 1)]),
        (
            "<a href='https://e.co/?a=1&amp;b=2'>ก</a>",
            "ก",
            [entity("text_link", 0, 1, url="https://e.co/?a=1&b=2")],
        ),
        ("<pre><code class='language-py'>x</code></pre>", "x", [entity("pre", 0, 1)]),
        ('<span class="tg-spoiler">ก</span>', "ก", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>ก</blockquote>", "ก", [entity("expandable_blockquote", 0, 1)]),
        ("  <b> ก </b> ", "ก", [entity("bold", 0, 1)]),
        ("<b></b>ก", "ก", []),
    ],
)
def test_it_reads_marks(marked: str, text: str, entities: list[dict[str, Any]]) -> None:
    read = parse_html(marked)
    assert (read.text, read.entities) == (text, entities)


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("</b>", "Unexpected end tag at byte offset 0"),
        ("<b>ก</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<div>ก</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("<span>ก</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("ราคา < 500", "Unclosed start tag at byte offset 13"),
        ("<i>ก", 'Can\'t find end tag corresponding to start tag "i"'),
    ],
)
def test_it_refuses_broken_marks(marked: str, words: str) -> None:
    with pytest.raises(EntityError) as refused:
        parse_html(marked)
    assert words in str(refused.value)
