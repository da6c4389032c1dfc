"""Thai numbers in words: "ห้าร้อย", "หมื่นแปด", "สองหมื่นห้า", "หลักแสน", "แสนกว่า"."""

import re

_ONES = dict(
    zip(("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"), range(10), strict=True)
) | {"เอ็ด": 1, "ยี่": 2}
_SCALES = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000}
_ONE = "ศูนย์|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|เอ็ด|ยี่"
_HALF = "ครึ่ง"
_SCALE = r"สิบ|ร้อย|พัน(?!ธ)|หมื่น|แสน|ล้าน(?!นา)"
_TOKEN = re.compile(rf"{_ONE}|{_SCALE}|{_HALF}")
# At least one scale word of a hundred or more; "สิบ" alone is rather a count.
NUMBER = rf"(?:(?:{_ONE}|{_HALF})?(?:สิบ)?(?:ร้อย|พัน(?!ธ)|หมื่น|แสน|ล้าน(?!นา))(?:(?:{_ONE})?(?:{_SCALE})|(?:{_ONE})(?![ก-ฮ]?ละ))*(?:{_HALF})?|(?:(?:{_ONE})?สิบ(?:{_ONE})?))"
DIGIT_WORDS = re.compile(rf"(?:(?:{_ONE})[\s\-,.]?){{9,10}}")
_ANY_ONE = re.compile(_ONE)


def read_number(words: str) -> float:
    """The value; a digit after a scale counts the next lower one, as in "หมื่นแปด" 18,000, but not after ten ("สิบห้า" 15)."""
    total, below, ones, last = 0.0, 0.0, 0.0, 1.0
    for token in _TOKEN.findall(words):
        if token == _HALF:
            if last > 1:
                total += 0.5 * last
            else:
                ones = 0.5
        elif token in _ONES:
            ones = float(_ONES[token])
        else:
            scale = float(_SCALES[token])
            if scale == 1_000_000 or (below and scale > last):
                total, below, ones = (total + below + ones or 1.0) * scale, 0.0, 0.0
            else:
                total += below + (ones or 1.0) * scale
                below, ones = 0.0, 0.0
            last = scale
    return total + ones * (last / 10 if last > 10 else 1.0)


def read_digits(words: str) -> str:
    """Digits said one by one: "ศูนย์แปดหนึ่ง" → "081"."""
    return "".join(str(_ONES[word]) for word in _ANY_ONE.findall(words))
