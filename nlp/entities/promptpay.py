"""PromptPay numbers: a mobile number or a 13-digit number beside the word."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_NUMBER = re.compile(
    r"(?:พร้อมเพย์|พร้อมเพ|พร้อมเพล์|prompt\s?pay|(?<![a-z])pp)[^\d\n]{0,25}(?P<number>\d(?:[\s\-]?\d){9,12})(?!\d)"
)
_BEFORE = re.compile(
    r"(?<!\d)(?P<number>\d(?:[\s\-]?\d){9,12})\s?(?:\(|-|=)?\s?(?:พร้อมเพย์|พร้อมเพ(?!ล)|prompt\s?pay)"
)
_HINTS = ("พร้อมเพ", "prompt", "pp")


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not any(hint in text for hint in _HINTS):
        return []
    found = []
    for match in [*_NUMBER.finditer(text), *_BEFORE.finditer(text)]:
        digits = re.sub(r"\D", "", match["number"])
        if len(digits) in {10, 13}:
            found.append(
                prepared.entity(
                    digits, *match.span("number"), kind="mobile" if len(digits) == 10 else "id_number"
                )
            )
    return found
