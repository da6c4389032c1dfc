"""Licence numbers of recruiters in one spelling: "น.988/2543", "น ๐๙๘๘/๒๕๔๓" and "น. 988 / 2000" are the same."""

import re

from nlp.normalize import fold

_NUMBER = re.compile(
    r"(?:เลขที่|ที่|no\.?)?\s*(?:(?P<prefix>[ก-ฮ]{1,3}|[a-z]{1,3})\.?)?\s*(?P<number>\d{1,6})\s*/\s*(?P<year>\d{4})"
)
# Years of the Christian era are below, those of the Buddhist era above.
_ERAS_PART = 2400
_ERA = 543


def number_key(written: str) -> str | None:
    """Return "prefix.number/year" (no prefix: "number/year") with the year in the Buddhist era, None for no number."""
    match = _NUMBER.fullmatch(fold(written).text.strip())
    if match is None:
        return None
    year = int(match["year"])
    year += 0 if year > _ERAS_PART else _ERA
    bare = f"{int(match['number'])}/{year}"
    return f"{match['prefix']}.{bare}" if match["prefix"] else bare


def has_prefix(key: str) -> bool:
    return "." in key
