"""The page's words, its invented people and the messages to try, read from the data files beside it."""

import tomllib
from datetime import datetime
from importlib import resources
from typing import Any

import msgspec

from core.clock import bangkok
from simulator.faults import Platform

_BUDDHIST = 543


class Invented(msgspec.Struct, frozen=True):
    """A person of the demo; a `friend` has added the account already."""

    platform: Platform
    name: str
    about: str
    friend: bool


class Sample(msgspec.Struct, frozen=True):
    """A message to try with one click."""

    name: str
    text: str


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("app.sandbox").joinpath(name).read_text("utf-8"))


WORDS = _read("words.toml")
PEOPLE = msgspec.convert(_read("people.toml")["person"], list[Invented])
SAMPLES = msgspec.convert(_read("samples.toml")["sample"], list[Sample])


def clock_of(moment: datetime) -> str:
    """23:05"""
    return f"{bangkok(moment):%H:%M}"


def day_of(moment: datetime) -> str:
    """จันทร์ 23 พ.ย. 2569"""
    local = bangkok(moment)
    times = WORDS["time"]
    weekday, month = times["weekdays"][local.weekday()], times["months"][local.month - 1]
    return f"{weekday} {local.day} {month} {local.year + _BUDDHIST}"
