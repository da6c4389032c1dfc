"""Words between the two sides: their length, and whether they may name somebody."""

from referrals.agencies.naming import names_somebody
from referrals.desk.sealed import plain
from referrals.referring.errors import NamesSomebodyError, WordsLengthError

LONGEST_NOTE = 2_000
LONGEST_REASON = 500
LONGEST_CITIZEN_TEXT = 500


def note_of(typed: str, *, longest: int = LONGEST_NOTE) -> str:
    """Return optional words as they are kept; raises WordsLengthError."""
    said = plain(typed)
    if len(said) > longest:
        raise WordsLengthError(f"write at most {longest} characters")
    return said


def reason_of(typed: str) -> str:
    """Return a reason, which must be given; raises WordsLengthError."""
    said = note_of(typed, longest=LONGEST_REASON)
    if not said:
        raise WordsLengthError("say why")
    return said


def nameless(field: str, said: str, *, looked_through: bool) -> str:
    """Return words in which nobody is named, or that somebody looked through; raises NamesSomebodyError."""
    if not looked_through and names_somebody(said):
        raise NamesSomebodyError((field,))
    return said
