"""Bank account numbers standing near a bank's name or a word for an account."""

import re
from itertools import islice

from nlp.findings import Entity
from nlp.prepared import Prepared
from nlp.tables import read_rows

_NUMBER = re.compile(r"(?<![\d.,\-+])\d(?:[\s\-]?\d){9,14}(?![\d,])")
_ACCOUNT_WORD = re.compile(
    r"เลข(?:ที่)?บัญชี|บัญชี|(?<![ก-๙])บช|บ/ช|เลขที่|(?<![a-z])a/c|สมุดบัญชี|(?<![a-z])acc(?:ount)?(?![a-z])|ธนาคาร|โอน(?:เงิน)?(?:มา|เข้า|ไป)?(?:ที่)?"
)
_LENGTHS = (10, 12, 15)
_REACH = 45  # characters between the word and the number
_LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){9}")
_NOT_DIGITS = re.compile(r"\D")
_GROUPED = re.compile(r"\d{3}[\s\-]\d[\s\-]\d{5}[\s\-]\d")
_BANKS = [(code, re.compile(names)) for code, names in read_rows("banks.tsv")]
# Without what may not stand before a name: then every name begins with a letter, which the search can skip to.
_MAYBE_BANK = re.compile("|".join(names.pattern for _, names in _BANKS).replace("(?<![a-z])", ""))
_MOST = 40  # numbers looked at: a message names one or two accounts


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    if not _LONG_NUMBER.search(text):
        return []
    found = []
    for match in islice(_NUMBER.finditer(text), _MOST):
        digits = _NOT_DIGITS.sub("", match[0])
        if len(digits) not in _LENGTHS:
            continue
        around = f"{text[max(0, match.start() - _REACH) : match.start()]}\n{text[match.end() : match.end() + _REACH]}"
        bank = _bank_in(around)
        if (bank or _ACCOUNT_WORD.search(around)) and not _is_phone(digits, match[0], bank):
            found.append(prepared.entity(digits, *match.span(), bank=bank))
    return found


def _bank_in(around: str) -> str:
    if not _MAYBE_BANK.search(around):
        return ""
    return next((code for code, names in _BANKS if names.search(around)), "")


def _is_phone(digits: str, written: str, bank: str) -> bool:
    """A mobile number beside the word โอน stays a telephone unless a bank is named or it is written 3-1-5-1."""
    grouped = _GROUPED.fullmatch(written)
    return len(digits) == 10 and digits[:2] in {"06", "08", "09"} and not grouped and not bank
