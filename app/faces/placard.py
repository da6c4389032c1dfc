"""What stands on a poster, before anybody draws it."""

import msgspec

from core.errors import InvalidInputError
from core.languages import Language

LONGEST_HEADLINE, LONGEST_LINE = 80, 240


class PosterError(InvalidInputError):
    code = "poster"


class Poster(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands on it. Addresses are those of `campaigns.entries`; "" where that platform is not in use."""

    headline: str
    keyword: str
    line: str = ""
    telegram: str = ""
    more: str = ""
    language: Language = "th"


def check_poster(poster: Poster) -> list[str]:
    """Return the platforms that it names; raises PosterError for words that don't fit, or without any address."""
    names = [name for name in ("line", "telegram") if getattr(poster, name)]
    if not names:
        raise PosterError("a poster needs a platform on which we can be found: connect LINE or Telegram")
    if not 1 <= len(poster.headline.strip()) <= LONGEST_HEADLINE or len(poster.more) > LONGEST_LINE:
        raise PosterError(
            f"a poster has a headline of 1 to {LONGEST_HEADLINE} characters, and at most {LONGEST_LINE} below it"
        )
    return names
