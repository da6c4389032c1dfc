"""E-mail addresses."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_ADDRESS = re.compile(
    r"(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{0,63}@(?:[a-z0-9\-]+\.)+[a-z]{2,10}(?![a-z0-9])"
)


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if "@" not in text:
        return []
    return [prepared.entity(match[0], *match.span()) for match in _ADDRESS.finditer(text)]
