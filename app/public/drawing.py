"""Drawing the page: one template environment, strict about missing values."""

from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2

from app.examining.asking import Told
from app.faces.characters import drop_hidden
from app.faces.drawing import make_environment, static_address
from app.public.dialling import dial, with_numbers
from app.public.limits import MOST_BYTES, MOST_CHARACTERS, MOST_PICTURES
from app.public.words import say
from bots.dispatch.personal_copy import Copy
from core.errors import AppError
from referrals.directory.hotlines import Language

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_MEGABYTE = 1024 * 1024


@cache
def _environment() -> jinja2.Environment:
    environment = make_environment(_HERE / "templates")
    environment.filters |= {"dial": dial, "with_numbers": with_numbers, "harmless": drop_hidden}
    environment.globals |= {"static": partial(static_address, STATIC), "say_in": say}
    return environment


def draw(language: Language, **values: Any) -> str:
    """Draw the page: `problems` are said above the form, `typed` stands in it, `result` below the head.

    A result needs `label`, which says what the page shares with the chat.
    """
    defaults = {
        "typed": "", "agrees": False, "result": None, "in_picture": False, "problems": (), "kept": None,
        "label": None,
    }  # fmt: skip
    return (
        _environment()
        .get_template("check.html")
        .render(
            defaults | values,
            language=language,
            say=partial(say, language),
            most_pictures=MOST_PICTURES,
            most_bytes=MOST_BYTES,
            most_megabytes=MOST_BYTES // _MEGABYTE,
        )
    )


def draw_copy(language: Language, *, copy: Copy | None, gone: bool = False, file: str = "") -> str:
    """Draw the page of one's own data: the button before, the copy after, or that the link is of no use any more."""
    return (
        _environment()
        .get_template("copy.html")
        .render(language=language, say=partial(say, language), copy=copy, gone=gone, file=file)
    )


def draw_no_link() -> str:
    """Draw the page for a short link that leads nowhere, in both languages: nobody said which is read."""
    return _environment().get_template("link.html").render(language="th", say=partial(say, "th"))


def draw_packet_page(problem: str = "", seconds: int = 0) -> str:
    """Draw the page where a code is typed, in both languages; `problem` is "wrong", "wait" or none."""
    template = _environment().get_template("packet.html")
    return template.render(language="th", say=partial(say, "th"), problem=problem, seconds=seconds)


def draw_trouble(language: Language, error: AppError, **values: Any) -> Told:
    """Draw the page that says what was refused and what to do."""
    html = draw(language, problems=(say_trouble(language, error),), **values)
    return Told(error.status, html, getattr(error, "seconds", 0))


def say_trouble(language: Language, error: AppError) -> str:
    """Say what went wrong and what to do."""
    return say(
        language,
        f"problem.{error.code}",
        seconds=getattr(error, "seconds", 0),
        most=f"{MOST_CHARACTERS:,}",
        size=MOST_BYTES // _MEGABYTE,
        count=MOST_PICTURES,
    )
