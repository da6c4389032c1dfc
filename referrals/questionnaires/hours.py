"""Times of day as people type them: "18:00-21:00", "หลังสองทุ่ม", "บ่ายสองถึงบ่ายสี่", "6pm to 9pm"."""

import re
from collections.abc import Callable
from datetime import time

from nlp.normalize import normal_word

_NUMBERS = ("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า", "สิบ", "สิบเอ็ด", "สิบสอง")
_WORDS = sorted(((word, str(n)) for n, word in enumerate(_NUMBERS, 1)), key=lambda pair: -len(pair[0]))
_N = r"(\d{1,2})"
_HALF = r"(ครึ่ง)?"
_Read = Callable[[int], int]
# How people name an hour → the hour of the day; the first that matches at a place counts.
_PATTERNS: tuple[tuple[str, _Read], ...] = (
    (r"เที่ยงคืน()()", lambda _: 24),
    (r"เที่ยง()()(?!คืน)", lambda _: 12),
    (rf"ตี{_N}{_HALF}", lambda n: n),
    (rf"{_N}ทุ่ม{_HALF}", lambda n: 18 + n),
    (rf"{_N}โมงเย็น{_HALF}", lambda n: 12 + n),
    (rf"บ่าย{_N}(?:โมง)?{_HALF}", lambda n: 12 + n),
    (r"บ่ายโมง()()", lambda _: 13),
    (rf"{_N}โมง(?:เช้า)?{_HALF}", lambda n: n),
    (rf"{_N}(?:[:.]00)?\s*pm()", lambda n: n % 12 + 12),
    (rf"{_N}(?:[:.]00)?\s*am()", lambda n: n % 12),
    (rf"{_N}[:.](\d\d)(?:น)?", lambda n: n),
    (rf"{_N}(?:น|นาฬิกา)()", lambda n: n),
    (rf"(?<!\d){_N}(?!\d)()", lambda n: n),
)
_HOUR = re.compile("|".join(pattern for pattern, _ in _PATTERNS))
_AFTER = re.compile(r"หลัง|ตั้งแต่|after|from")
_BEFORE = re.compile(r"ก่อน|before")
_LAST, _FIRST = 22 * 60, 8 * 60
_DAY = 24 * 60


def find_hours(typed: str) -> str | None:
    """The span of the day that is meant, as "time:18:00-21:00"; one hour alone lasts an hour; None for no time."""
    plain = normal_word(typed)
    for word, digit in _WORDS:
        plain = plain.replace(word, digit)
    minutes = [_minutes(match) for match in _HOUR.finditer(plain)]
    if not 1 <= len(minutes) <= 2 or None in minutes:
        return None
    first, *rest = [moment for moment in minutes if moment is not None]
    if rest:
        return _code(first, rest[0])
    if plain.strip().isdigit():
        return None
    if _AFTER.search(plain):
        return _code(first, _LAST if first < _LAST else first + 60)
    if _BEFORE.search(plain):
        return _code(_FIRST if first > _FIRST else 0, first)
    return _code(first, first + 60)


def _minutes(match: re.Match[str]) -> int | None:
    """Minutes since midnight; None for an hour that there is not."""
    at = next(i for i in range(len(_PATTERNS)) if match[2 * i + 1] is not None)
    number, rest = match[2 * at + 1], match[2 * at + 2] or ""
    hour = _PATTERNS[at][1](int(number or 0))
    minute = 30 if rest == "ครึ่ง" else int(rest or 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def _code(first: int, last: int) -> str | None:
    if first % _DAY == last % _DAY:
        return None
    return "time:" + "-".join(f"{time(m % _DAY // 60, m % 60):%H:%M}" for m in (first, last))
