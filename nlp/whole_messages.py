"""Messages that say one listed thing and nothing else: words, and shapes made of parts."""

import re
from collections.abc import Mapping
from functools import cache
from typing import cast

from nlp.normalize import normal_word
from nlp.tables import read_table

LONGEST = 60  # squeezed characters
_CLOSING = re.compile(
    r"(?:[\s.!?~,…\"'“”]|นะ|น้า|ค่ะ|คะ|ครับผม|ครับ|คับ|คร้าบ|ค่า|จ้า|จ้ะ|จ๊ะ|ฮะ|ฮับ|งับ|เด้อ|เน้อ|เจ้า|แล้ว|ๆ|please|pls)+$"
)
_AROUND = " \t\n.,!?~…\"'“”()|:;-"
_PART = re.compile(r"\{([a-z]+)\}")


def intent_of_whole(text: str) -> str | None:
    """The intent of a squeezed text that is a listed word or has a listed shape from end to end."""
    if len(text) > LONGEST:
        return None
    bare = text.strip(_AROUND)
    found = _words().get(text.strip()) or _words().get(bare) or _words().get(_CLOSING.sub("", text))
    return found or next((intent for intent, shape in _shapes() if shape.fullmatch(bare)), None)


@cache
def _words() -> Mapping[str, str]:
    table = cast("dict[str, list[str]]", read_table("intents.toml")["whole"])
    return {normal_word(word): intent for intent, words in table.items() for word in words}


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = read_table("intents.toml")
    parts = cast("dict[str, str]", table["part"])
    shapes = cast("dict[str, list[str]]", table["shape"])
    return tuple(
        (intent, re.compile("|".join(f"(?:{_with_parts(source, parts)})" for source in sources)))
        for intent, sources in shapes.items()
    )


def _with_parts(source: str, parts: Mapping[str, str]) -> str:
    """The source with every {name} filled in; raises KeyError for a part that is not listed."""
    return _PART.sub(lambda match: parts[match[1]], source)
