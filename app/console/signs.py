"""What the signs of an offer are called, in the language of the request."""

from collections.abc import Mapping
from functools import cache

from app.console.texts import spoken
from nlp.signs import SIGNS, WORDING
from screening.sign_names import ENGLISH


def sign_names() -> Mapping[str, str]:
    """Return the name of each sign by its code."""
    return ENGLISH if spoken.get() == "en" else _thai()


@cache
def _thai() -> Mapping[str, str]:
    return {WORDING.code: WORDING.name} | {sign.code: sign.name for sign in SIGNS}
