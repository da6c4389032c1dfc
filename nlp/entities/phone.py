"""Telephone numbers, Thai ones and those with a country code, in E.164."""

import re
from itertools import chain, islice

import phonenumbers

from nlp.entities.numerals import DIGIT_WORDS, read_digits
from nlp.findings import Entity
from nlp.prepared import Prepared

# Patterns begin with a class and then look back, so that the search skips to digits.
_CANDIDATE = re.compile(
    r"[+(\d](?:(?<![\d@.,/\-].)|(?<=\d{4}/.))(?:(?<=\+)\(?\d|(?<=\()\d|(?<=0)0\(?\d|(?<=\d))[\d\s().\-]{6,17}\d(?![\d@])"
)
_LONG_NUMBER = re.compile(r"\d[\d\s().\-_*~|•·/]{6,17}\d")
_NOT_DIGITS = re.compile(r"\D")
_DECORATED = re.compile(r"0(?<![\d@.,/\-].)\d{1,2}[_*~|•·/]\d{3,4}[_*~|•·/]\d{3,4}(?!\d)")
_MOST = 40  # candidates looked at: a message is not a telephone book
_MOBILE = re.compile(r"\+66[689]\d{8}$")


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    found = _said(prepared) if "ศูนย์" in text else []
    if not _LONG_NUMBER.search(text):
        return found
    for match in islice(chain(_CANDIDATE.finditer(text), _DECORATED.finditer(text)), _MOST):
        number = _parsed(match[0])
        if number is not None:
            kind = "mobile" if _MOBILE.match(number) else ""
            found.append(prepared.entity(number, *match.span(), kind=kind))
    return found


def _said(prepared: Prepared) -> list[Entity]:
    """Numbers in words: "ศูนย์แปดหนึ่ง สองสามสี่ ห้าหกเจ็ดแปด"."""
    found = []
    for match in islice(DIGIT_WORDS.finditer(prepared.folded.text), _MOST):
        number = _parsed(read_digits(match[0]))
        if number is not None:
            kind = "mobile" if _MOBILE.match(number) else ""
            end = match.start() + len(match[0].rstrip(" -,."))
            found.append(prepared.entity(number, match.start(), end, kind=kind))
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
