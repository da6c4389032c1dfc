"""The word that opens more than the bare status: of a person's own choosing, kept only as a keyed hash of one referral."""

import unicodedata
from uuid import UUID

import regex

from core.crypto.keyset import Keyset

_SPACE = regex.compile(r"\s+")
# Keyboards add marks that nobody types on purpose: joiners and variation selectors.
_UNSEEN = regex.compile(r"[\p{Cf}\ufe00-\ufe0f]")


def as_code_word(text: str) -> str:
    """The form in which a word is compared: case, spaces at the ends and unseen characters don't count."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", text).casefold())
    return _SPACE.sub(" ", seen).strip()


def code_word_key(keyset: Keyset, referral_id: UUID, word: str) -> bytes:
    """The same word of another referral has another hash, so that equal words don't show."""
    return keyset.index("code_word", f"{referral_id}:{as_code_word(word)}")
