"""Sums of money with currency and period: "วันละ 500", "35,000 บาท/เดือน", "30k", "3-5 หมื่น"."""

import re
from collections.abc import Iterator
from itertools import islice

from nlp.findings import Entity
from nlp.prepared import Prepared

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"k(?![a-z])|ร้อย|พัน(?!ธ)|หมื่น|แสน|ล้าน"
CURRENCY = (
    r"บาท|฿|บ\.|\.-|(?<=\d)\s?บ(?![ก-๙])|thb|baht|ดอลลาร์ออสเตรเลีย|ดอลล่าร์ออสเตรเลีย|aud|ดอลลาร์(?:สหรัฐ)?|ดอลล่าร์|เหรียญ|usdt|usd|\$|หยวน|rmb|cny|วอน|krw|เยน|jpy|"
    r"ริงกิต|myr|ยูโร|eur|€|เดอร์แฮม|ดีแรห์ม|ดีแรม|aed|ดอลลาร์ไต้หวัน|เหรียญไต้หวัน|ntd|twd|ดอลลาร์ฮ่องกง|เหรียญฮ่องกง|hkd|ปาตากา|mop|ดอลลาร์บรูไน|bnd|ริยาล|sar|เชเกล|ils"
)
UNIT = r"วัน|คืน|กะ(?![ก-๎])|รอบ|เที่ยว|ตัว|ใบ|ถุง|กล่อง|เคส|โพสต์|ไลก์|ไลค์|เดือน|สัปดาห์|อาทิตย์|วีค|ชั่วโมง|ชม|ปี|ครั้ง|ชิ้น|งาน|ออเดอร์|บิล|คลิป|คน|หัว|เล่ม|day|daily|week|weekly|month|monthly|hour|year|mo(?![a-z])|hr"
_SUM = re.compile(
    rf"(?P<before>(?:{UNIT})\s?ละ\s*(?:ประมาณ|เฉลี่ย|สูงสุด|ขั้นต่ำ|ถึง|:)?\s*|ราย(?:วัน|เดือน|สัปดาห์|ชั่วโมง)\s*[:=]?\s*|(?:ต่อ|/)\s?(?:{UNIT})\s*(?:ประมาณ|เฉลี่ย|สูงสุด|ขั้นต่ำ|ถึง|:)?\s*)?"
    rf"(?P<sign>[฿$€]\s?)?(?<![\d.,\-/])(?P<low>{_NUMBER})\s?\+?(?P<low_scale>{_SCALE})?"
    rf"(?:\s?(?:[-–—~]|ถึง|to)\s?(?P<high>{_NUMBER})\s?(?P<high_scale>{_SCALE})?)?"
    rf"\s?(?P<more>\+|ขึ้นไป|up(?![a-z])|กว่า)?\s?(?P<currency>{CURRENCY})?(?P<plus>\+)?"
    rf"(?P<after>\s?(?:/\s?(?:ต่อ)?|ต่อ|per\s|a\s|/)\s?(?P<unit>{UNIT}))?(?![\d])"
)
_SCALES = {"k": 1_000, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000}
PAY_WORD = re.compile(
    r"(?=[เsฐรคไipwกมโจ])(?:(?P<month>เงินเดือน|salary|ฐานเดือน)|รายได้|รายรับ|ค่าแรง|ค่าจ้าง|ค่าตอบแทน|ค่าคอม|ได้เงิน|รับเงิน|income|pay|wage|เบี้ยเลี้ยง|การันตี|ฐาน|เรท|ค่า[ก-๙]{2,12}|มัดจำ|โอน|จ่าย|เก็บเงิน)"
)
_BEFORE_REACH = 26
_MOST = 200  # numbers looked at
_CODES = {
    "THB": "บาท ฿ บ. บ .- thb baht",
    "AUD": "ดอลลาร์ออสเตรเลีย ดอลล่าร์ออสเตรเลีย aud",
    "USD": "ดอลลาร์ ดอลลาร์สหรัฐ ดอลล่าร์ เหรียญ usdt usd $",
    "CNY": "หยวน rmb cny",
    "KRW": "วอน krw",
    "JPY": "เยน jpy",
    "MYR": "ริงกิต myr",
    "EUR": "ยูโร eur €",
    "AED": "เดอร์แฮม ดีแรห์ม ดีแรม aed",
    "TWD": "ดอลลาร์ไต้หวัน เหรียญไต้หวัน ntd twd",
    "HKD": "ดอลลาร์ฮ่องกง เหรียญฮ่องกง hkd",
    "MOP": "ปาตากา mop",
    "BND": "ดอลลาร์บรูไน bnd",
    "SAR": "ริยาล sar",
    "ILS": "เชเกล ils",
}
CURRENCIES = {word: code for code, words in _CODES.items() for word in words.split()}
_UNITS = {
    "day": "วัน คืน กะ day daily",
    "week": "สัปดาห์ อาทิตย์ วีค week weekly",
    "month": "เดือน month monthly mo",
    "hour": "ชั่วโมง ชม hour hr",
    "year": "ปี year",
    "piece": "ครั้ง ชิ้น งาน ออเดอร์ บิล คลิป รอบ เที่ยว ตัว ใบ ถุง กล่อง เคส โพสต์ ไลก์ ไลค์",
    "head": "คน หัว เล่ม",
}
_PERIODS = {word: period for period, words in _UNITS.items() for word in words.split()}
_FIRST_DIGIT = re.compile(r"\d(?<![\d.,\-/]\d)")  # written so that the search skips to digits
_MAY_STAND_BEFORE = re.compile(r"ละ|ต่อ|/|ราย|[฿$€]\s?$")
_REACH_BEFORE = 32  # characters that a period and a sign before a number may take
_ONE_UNIT = re.compile(UNIT)
_WORKS = re.compile(r"งาน|แอดมิน|สมัคร|รายได้|เงิน|รับ|job|work|salary|admin")
COUNTED_THINGS = re.compile(
    r"\s?(?:คน|อัตรา|ตำแหน่ง|ราย|ชิ้น|ครั้ง|ครัวเรือน|ไร่|กม|เมตร|ตัว|วิว|ไลก์|ไลค์|แห่ง|ปี|หน่วย|กิโล|กก|เล่ม|ซอง|ชุด|กล่อง|ใบ|ถุง|ชั่วโมง|นาที|เหตุผล|โพสต์|รายการ|สาขา|ครอบครัว|ล้านคน|view|people)"
)


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    found = [_entity(prepared, match, text) for match in islice(_sums(text), _MOST)]
    return [entity for entity in found if entity is not None]


def _sums(text: str) -> Iterator[re.Match[str]]:
    """What `_SUM.finditer` gives, tried only at numbers: from every character it was a seventh of a judgement."""
    at = 0
    while (digit := _FIRST_DIGIT.search(text, at)) is not None:
        number = digit.start()
        if _MAY_STAND_BEFORE.search(text, max(at, number - _REACH_BEFORE), number):
            match = _SUM.search(text, max(at, number - _REACH_BEFORE))
        else:
            match = _SUM.match(text, number)
        if match is not None:
            yield match
        at = match.end() if match is not None else number + 1


def _entity(prepared: Prepared, match: re.Match[str], text: str) -> Entity | None:
    before = text[max(0, match.start("low") - _BEFORE_REACH) : match.start("low")]
    pay_word = _last(PAY_WORD, before)
    currency = _currency(match)
    period = _period(match, pay_word)
    low, high = _amounts(match)
    stated = currency or _is_sum(match, text, low, period=period, near_pay=pay_word is not None)
    if not stated or _is_other_number(match, low):
        return None
    span = (match.start(), match.end())
    code = currency or "THB"
    value = f"{low:g}-{high:g} {code}" if high > low else f"{low:g} {code}"
    value += f"/{period}" if period else ""
    return prepared.entity(
        value,
        *_trimmed(text, span),
        amount=low,
        amount_to=high if high > low else "",
        currency=code,
        period=period,
    )


def _is_sum(match: re.Match[str], text: str, low: float, *, period: str, near_pay: bool) -> bool:
    """Whether a number without a currency is money: scaled, per period, beside a pay word, or "35,000" where work is offered."""
    if match["low_scale"] or match["high_scale"]:
        return not COUNTED_THINGS.match(text, match.end())
    if low >= 100 and period not in {"", "piece", "head"} and (match["before"] or match["unit"]):
        return True
    grouped = "," in match["low"] and _WORKS.search(text) is not None
    return (grouped or (near_pay and low >= 300)) and not COUNTED_THINGS.match(text, match.end())


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


def _currency(match: re.Match[str]) -> str:
    word = (match["currency"] or match["sign"] or "").strip()
    return CURRENCIES.get(word, "")


def period_named(words: str) -> str:
    """The period that a unit of time or work stands for, "" when there is none."""
    unit = _ONE_UNIT.search(words)
    return _PERIODS[unit[0]] if unit else ""


def _period(match: re.Match[str], pay_word: re.Match[str] | None) -> str:
    if match["unit"]:
        return _PERIODS[match["unit"].strip()]
    if match["before"]:
        return period_named(match["before"])
    return "month" if pay_word is not None and pay_word["month"] else ""


def _amounts(match: re.Match[str]) -> tuple[float, float]:
    """Lowest and highest sum; in "3-5 หมื่น" and "3-5k" both ends share the scale."""
    low_scale = match["low_scale"] or match["high_scale"] or ""
    low = float(match["low"].replace(",", "")) * _SCALES.get(low_scale, 1)
    if match["high"] is None:
        return low, low
    high = float(match["high"].replace(",", "")) * _SCALES.get(match["high_scale"] or "", 1)
    if high < low and match["low_scale"] is None:
        low = float(match["low"].replace(",", ""))
    return low, max(low, high)


def _is_other_number(match: re.Match[str], low: float) -> bool:
    """Years, telephone numbers and codes that stand near a pay word."""
    plain = match["low"].isdigit() and not (match["currency"] or match["sign"])
    return low == 0 or (
        plain and (match["low"].startswith("0") or len(match["low"]) > 7 or 2400 < low < 2600)
    )


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    start, end = span
    while text[end - 1].isspace():
        end -= 1
    while text[start].isspace():
        start += 1
    return start, end
