"""Facebook pages and profiles, by link or by name."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_LINK = re.compile(
    r"(?:https?://)?(?:[a-z\-]+\.)?(?:facebook\.com|fb\.com|fb\.me|m\.me|fb\.watch)/(?P<path>[a-z0-9._\-/?=&%ก-๙]{2,80})"
)
_NAMED = re.compile(
    r"(?:เพจ(?:เฟซบุ๊ก|เฟสบุ๊ค|เฟสบุ๊ก|เฟส)?|เฟซบุ๊ก|เฟสบุ๊[คก]|เฟส|facebook|(?<![a-z])fb)(?:\s*(?:ชื่อ|ชื่อว่า|page))?"
    r"\s*(?:[:=\"“']|ชื่อ)\s*(?P<name>[^\n\"”'|,]{3,40})"
)
# A page in Latin letters needs no sign before it: "เพจ Department of Skill".
_LATIN_NAMED = re.compile(
    r"(?:เพจ(?:เฟซบุ๊ก|เฟสบุ๊ค|เฟส)?|เฟซบุ๊ก|เฟสบุ๊[คก]|เฟส)(?:ชื่อ)?\s(?P<name>(?!facebook|page|fb|line|id|inbox|http|www|ib|live)[a-z][a-z0-9&'.]{1,20}(?:\s[a-z0-9&'.]{1,20}){0,5})"
)
_HINT = re.compile(r"เพจ|เฟ[ซส]|facebook|fb|m\.me")
_PREFIX = re.compile(r"^(?:pages?/|p/|groups/|people/|share/(?:p/|v/|g/)?)")
_PROFILE = re.compile(r"profile\.php\?id=(\d+)")


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not _HINT.search(text):
        return []
    found = []
    for match in _LINK.finditer(text):
        profile = _PROFILE.match(match["path"])
        page = profile[1] if profile else _PREFIX.sub("", match["path"].split("?")[0].strip("/"))
        found.append(prepared.entity(page, *match.span(), kind="link"))
    for match in [*_NAMED.finditer(text), *_LATIN_NAMED.finditer(text)]:
        name = match["name"].strip(" .")
        known = any(entity.start == prepared.folded.starts[match.start("name")] for entity in found)
        if name and not known and not name.startswith(("http", "//", "www")):
            found.append(
                prepared.entity(name, match.start("name"), match.start("name") + len(name), kind="name")
            )
    return found
