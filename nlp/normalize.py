"""The normal form of a message, with a map back to the text as given.

Two forms share one idea: `fold` makes every character plain (case, digits, look-alikes, Thai spelling) and undoes what
hides words from a reader of folded text (letters apart, other keyboard, other letters), `squeeze` also drops what people
put between Thai letters. Every character of a form knows which code points it came from, so that a span found there can
be quoted from the text as given.
"""

import re

from nlp.characters import GONE, in_lower_case, plain_characters
from nlp.keyboard import typed_in_latin, typed_in_thai
from nlp.latin import plain_latin, without_foreign_letters
from nlp.lines import mended, unwrapped
from nlp.normal import Normal as Normal
from nlp.normal import as_given, removed, replaced
from nlp.respelling import is_odd, respelled
from nlp.spelled_out import joined
from nlp.tables import read_pairs
from nlp.thai_spelling import spelled_in_order, undoubled

LIMIT = 4_000  # code points looked at closely: a LINE message holds 5,000, an offer about 300
_GONE_RUN = re.compile(GONE + "+")
_SPELLINGS = read_pairs("spellings.tsv")
_MISSPELT = re.compile("|".join(sorted(map(re.escape, _SPELLINGS), key=len, reverse=True)))
_THAI = "[\u0e01-\u0e4e]"
_PUT_BETWEEN = ".*_~|•·^`\"'“”‘’"
# ก.า.สิ*โน; blanks after a Thai letter; blanks before one. The first class lets the search skip from blank to blank.
_BETWEEN_THAI = re.compile(
    rf"[ {_PUT_BETWEEN}](?:(?<={_THAI}[ ])(?:[ ]*[{_PUT_BETWEEN}]+[ ]*(?={_THAI})|[ ]*)"
    rf"|(?<={_THAI}[{_PUT_BETWEEN}])[{_PUT_BETWEEN}]*[ ]*(?={_THAI})"
    rf"|(?<=[ ])[ ]*(?={_THAI}))"
)


def fold(text: str) -> Normal:
    """Plain characters: case, digits, look-alikes, Thai spelling and white space made one; first `LIMIT` only."""
    normal = plain_characters(unwrapped(as_given(text[:LIMIT])))
    odd = normal.odd
    if GONE in normal.text:
        normal = removed(normal, _GONE_RUN)
    normal = typed_in_latin(without_foreign_letters(normal))
    normal = undoubled(plain_latin(in_lower_case(normal)))
    odd = odd or is_odd(normal.text)
    normal = spelled_in_order(normal)
    close = joined(normal)
    if close is not normal:
        normal = spelled_in_order(close)
    normal = respelled(typed_in_thai(mended(normal)), odd=odd)
    return Normal(normal.text, normal.starts, normal.ends, odd)


def squeeze(folded: Normal) -> Normal:
    """The folded form without blanks beside Thai letters, without dots or stars between them, in one spelling."""
    close = removed(folded, _BETWEEN_THAI)
    apart = close is not folded
    plain = replaced(close, _MISSPELT, lambda match: _SPELLINGS[match[0]])
    return respelled(plain, odd=True) if folded.odd and apart else plain


def normal_word(word: str) -> str:
    """The squeezed form of a lexicon word, so that lexicon and message meet in one spelling."""
    return squeeze(fold(word)).text
