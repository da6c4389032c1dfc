"""Telegram names and links."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_LINK = re.compile(
    r"(?:https?://)?(?<![a-z0-9.])(?:(?:t|telegram)\s?\.\s?(?:me|dog)\s?/\s?(?:s/|joinchat/)?|tg://resolve\?domain=)(?P<id>\+?[a-z0-9_\-]{3,40})"
)
_NAMED = re.compile(
    r"(?:telegram|เทเลแกรม|เทเลแกรม์|(?<![a-z])tele(?:gam|garm)?|(?<![a-z])tg|เทเล)\s*(?:id|ไอดี|ชื่อ|user|username)?\s*[:=;\->→➜➡»~]*\s*(?P<id>(?:@\s?)?[a-z][a-z0-9_]{4,31})"
)
_HINT = re.compile(r"tele|เทเล|tg|t\s?\.\s?(?:me|dog)")
_NOT_NAMES = frozenset(
    [
        "telegram",
        "channel",
        "group",
        "official",
        "bot",
        "link",
        "chat",
        "https",
        "phone",
        "number",
        "group",
        "online",
        "marketing",
    ]
)


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not _HINT.search(text):
        return []
    found = [prepared.entity(match["id"], *match.span(), kind="link") for match in _LINK.finditer(text)]
    for match in _NAMED.finditer(text):
        name = match["id"].lstrip("@ ")
        if name not in _NOT_NAMES and not _inside(match.span("id"), found, prepared):
            found.append(prepared.entity(name, *match.span("id"), kind="id"))
    return found


def _inside(span: tuple[int, int], found: list[Entity], prepared: Prepared) -> bool:
    first, last = prepared.folded.given(*span)
    return any(entity.start <= first and last <= entity.end for entity in found)
