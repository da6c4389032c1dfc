"""Ages asked for or stated: "อายุ 18-35 ปี", "15 ปีขึ้นไป", "ไม่เกิน 40 ปี"."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_RANGE = re.compile(
    r"อายุ(?:ระหว่าง|ตั้งแต่|ประมาณ)?\s*(?P<low>\d{1,2})\s*(?:ปี)?\s*(?:[-–—~]|ถึง)\s*(?P<high>\d{1,2})(?!\d)\s*(?:ปี)?"
    r"|อายุ(?:ตั้งแต่|ครบ)?\s*(?P<from>\d{1,2})(?!\d)\s*(?:ปี)?\s*(?:บริบูรณ์)?\s*(?:ขึ้นไป|up|\+)"
    r"|อายุไม่(?:เกิน|ถึง)\s*(?P<upto>\d{1,2})(?!\d)\s*(?:ปี)?"
    r"|(?<![\d,.])(?P<plain_low>1[2-9]|[2-5]\d)\s*[-–—~]\s*(?P<plain_high>[2-6]\d|1[5-9])\s*(?:ปี|years?\sold|yo)"
    r"|(?<![\d,.])(?P<plain_from>1[2-9]|[2-4]\d)\s*(?:ปี\s*)(?:ขึ้นไป|up|\+)"
    r"|อายุ\s*(?P<stated>\d{1,2})(?!\d)\s*(?:ปี|ขวบ)?|aged?\s(?P<age>\d{1,2})(?!\d)"
)
_YEARS = re.compile(r"\d\s*(?:ปี|years?\sold|yo)")


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    names_age = "อายุ" in text or "age" in text
    if not names_age and not (("ปี" in text or "year" in text) and _YEARS.search(text)):
        return []
    return [_entity(prepared, match) for match in _RANGE.finditer(text)]


def _entity(prepared: Prepared, match: re.Match[str]) -> Entity:
    low = (
        match["low"]
        or match["plain_low"]
        or match["from"]
        or match["plain_from"]
        or match["stated"]
        or match["age"]
        or ""
    )
    high = match["high"] or match["plain_high"] or match["upto"] or match["stated"] or match["age"] or ""
    value = low if low == high else f"{low}-{high}"
    kind = "stated" if match["stated"] or match["age"] else "asked"
    end = match.start() + len(match[0].rstrip())
    return prepared.entity(
        value, match.start(), end, low=int(low) if low else "", high=int(high) if high else "", kind=kind
    )
