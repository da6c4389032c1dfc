"""Names that people gave in their words: behind a word that announces a name, and nowhere else."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from pythainlp.corpus import thai_family_names, thai_female_names, thai_male_names

from nlp.normalize import normal_word
from nlp.segment import words

# "ชื่อสมชาย", "นางสาวมาลี ทองดี", "my name is Somchai". The name lies ahead, so that one may announce another.
_TITLE = r"นางสาว|น\.ส\.|ด\.ช\.|ด\.ญ\.|เด็กชาย|เด็กหญิง|(?<![ก-๙])นาย(?!จ้าง|หน้า|ทุน|ก|อำเภอ|แพทย์)|(?<![ก-๙])นาง(?!แบบ|งาม|ฟ้า)"
_ANNOUNCED = re.compile(
    rf"(?:(?P<title>{_TITLE})|ชื่อจริง|ชื่อเล่น|ชื่อว่า|ชื่อ)(?=\s*[:=]?\s*(?P<name>[ก-๙]{{2,40}})(?:\s+(?P<family>[ก-๙]{{2,25}}))?)"
)
_LATIN = re.compile(
    r"\b(?:my name is|name\s*[:=])\s*(?P<name>[a-z]{2,30})(?:\s+(?P<family>[a-z]{2,30}))?", re.IGNORECASE
)
_LONGEST_TEXT = 4_000
_MOST = 20


def names_in(text: str) -> set[str]:
    """Return names in normal form: each given name alone, and with its family name where one follows."""
    found: set[str] = set()
    for match in islice(_ANNOUNCED.finditer(text[:_LONGEST_TEXT]), _MOST):
        found.update(_thai(match))
    for match in islice(_LATIN.finditer(text[:_LONGEST_TEXT]), _MOST):
        found.add(match["name"])
        if match["family"]:
            found.add(f"{match['name']} {match['family']}")
    return {normal_word(name) for name in found}


def _thai(match: re.Match[str]) -> Iterator[str]:
    run, family = match["name"], match["family"]
    given = _known_beginning(run) or words(run)[0]
    yield given
    if match["title"] and run != given:
        # Behind a title the whole run is the name, also one that no list knows.
        yield run
    if family and (match["title"] or (given == run and family in _family_names())):
        yield f"{run} {family}"


def _known_beginning(run: str) -> str | None:
    """The longest known given name that a run of letters begins with: Thai has no blank behind it."""
    known = _given_names()
    return next((run[:end] for end in range(len(run), 1, -1) if run[:end] in known), None)


@cache
def _given_names() -> frozenset[str]:
    return frozenset(thai_male_names() | thai_female_names())


@cache
def _family_names() -> frozenset[str]:
    return frozenset(thai_family_names())
