"""Draws the page and its parts."""

from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.sandbox.desk import HERE
from app.sandbox.journey import Journey
from app.sandbox.screen import Screen
from app.sandbox.words import SAMPLES, WORDS


def _kind(part: msgspec.Struct) -> str:
    """The tag of a part of a view."""
    return str(part.__struct_config__.tag)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = _kind
    environment.globals["w"] = WORDS
    environment.globals["samples"] = SAMPLES
    return environment


_jinja = _environment()


def draw(template: str, **values: Any) -> str:
    return _jinja.get_template(template).render(values)


def draw_chat(screen: Screen) -> str:
    return draw("chat.html", screen=screen)


def draw_controls(screen: Screen) -> str:
    return draw("controls.html", screen=screen)


def draw_journeys(journeys: list[Journey]) -> str:
    return draw("journey.html", journeys=journeys)


def draw_trouble(title: str, more: str = "") -> str:
    return draw("trouble.html", title=title, more=more)
