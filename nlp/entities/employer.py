"""Names of employers as written: companies, partnerships, factories."""

import re
from itertools import islice

from nlp.findings import Entity
from nlp.prepared import Prepared

_THAI_COMPANY = re.compile(
    r"(?:บริษัท|บจก\.?|บมจ\.?|หจก\.?|ห้างหุ้นส่วนจำกัด)\s*(?P<name>[ก-๙a-z0-9&().,'\- ]{2,60}?)\s*(?:จำกัด(?:\s*\(มหาชน\))?|\(มหาชน\))"
)
_THAI_SHORT = re.compile(r"(?:บจก\.?|หจก\.?|บมจ\.?)\s*(?P<name>[ก-๙a-z0-9&.\-]{3,30})")
_LATIN_COMPANY = re.compile(
    r"(?<![a-z0-9&.'\-])(?P<name>(?:[a-z0-9&.'\-]{1,40}\s){1,6}?)(?:co\.?,?\s?ltd\.?|company\s(?:limited|ltd)\.?|limited|ltd\.?|inc\.?|corp(?:oration)?\.?|sdn\.?\s?bhd\.?|pte\.?\s?ltd\.?|llc)(?![a-z])"
)
_THAI_WORDS = ("บริษัท", "บจก", "บมจ", "หจก", "ห้างหุ้นส่วน")
_LATIN_WORD = re.compile(r"(?:ltd|limited|inc|corp|corporation|bhd|llc)(?![a-z])")
_MOST = 40  # names looked at of each form


def find(prepared: Prepared) -> list[Entity]:
    text = prepared.folded.text
    thai = any(word in text for word in _THAI_WORDS)
    latin = _LATIN_WORD.search(text) is not None
    found: list[Entity] = []
    for pattern in _patterns(thai=thai, latin=latin):
        for match in islice(pattern.finditer(text), _MOST):
            name = match["name"].strip(" .,")
            first, last = prepared.folded.given(*match.span())
            if len(name) >= 2 and not any(entity.start < last and first < entity.end for entity in found):
                found.append(Entity(name, first, last, {}))
    return sorted(found, key=lambda entity: entity.start)


def _patterns(*, thai: bool, latin: bool) -> list[re.Pattern[str]]:
    """The patterns that may match, surest first."""
    if not thai:
        return [_LATIN_COMPANY] if latin else []
    return [_THAI_COMPANY, _LATIN_COMPANY, _THAI_SHORT] if latin else [_THAI_COMPANY, _THAI_SHORT]
