"""Web addresses: host in lower case, path as written."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_TLD = (
    "com|net|org|info|biz|co|io|me|app|dev|shop|store|online|site|website|xyz|top|club|vip|live|link|click|work|works|jobs|job|pro|fun|icu|cc|tv|"
    "asia|th|in\\.th|co\\.th|go\\.th|or\\.th|ac\\.th|mi\\.th|ly|gl|gg|ee|la|kh|mm|cn|hk|tw|kr|jp|my|sg|ph|vn|us|uk|au|ca|de|ru|ws|to|page|bio|life|world|today|gov"
)
_ADDRESS = re.compile(
    r"(?<![a-z0-9@._\-])(?P<scheme>h(?:tt|xx)ps?://)?(?P<host>(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?(?:\.|\[\.\]|\(\.\)))+(?:"
    + _TLD
    + r"))"
    r"(?![a-z0-9@])(?P<path>[/?#][^\s\"'<>“”,]*)?"
)
_DOT = re.compile(r"\.[\])]?[a-z]{2}")  # before the last part of a host
_TRAILING = ".,;:!?)]}»”\"'"
SHORTENERS = frozenset(
    [
        "bit.ly",
        "cutt.ly",
        "tinyurl.com",
        "t.ly",
        "is.gd",
        "rb.gy",
        "shorturl.at",
        "s.id",
        "goo.gl",
        "ow.ly",
        "rebrand.ly",
        "linktr.ee",
        "tiny.cc",
        "bitly.ws",
        "lihi.cc",
        "shorturl.asia",
        "t.co",
        "reurl.cc",
        "surl.li",
        "dub.sh",
    ]
)
_OFFICIAL = ("doe.go.th",)


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not _DOT.search(text):
        return []
    return [_entity(prepared, match) for match in _ADDRESS.finditer(text)]


def _entity(prepared: Prepared, match: re.Match[str]) -> Entity:
    host = match["host"].replace("[.]", ".").replace("(.)", ".").removeprefix("www.")
    path = (match["path"] or "").rstrip(_TRAILING)
    end = match.end("host") + len(path)
    if path:
        first, last = prepared.folded.given(match.start("path"), end)
        path = prepared.given[first:last]
    return prepared.entity(
        host + ("" if path == "/" else path), match.start(), end, host=host, kind=_kind(host)
    )


def _kind(host: str) -> str:
    """`official` only for the employment department's own domain, which a look-alike can't register."""
    if host in SHORTENERS:
        return "shortener"
    if any(host == domain or host.endswith("." + domain) for domain in _OFFICIAL):
        return "official"
    return ""
