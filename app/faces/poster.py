"""The program that draws one poster, apart from the web process: `python -m app.faces.poster SECONDS`.

One page of A4 for a wall: what a campaign is about, and the codes and the word that begin it.
"""

import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec
import segno

from app.faces.paper import Paper
from app.faces.placard import Poster, check_poster
from core.languages import Language, in_language

_HEADLINE, _LINE, _NAME, _HOW, _WORD = 34.0, 18.0, 20.0, 14.0, 30.0  # points
_SIDE = 78.0  # mm; read from about a metre away
_QUIET_ZONE = 4  # modules of white around a code (ISO/IEC 18004)


def draw_poster(poster: Poster) -> bytes:
    """Return the poster as a PDF; raises PosterError for words that don't fit, or without any address."""
    names = check_poster(poster)
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


if __name__ == "__main__":
    sys.stdout.buffer.write(draw_poster(msgspec.json.decode(sys.stdin.buffer.read(), type=Poster)))
