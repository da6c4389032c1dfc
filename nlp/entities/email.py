"""E-mail addresses."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_ADDRESS = re.compile(
    r"[a-z0-9](?<![a-z0-9._%+\-].)[a-z0-9._%+\-]{0,63}(?:@|[ ]?[\[(](?:at|แอท|แอด)[\])][ ]?)(?:[a-z0-9\-]{1,63}(?:\.|[ ]?[\[(](?:dot|ดอท)[\])][ ]?)){1,5}[a-z]{2,10}(?![a-z0-9])"
)
_AT = re.compile(r"[ ]?[\[(](?:at|แอท|แอด)[\])][ ]?")
_DOT = re.compile(r"[ ]?[\[(](?:dot|ดอท)[\])][ ]?")


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if "@" not in text and not _AT.search(text):
        return []
    return [prepared.entity(_plain(match[0]), *match.span()) for match in _ADDRESS.finditer(text)]


def _plain(written: str) -> str:
    return _DOT.sub(".", _AT.sub("@", written))
