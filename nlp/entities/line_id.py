"""LINE ids, LINE official accounts and LINE links."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_ID = r"(?P<id>(?:@\s?)?[a-z0-9][a-z0-9._\-]{2,29})"
_NAMED = re.compile(
    r"(?:(?<![a-z])(?:line|l1ne|lineid|lineoa)|ไลน์|ไลน(?!์)|ลายน์|ไลย์|ไลล์|แอดลาย|ลายไอดี)\s*(?:official|oa|แอด|add)?\s*(?:id|ไอดี|ไอดีไลน์)?"
    r"\s*(?:คือ|ที่|นี้|มาที่|ชื่อ|ตามนี้)?\s*[:=;\->→➜➡»~.]*\s*" + _ID
)
_BY_ID = re.compile(r"(?:(?<![a-z0-9])id\s*(?:line|ไลน์)?|ไอดี(?:ไลน์|line)?|ไอ้ดี)\s*[:=;\->→➜➡»~]+\s*" + _ID)
# Without a sign between, only what looks like an id: it holds a digit, a dot or a line below.
_AFTER_ID = re.compile(
    r"(?:(?<![a-z0-9])id|ไอดี)\s+(?P<id>@?(?=[a-z0-9._\-]*[\d._])[a-z0-9][a-z0-9._\-]{3,29})"
    r"|(?:แอด|แอ็ด|(?<![a-z])add)\s*(?:มา|ที่|มาที่|เลย|ได้ที่|ได้เลย|จ้า|ค่ะ|ครับ)*\s*(?P<plain>(?=[a-z._\-]*[\d._])[a-z][a-z0-9._\-]{4,29})"
)
_ADDED = re.compile(
    r"(?:แอด|แอ็ด|ทัก|add)\s*(?:มา|ที่|มาที่|เลย|ได้ที่)?\s*[:=]?\s*(?P<id>@\s?[a-z0-9][a-z0-9._\-]{2,29})"
)
_LINK = re.compile(
    r"(?:https?://|line://)?(?:(?:(?:liff\.)?line\s?\.\s?me\s?/\s?(?:r/)?)?ti\s?/\s?[pg]2?\s?/\s?(?P<id>(?:[~@]|%40)?[a-z0-9._\-]{3,40})"
    r"|line\s?\.\s?me\s?/\s?r?/?oamessage/(?P<message>(?:@|%40)[a-z0-9._\-]{3,40})"
    r"|lin\s?\.\s?ee\s?/\s?(?P<short>[a-z0-9]{3,20})|page\.line\.me/(?P<page>[a-z0-9._\-@]{3,40}))"
)
_MAYBE_LINK = re.compile(r"(?:line\s?\.\s?m|lin\s?\.\s?e|line://)")
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
    (_NAMED, ("line", "ไลน", "l1ne", "ลาย", "ไลย", "ไลล")),
    (_BY_ID, ("id", "ไอดี", "ไอ้ดี")),
    (_AFTER_ID, ("id", "ไอดี", "แอด", "แอ็ด", "add")),
    (_ADDED, ("@",)),
)  # a pattern → words of which it needs one


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    found: list[Entity] = []
    if _MAYBE_LINK.search(text):
        found += [_from_link(prepared, match) for match in _LINK.finditer(text)]
    for pattern, hints in _HINTS:
        if not any(hint in text for hint in hints):
            continue
        for match in pattern.finditer(text):
            group = "id" if match["id"] else "plain"
            written = match[group].rstrip("._-")
            name = written.replace(" ", "")
            if _is_id(name) and not _known(prepared, match.start(group), found):
                end = match.start(group) + len(written)
                found.append(prepared.entity(name, match.start(group), end, kind="id"))
    return found


def _from_link(prepared: Prepared, match: re.Match[str]) -> Entity:
    if match["short"]:
        first, last = prepared.folded.given(*match.span("short"))
        return prepared.entity(f"lin.ee/{prepared.given[first:last]}", *match.span(), kind="link")
    name = match["id"] or match["message"] or match["page"]
    return prepared.entity(name.replace("%40", "@").lstrip("~"), *match.span(), kind="link")


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
