"""Web addresses: host in lower case, registrable domain, path as written; whether it shortens, belongs to the employment
department, or only looks like somebody's. Nothing is fetched: the list of public suffixes comes with its package.
"""

import re
import unicodedata
from functools import cache
from typing import Any

from publicsuffixlist import PublicSuffixList

from nlp.entities.brands import brand_imitated
from nlp.findings import Entity
from nlp.prepared import Prepared
from nlp.tables import read_words

_TLD = (
    "com|net|org|info|biz|co|io|me|app|dev|shop|store|online|site|website|xyz|top|club|vip|live|link|click|work|works|jobs|job|pro|fun|icu|cc|tv|"
    "asia|th|ly|gl|gg|ee|la|kh|mm|cn|hk|tw|kr|jp|my|sg|ph|vn|us|uk|au|ca|de|ru|ws|to|page|bio|life|world|today|gov|space|tech|cloud|art|win|bet|lol"
)
_DOT_SIGN = r"(?:\.|\[\.\]|\(\.\)|[ ]?[\[(]dot[\])][ ]?)"
_LABEL = r"[a-z0-9ก-๎](?:[a-z0-9ก-๎\-]{0,61}[a-z0-9ก-๎])?"
_PATH = r"(?P<path>[/?#][^\s\"'<>“”,ก-๎]*)?"
_ADDRESS = re.compile(
    rf"(?<![a-z0-9@._\-])(?:(?P<scheme>h(?:tt|xx)ps?:?//|www\.)(?P<host>(?:{_LABEL}{_DOT_SIGN}){{1,6}}(?:xn--[a-z0-9\-]{{2,40}}|[a-z]{{2,20}}|ไทย|คอม))"
    rf"|(?P<bare>(?:[a-z0-9](?:[a-z0-9\-]{{0,61}}[a-z0-9])?{_DOT_SIGN}){{1,6}}(?:{_TLD}|xn--[a-z0-9\-]{{2,40}})))"
    rf"(?![a-z0-9@]|\.[a-z0-9]){_PATH}"
)
# "bit . ly / abc": set apart only for hosts that everybody knows.
_APART = re.compile(
    r"(?<![a-z0-9@._\-])(?P<name>bit|cutt|tinyurl|rb|is|lin|line|t)\s?\.\s?(?P<end>ly|com|gy|gd|ee|me)\s?/\s?(?P<path>[a-z0-9~@/_\-]{3,40})"
)
_DOT = re.compile(r"\.[\])]?[a-zก-๎]{2}|dot[\])]|\. [a-z]{2} ?/")
_HOST = re.compile(r"[\w.\-]{4,200}")
_TRAILING = ".,;:!?)]}»”\"'"
SHORTENERS = frozenset(read_words("shorteners.tsv"))
_OFFICIAL = ("doe.go.th",)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True, accept_unknown=False)


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not _DOT.search(text):
        return []
    found = [entity for match in _ADDRESS.finditer(text) if (entity := _entity(prepared, match)) is not None]
    for match in _APART.finditer(text):
        if " " in match[0] and not any(entity.start < prepared.folded.ends[match.end() - 1] and prepared.folded.starts[match.start()] < entity.end for entity in found):  # fmt: skip
            host = f"{match['name']}.{match['end']}"
            found.append(prepared.entity(f"{host}/{match['path']}", *match.span(), **_detail(host)))
    return found


def registrable(host: str) -> str:
    """The domain that somebody registered: "a.b.co.th" → "b.co.th"; "" when the host ends in no public suffix."""
    return _suffixes().privatesuffix(host) or ""


def _entity(prepared: Prepared, match: re.Match[str]) -> Entity | None:
    part = "host" if match["host"] else "bare"
    host = _plain_host(match[part])
    written = _written_host(prepared, *match.span(part))
    if written and registrable(written):
        host = written
    if not registrable(host):
        return None
    path = (match["path"] or "").rstrip(_TRAILING)
    end = match.end() - len(match["path"] or "") + len(path)
    if path:
        first, last = prepared.folded.given(end - len(path), end)
        path = prepared.given[first:last]
    return prepared.entity(host + ("" if path == "/" else path), match.start(), end, **_detail(host))


def _written_host(prepared: Prepared, start: int, end: int) -> str:
    """The host as a browser would read it, without folding: "faceb00k" and Cyrillic letters stay what they are."""
    first, last = prepared.folded.given(start, end)
    shown = unicodedata.normalize("NFKC", prepared.given[first:last]).lower()
    letters = "".join(character for character in shown if unicodedata.category(character) != "Cf")
    return _plain_host(letters) if _HOST.fullmatch(letters) else ""


def _plain_host(written: str) -> str:
    """The host with plain dots and Thai labels in the form that travels."""
    host = re.sub(_DOT_SIGN, ".", written).removeprefix("www.")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _detail(host: str) -> dict[str, Any]:
    brand = ""
    kind = _kind(host)
    if not kind:
        brand = brand_imitated(host, registrable(host))
        kind = "lookalike" if brand else "punycode" if "xn--" in host else ""
    return {"host": host, "domain": registrable(host), "kind": kind, "brand": brand}


def _kind(host: str) -> str:
    """`official` only for the employment department's own domain, which a look-alike can't register."""
    if host in SHORTENERS:
        return "shortener"
    if any(host == domain or host.endswith("." + domain) for domain in _OFFICIAL):
        return "official"
    return ""
