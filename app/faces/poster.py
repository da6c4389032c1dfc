"""A poster for a wall: what a campaign is about, and the codes and the word that begin it. One page of A4."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
import segno

from app.faces.paper import Paper
from core.errors import InvalidInputError
from core.languages import Language, in_language

LONGEST_HEADLINE, LONGEST_LINE = 80, 240
_HEADLINE, _LINE, _NAME, _HOW, _WORD = 34.0, 18.0, 20.0, 14.0, 30.0  # points
_SIDE = 78.0  # mm; read from about a metre away
_QUIET_ZONE = 4  # modules of white around a code (ISO/IEC 18004)


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


def draw_poster(poster: Poster) -> bytes:
    """Return the poster as a PDF; raises PosterError for words that don't fit, or without any address."""
    names = [name for name in ("line", "telegram") if getattr(poster, name)]
    if not names:
        raise PosterError("a poster needs a platform on which we can be found: connect LINE or Telegram")
    if not 1 <= len(poster.headline.strip()) <= LONGEST_HEADLINE or len(poster.more) > LONGEST_LINE:
        raise PosterError(
            f"a poster has a headline of 1 to {LONGEST_HEADLINE} characters, and at most {LONGEST_LINE} below it"
        )
    words = in_language(_words(), poster.language)
    paper = Paper(title=poster.headline, foot=words["foot"], page_of=words["page"])
    paper.rest(6)
    paper.call_out(poster.headline, _HEADLINE, bold=True)
    if poster.more:
        paper.call_out(poster.more, _LINE)
    paper.rest(10)
    paper.columns([words[name] for name in names], _NAME, bold=True)
    paper.squares([_matrix(getattr(poster, name)) for name in names], _SIDE)
    paper.columns([words[f"{name}_how"] for name in names], _HOW)
    paper.rest(8)
    paper.call_out(words["typed"], _LINE)
    paper.call_out(f"“{poster.keyword}”", _WORD, bold=True)
    paper.call_out(words["nameless"], _HOW)
    return paper.to_bytes()


def _matrix(address: str) -> list[list[int]]:
    code = segno.make_qr(address, error="m")
    return [list(row) for row in code.matrix_iter(border=_QUIET_ZONE)]


@cache
def _words() -> Mapping[Language, Mapping[str, str]]:
    return tomllib.loads(resources.files("app.faces").joinpath("poster.toml").read_text("utf-8"))
