"""Telephone numbers, Thai ones and those with a country code, in E.164."""

import re
from itertools import islice

import phonenumbers

from nlp.findings import Entity
from nlp.prepared import Prepared

_CANDIDATE = re.compile(r"(?<![\d@.,/\-])(?:\+|00)?\(?\d[\d\s().\-]{6,17}\d(?![\d@])")
_MOST = 40  # candidates looked at: a message is not a telephone book
_MOBILE = re.compile(r"\+66[689]\d{8}$")


def find(prepared: Prepared) -> list[Entity]:
    found: list[Entity] = []
    for match in islice(_CANDIDATE.finditer(prepared.folded.text), _MOST):
        number = _parsed(match[0])
        if number is not None:
            kind = "mobile" if _MOBILE.match(number) else ""
            found.append(prepared.entity(number, *match.span(), kind=kind))
    return found


def _parsed(candidate: str) -> str | None:
    """E.164 when the candidate is a possible subscriber number; short hotlines and bank accounts are none."""
    digits = re.sub(r"\D", "", candidate)
    if "\n" in candidate or not _starts_like_a_phone(candidate, digits):
        return None
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


def _starts_like_a_phone(candidate: str, digits: str) -> bool:
    if candidate.startswith(("+", "00")):
        return 9 <= len(digits.removeprefix("00")) <= 15
    if digits.startswith("66"):
        return len(digits) == 11
    return digits.startswith("0") and 9 <= len(digits) <= 10
