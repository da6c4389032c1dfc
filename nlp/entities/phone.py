"""Telephone numbers, Thai ones and those with a country code, in E.164."""

import re
from itertools import islice

import phonenumbers

from nlp.findings import Entity
from nlp.prepared import Prepared

_CANDIDATE = re.compile(r"(?<![\d@.,/\-])(?:\+|00)?\(?\d[\d\s().\-]{6,17}\d(?![\d@])")
_LONG_NUMBER = re.compile(r"\d[\d\s().\-]{6,17}\d")
_NOT_DIGITS = re.compile(r"\D")
_MOST = 40  # candidates looked at: a message is not a telephone book
_MOBILE = re.compile(r"\+66[689]\d{8}$")


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not _LONG_NUMBER.search(text):
        return []
    found: list[Entity] = []
    for match in islice(_CANDIDATE.finditer(text), _MOST):
        number = _parsed(match[0])
        if number is not None:
            kind = "mobile" if _MOBILE.match(number) else ""
            found.append(prepared.entity(number, *match.span(), kind=kind))
    return found


def _parsed(candidate: str) -> str | None:
    """E.164 when the candidate is a possible subscriber number; short hotlines and bank accounts are none."""
    digits = _NOT_DIGITS.sub("", candidate)
    if "\n" in candidate or not _starts_like_a_phone(candidate, digits):
        return None
    if digits[0] == "0" != digits[1] and candidate[0] != "+":
        return _dialled_in_thailand(digits)
    international = "+" + digits.removeprefix("00") if candidate.startswith(("+", "00")) else candidate
    if digits.startswith("66") and len(digits) == 11:
        international = "+" + digits
    try:
        number = phonenumbers.parse(international, "TH")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or (
        number.country_code == 66 and not phonenumbers.is_valid_number(number)
    ):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _dialled_in_thailand(digits: str) -> str | None:
    """E.164 of a number with its leading 0, spared the library's long look at how it is written."""
    number = phonenumbers.PhoneNumber(country_code=66, national_number=int(digits))
    return f"+66{digits[1:]}" if phonenumbers.is_valid_number(number) else None


def _starts_like_a_phone(candidate: str, digits: str) -> bool:
    if candidate.startswith(("+", "00")):
        return 9 <= len(digits.removeprefix("00")) <= 15
    if digits.startswith("66"):
        return len(digits) == 11
    return digits.startswith("0") and 9 <= len(digits) <= 10
