"""What an agency may be given: fields, identity and files, by template; and reasons as codes. From templates.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

# "codes", "code", "day", "place" and "people" are filled from the case; "words" are written by staff.
Form = Literal["codes", "code", "day", "place", "people", "words"]


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code's words on pages."""

    th: str
    en: str


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field that may be chosen. In words of `names_others` it may say who somebody else is: whoever is accused."""

    th: str
    en: str
    form: Form
    names_others: bool = False

    @property
    def is_written(self) -> bool:
        """Whether staff write it; the others are filled from the case."""
        return self.form == "words"


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What agencies of this template may be given: fields, and in a second step parts of the identity; and which files
    go there (`gives`) and come back (`takes`).
    """

    th: str
    en: str
    fields: tuple[str, ...]
    identity: tuple[str, ...]
    gives: tuple[str, ...]
    takes: tuple[str, ...]


class Templates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of templates.toml, by code."""

    version: str
    field: Mapping[str, Field]
    identity: Mapping[str, Named]
    slot: Mapping[str, Named]
    template: Mapping[str, Template]
    # Why an agency declines, why the hotline recalls, how a service ended, and on what ground it went without consent.
    decline: Mapping[str, Named]
    recall: Mapping[str, Named]
    outcome: Mapping[str, Named]
    ground: Mapping[str, Named]


@cache
def templates() -> Templates:
    """Return all templates."""
    text = resources.files(__package__).joinpath("templates.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Templates)
