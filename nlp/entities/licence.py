"""Numbers of recruitment licences, as in "ใบอนุญาตเลขที่ น.988/2543" (research/screening.md B2)."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_NUMBER = r"(?P<prefix>[ก-ฮ]{1,3}\.?)?\s?(?P<number>\d{1,5})\s?/\s?(?P<year>25\d\d)"
_LICENCE = re.compile(
    r"(?:ใบอนุญาต(?:จัดหางาน|ประกอบธุรกิจจัดหางาน|จัดหางานให้คนหางาน)?|ใบ\s?จง\.?|เลขที่อนุญาต|ทะเบียน(?:จัดหางาน)?|เลขใบอนุญาต|licen[cs]e)"
    r"[^\d\n]{0,30}?" + _NUMBER
)
_YEAR = re.compile(r"/\s?25\d\d")


def find(prepared: Prepared) -> list[Entity]:
    if not _YEAR.search(prepared.folded.text):
        return []
    found = []
    for match in _LICENCE.finditer(prepared.folded.text):
        prefix = (match["prefix"] or "").rstrip(".")
        value = (
            f"{prefix}.{match['number']}/{match['year']}" if prefix else f"{match['number']}/{match['year']}"
        )
        start = match.start("prefix") if match["prefix"] else match.start("number")
        found.append(prepared.entity(value, start, match.end("year")))
    return found
