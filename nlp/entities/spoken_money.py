"""Sums of money in words: "วันละห้าร้อย", "เดือนละสี่หมื่น", "หลักแสน", "สามถึงห้าหมื่น", "หมื่นแปด"."""

import re
from itertools import islice

from nlp.entities.money import COUNTED_THINGS, CURRENCIES, CURRENCY, PAY_WORD, UNIT, period_named
from nlp.entities.numerals import NUMBER, read_number
from nlp.findings import Entity
from nlp.prepared import Prepared

_ONE = "หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า"
_SPOKEN = re.compile(
    rf"(?P<before>(?:{UNIT})\s?ละ\s*(?:ประมาณ|เกือบ|ตั้ง|ราวๆ?|เป็น)?\s*)?(?P<rank>หลัก)?"
    rf"(?:(?P<from>{_ONE})\s?(?:ถึง|[-–~])\s?)?(?P<low>{NUMBER})(?:\s?(?:ถึง|[-–~])\s?(?:หลัก)?(?P<high>{NUMBER}))?"
    rf"(?P<about>กว่าๆ?|ต้นๆ|ปลายๆ|ขึ้นไป|นิดๆ|up)?\s?(?P<currency>{CURRENCY})?(?P<after>\s?(?:ต่อ|/)\s?(?:{UNIT}))?"
)
_SCALES = ("สิบ", "ร้อย", "พัน", "หมื่น", "แสน", "ล้าน")
_COUNTED = re.compile(rf"(?:{_ONE}|ครึ่ง|ยี่|สิบ)")
_BEFORE_REACH = 20
_LEAST = 100  # baht: what is counted in hundreds and has no other noun is money
_MOST = 60  # sums looked at


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not any(scale in text for scale in _SCALES):
        return []
    found = [_entity(prepared, match, text) for match in islice(_SPOKEN.finditer(text), _MOST)]
    return [entity for entity in found if entity is not None]


def _entity(prepared: Prepared, match: re.Match[str], text: str) -> Entity | None:
    low, high = _amounts(match)
    if not _is_sum(match, text, low):
        return None
    currency = CURRENCIES.get((match["currency"] or "").strip(), "THB")
    period = period_named(match["before"] or match["after"] or "")
    value = (
        (f"{low:g}-{high:g}" if high > low else f"{low:g}")
        + f" {currency}"
        + (f"/{period}" if period else "")
    )
    return prepared.entity(
        value,
        *match.span(),
        amount=low,
        amount_to=high if high > low else "",
        currency=currency,
        period=period,
    )


def _amounts(match: re.Match[str]) -> tuple[float, float]:
    """Lowest and highest sum; in "สามถึงห้าหมื่น" both ends share the scale."""
    low = read_number(match["low"])
    if match["from"]:
        first = read_number(match["from"])
        scale = 10.0 ** (len(f"{low:.0f}") - 1)
        return first * scale, low
    high = read_number(match["high"]) if match["high"] else low
    return low, max(low, high)


def _is_sum(match: re.Match[str], text: str, low: float) -> bool:
    """Whether words for a number are a sum: with a currency or period, or large, counted and of nothing else."""
    if match["currency"] or match["before"]:
        return True
    if COUNTED_THINGS.match(text, match.end()):
        return False
    near = text[max(0, match.start() - _BEFORE_REACH) : match.start()]
    counted = match["rank"] or match["about"] or match["from"] or _COUNTED.search(match["low"])
    return bool(counted) and (low >= _LEAST or bool(match["after"]) or PAY_WORD.search(near) is not None)
