"""PromptPay numbers: a mobile number or a 13-digit number beside the word."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_NUMBER = re.compile(
    r"(?:พร้อมเพย์|พร้อมเพ|พร้อมเพล์|prompt\s?pay|(?<![a-z])pp)[^\d\n]{0,25}(?P<number>\d(?:[\s\-]?\d){9,12})(?!\d)"
)


def find(prepared: Prepared) -> list[Entity]:
    found = []
    for match in _NUMBER.finditer(prepared.folded.text):
        digits = re.sub(r"\D", "", match["number"])
        if len(digits) in {10, 13}:
            found.append(
                prepared.entity(
                    digits, *match.span("number"), kind="mobile" if len(digits) == 10 else "id_number"
                )
            )
    return found
