"""What an entry of the directory must say before anybody is told of it."""

import re
from collections.abc import Iterator

from core.errors import ConflictError, InvalidInputError
from core.languages import WHOLE
from referrals.directory.hotlines import Hotline, Opening, shipped_hotlines

# Needs that dialogues and pages ask numbers for: those that came with the program.
KINDS: tuple[str, ...] = tuple(sorted({kind for hotline in shipped_hotlines() for kind in hotline.kinds}))
_NUMBER = re.compile(r"\+?\d[\d\- ]{1,18}\d")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
LONGEST_WORDS, LONGEST_SOURCE = 80, 300
SHORTEST_HOLD, LONGEST_HOLD = 7, 730


class EntryStaysError(ConflictError):
    """The entry may not be hidden, withdrawn or lose its mark: dialogues name it, or a life may hang on it."""

    code = "hotline_stays"


class BadEntryError(InvalidInputError):
    """What an entry says can't stand; the message names the field."""

    code = "bad_hotline"


def check_entry(hotline: Hotline) -> Hotline:
    """Return an entry that may stand; raises BadEntryError naming the field, EntryStaysError."""
    for is_wrong, said in _faults(hotline):
        if is_wrong:
            raise BadEntryError(said)
    if hotline.stays and (hotline.mark != "V" or hotline.when_old == "hidden"):
        raise EntryStaysError("this number is named by dialogues; it stays verified and shown")
    return hotline


def _faults(hotline: Hotline) -> Iterator[tuple[bool, str]]:
    abroad = hotline.dialled_from_abroad
    yield not _NUMBER.fullmatch(hotline.number), "number: digits, with dashes or blanks between them"
    yield bool(abroad and not _NUMBER.fullmatch(abroad)), "dialled_from_abroad: digits, beginning with +"
    for name, words in (("name", hotline.name), ("purpose", hotline.purpose)):
        wrong = any(not 1 <= len(words.get(language, "").strip()) <= LONGEST_WORDS for language in WHOLE)
        yield wrong, f"{name}: in Thai and English, at most {LONGEST_WORDS} letters each"
    yield not hotline.kinds or not hotline.kinds <= set(KINDS), "kinds: at least one that dialogues know"
    spoken = hotline.languages
    yield not spoken or not all(map(_LANGUAGE.fullmatch, spoken)), "languages: codes such as th, en, my"
    yield not 1 <= len(hotline.source) <= LONGEST_SOURCE, "source: where the facts were read"
    yield (
        not SHORTEST_HOLD <= hotline.holds_days <= LONGEST_HOLD,
        f"holds_days: {SHORTEST_HOLD} to {LONGEST_HOLD}",
    )
    yield hotline.always and bool(hotline.hours), "hours: either always, or hours"
    yield any(_is_wrong(one) for one in hotline.hours), "hours: days, and an opening before the closing"


def _is_wrong(opening: Opening) -> bool:
    days = set(opening.days)
    return not days or not days <= set(range(1, 8)) or opening.opens >= opening.closes
