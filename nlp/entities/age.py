"""Ages asked for or stated: "อายุ 18-35 ปี", "15 ปีขึ้นไป", "ไม่เกิน 40 ปี"."""

import re

from nlp.findings import Entity
from nlp.prepared import Prepared

_RANGE = re.compile(
    # With what every choice begins: tried at every letter, the choices took four times as long.
    r"(?=[อไมเต\dหชญสวa])(?:"
    r"อายุ(?:ระหว่าง|ตั้งแต่|ประมาณ)?\s*(?P<low>\d{1,2})\s*(?:ปี)?\s*(?:[-–—~]|ถึง)\s*(?P<high>\d{1,2})(?!\d)\s*(?:ปี)?"
    r"|อายุ(?:ตั้งแต่|ครบ)?\s*(?P<from>\d{1,2})(?!\d)\s*(?:ปี)?\s*(?:บริบูรณ์)?\s*(?:ขึ้นไป|up|\+)"
    r"|(?:อายุ)?(?:ไม่ต่ำกว่า|มากกว่า|เกิน)\s*(?P<over>1[2-9]|[2-4]\d)\s*(?:ปี|ขวบ)"
    r"|(?:อายุ(?:น้อยกว่า|ต่ำกว่า)|ต่ำกว่า)\s*(?P<under>1[2-9]|[2-6]\d)\s*ปี"
    r"|อายุไม่(?:เกิน|ถึง)\s*(?P<upto>\d{1,2})(?!\d)\s*(?:ปี)?"
    r"|(?<![\d,.])(?P<plain_low>1[2-9]|[2-5]\d)\s*[-–—~]\s*(?P<plain_high>[2-6]\d|1[5-9])\s*(?:ปี|years?\sold|yo)"
    r"|(?<![\d,.])(?P<plain_from>1[2-9]|[2-4]\d)\s*(?:ปี\s*)(?:ขึ้นไป|up|\+)"
    r"|(?:หญิง|ชาย|ชญ\.?|ญ\.|สาวๆ?|หนุ่มๆ?|วัย)\s?(?P<beside_low>1[2-9]|[2-5]\d)\s*[-–—~]\s*(?P<beside_high>[2-6]\d|1[5-9])(?!\d)(?!\s?(?:คน|อัตรา))"
    r"|(?<![\d,.+])(?P<plus>1[3-9]|2[0-5])\s?(?:\+|up(?![a-z]))(?=\s|$|[ก-๎])(?!\s?(?:บาท|คน|ชั่วโมง|ชม|นาที|วัน|อัตรา|ตำแหน่ง|สาขา))"
    r"|อายุ\s*(?P<stated>\d{1,2})(?!\d)\s*(?:ปี|ขวบ)?|aged?\s(?P<age>\d{1,2})(?!\d))"
)
_YEARS = re.compile(r"\d\s*(?:ปี|years?\sold|yo)")
_BESIDE = re.compile(r"(?:หญิง|ชาย|ชญ|ญ\.|สาวๆ?|หนุ่มๆ?|วัย)\s?[\d.]|[12]\d\s?(?:\+|up)")
# Who is wanted, as far as it says so beside an age or by itself.
_ONLY = re.compile(
    r"(?:รับ|หา|ต้องการ|เฉพาะ|ขอ|เอา|สาวๆ?|น้องๆ?)\s?(?:เฉพาะ)?\s?(?:ผู้|เพศ)?(?P<one>หญิง|ชาย|สาว|หนุ่ม)(?!\s?(?:/|และ|หรือ|-|,)\s?(?:ผู้|เพศ)?(?:หญิง|ชาย))"
    r"|เพศ\s?:?\s?(?P<sex>หญิง|ชาย)(?!\s?(?:/|และ|หรือ|-|,)\s?(?:เพศ)?(?:หญิง|ชาย))|(?P<latin>(?<![a-z])(?:females?|girls?|women|ladies|males?|men)\sonly)"
)
_NEAR = 10  # characters
_MALE = re.compile(r"ชาย(?!แดน|หาด|ฝั่ง|ทะเล)|(?<![ก-๎])ช\.")
_SEX_WORDS = ("หญิง", "ชาย", "สาว", "หนุ่ม", " only")
_FEMALE = ("หญิง", "สาว", "fem", "girl", "wom", "lad")


def gender_limits(prepared: Prepared) -> list[Entity]:
    """Limits of sex, "female" or "male": "รับเฉพาะผู้หญิง", "เพศชาย", "girls only"; "ชาย/หญิง" is none."""
    text = prepared.folded.text
    if not any(word in text for word in _SEX_WORDS):
        return []
    found = []
    for match in _ONLY.finditer(text):
        word = match["one"] or match["sex"] or match["latin"]
        before = text[max(0, match.start() - 2) : match.start()]
        if not before.endswith(("/", "ม่")):
            value = "female" if word.startswith(_FEMALE) else "male"
            found.append(prepared.entity(value, *match.span()))
    return found


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    names_age = "อายุ" in text or "age" in text or _BESIDE.search(text) is not None
    if not names_age and not (("ปี" in text or "year" in text) and _YEARS.search(text)):
        return []
    return [_entity(prepared, match) for match in _RANGE.finditer(text)]


def _entity(prepared: Prepared, match: re.Match[str]) -> Entity:
    low = (
        match["low"]
        or match["over"]
        or match["beside_low"]
        or match["plus"]
        or match["plain_low"]
        or match["from"]
        or match["plain_from"]
        or match["stated"]
        or match["age"]
        or ""
    )
    high = (
        match["high"]
        or match["plain_high"]
        or match["beside_high"]
        or match["upto"]
        or match["under"]
        or match["stated"]
        or match["age"]
        or ""
    )
    value = low if low == high else f"{low}-{high}"
    kind = "stated" if match["stated"] or match["age"] else "asked"
    end = match.start() + len(match[0].rstrip())
    return prepared.entity(
        value,
        match.start(),
        end,
        low=int(low) if low else "",
        high=int(high) if high else "",
        kind=kind,
        gender=_gender_beside(prepared.folded.text, *match.span()),
    )


def _gender_beside(text: str, start: int, end: int) -> str:
    """The one sex named right before or after an age: "หญิง อายุ 18-30", "20-35 ปี เพศชาย"; "" for both or none."""
    near = text[max(0, start - _NEAR) : end + _NEAR]
    female, male = "หญิง" in near or "ญ." in near, _MALE.search(near) is not None
    return "" if female == male else "female" if female else "male"
