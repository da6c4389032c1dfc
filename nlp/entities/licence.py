"""Numbers of recruitment licences, as in "ใบอนุญาตเลขที่ น.988/2543" (research/screening.md B2)."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_NUMBER = r"(?P<prefix>[ก-ฮ]{1,3}\s?\.?)?\s?(?P<number>\d{1,5})\s?[/\-]\s?(?P<year>25\d\d)(?!\d)"
_LICENCE = re.compile(
    r"(?:ใบอนุญาต(?:ให้)?(?:ประกอบธุรกิจ)?(?:จัดหางาน)?(?:ให้คนหางาน)?|ใบ\s?จง\.?|เลขที่อนุญาต|ทะเบียน(?:จัดหางาน|ผู้รับอนุญาต)?|"
    r"เลข(?:ที่)?ใบอนุญาต(?:จัดหางาน)?|ผู้รับอนุญาต|licen[cs]e)"
    r"[^\d\n]{0,40}?"
    + _NUMBER
    + r"|จัดหางาน[^\d\n]{0,40}?(?P<letters>[นต]\s?\.)\s?(?P<only>\d{1,5})\s?/\s?(?P<since>25\d\d)(?!\d)"
)
_YEAR = re.compile(r"[/\-]\s?25\d\d")
_SCOPES = {"ต": "abroad", "น": "home"}  # ต่างประเทศ, ในประเทศ


def find(prepared: Prepared) -> list[Entity]:
    if not _YEAR.search(prepared.folded.text):
        return []
    found = []
    for match in _LICENCE.finditer(prepared.folded.text):
        names = ("letters", "only", "since") if match["only"] else ("prefix", "number", "year")
        prefix, number, year = (match[name] or "" for name in names)
        letters = prefix.replace(" ", "").rstrip(".")
        start = match.start(names[0]) if prefix else match.start(names[1])
        detail = _SCOPES.get(letters, "")
        found.append(
            prepared.entity(
                f"{letters}.{number}/{year}" if letters else f"{number}/{year}",
                start,
                match.end(names[2]),
                scope=detail,
            )
        )
    return found
