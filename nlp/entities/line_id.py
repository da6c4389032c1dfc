"""LINE ids, LINE official accounts and LINE links."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_ID = r"(?P<id>@?[a-z0-9][a-z0-9._\-]{2,29})"
_NAMED = re.compile(
    r"(?:(?<![a-z])line|ไลน์|ไลน|(?<![a-z])l1ne|แอดลาย|ลายไอดี)\s*(?:official|oa|แอด)?\s*(?:id|ไอดี|ไอดีไลน์)?\s*[:=;\->]*\s*"
    + _ID
)
_BY_ID = re.compile(r"(?:(?<![a-z0-9])id\s*(?:line|ไลน์)?|ไอดี(?:ไลน์|line)?|ไอ้ดี)\s*[:=;\->]+\s*" + _ID)
_ADDED = re.compile(
    r"(?:แอด|แอ็ด|ทัก|add)\s*(?:มา|ที่|มาที่|เลย|ได้ที่)?\s*[:=]?\s*(?P<id>@[a-z0-9][a-z0-9._\-]{2,29})"
)
_LINK = re.compile(
    r"(?:https?://)?(?:(?:line\.me|liff\.line\.me)/(?:r/)?ti/[pg]2?/(?P<id>[~@%]?[a-z0-9._\-]{3,40})"
    r"|lin\.ee/(?P<short>[a-z0-9]{3,20})|page\.line\.me/(?P<page>[a-z0-9._\-@]{3,40}))"
)
_NOT_IDS = frozenset(
    [
        "official",
        "today",
        "group",
        "man",
        "pay",
        "tv",
        "webtoon",
        "shopping",
        "chat",
        "and",
        "the",
        "for",
        "you",
        "bank",
        "id",
        "add",
        "admin",
        "mobile",
        "notify",
        "stickers",
        "sticker",
        "http",
        "https",
        "www",
        "com",
        "app",
        "application",
        "call",
        "video",
        "line",
    ]
)
_HINTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_NAMED, ("line", "ไลน", "l1ne", "ลาย")),
    (_BY_ID, ("id", "ไอดี", "ไอ้ดี")),
    (_ADDED, ("@",)),
)  # a pattern → words of which it needs one


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    found: list[Entity] = []
    if "line.me" in text or "lin.ee" in text:
        found += [_from_link(prepared, match) for match in _LINK.finditer(text)]
    for pattern, hints in _HINTS:
        if not any(hint in text for hint in hints):
            continue
        for match in pattern.finditer(text):
            name = match["id"].rstrip("._-")
            if _is_id(name) and not _known(prepared, match.start("id"), found):
                found.append(
                    prepared.entity(name, match.start("id"), match.start("id") + len(name), kind="id")
                )
    return found


def _from_link(prepared: Prepared, match: re.Match[str]) -> Entity:
    if match["short"]:
        first, last = prepared.folded.given(*match.span("short"))
        return prepared.entity(f"lin.ee/{prepared.given[first:last]}", *match.span(), kind="link")
    return prepared.entity((match["id"] or match["page"]).lstrip("~%"), *match.span(), kind="link")


def _known(prepared: Prepared, at: int, found: list[Entity]) -> bool:
    """Whether an earlier pattern already read the id that begins here."""
    given = prepared.folded.starts[at]
    return any(entity.start <= given < entity.end for entity in found)


def _is_id(name: str) -> bool:
    """Whether it can be an id: not a product word, not a plain number of baht, not the host of a link."""
    bare = name.lstrip("@")
    return (
        len(bare) >= 3
        and bare not in _NOT_IDS
        and not bare.startswith(("me.", "http"))
        and not bare.endswith((".me", ".com"))
    )
