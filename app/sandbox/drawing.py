"""Draws the page and its parts."""

from typing import Any

from jinja2 import Environment

from app.faces.drawing import make_environment
from app.sandbox.desk import HERE
from app.sandbox.journey import Journey
from app.sandbox.screen import Screen
from app.sandbox.words import SAMPLES, WORDS


def _environment() -> Environment:
    environment = make_environment(HERE / "templates")
    environment.globals |= {"w": WORDS, "samples": SAMPLES}
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
