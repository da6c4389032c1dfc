"""What a report can be found by, as keyed hashes; reading it from words is `terms.py`'s, which needs the lexicons."""

from typing import NamedTuple

from core.crypto.keyset import Keyset

HANDLES = ("phone", "line_id", "facebook", "telegram", "bank_account", "promptpay", "email", "url")
STAFFS = ("title", "tag")


class Term(NamedTuple):
    kind: str
    value: str


def term_key(keyset: Keyset, term: Term) -> bytes:
    """Return the blind index of a term; the same thing has another key under another kind."""
    return keyset.index(f"search-{term.kind}", term.value)
