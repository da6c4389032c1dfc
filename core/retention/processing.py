"""The register of processing (PDPA s.39) as data: see processing.toml."""

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

# From asking to an answer, PDPA s.30 (research: referral.md, section 2, V).
ANSWER_WITHIN_DAYS = 30


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A section of the law; mark "V" where it was read in a source."""

    number: str
    mark: Literal["V", "P", "U"]


class Activity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One processing: all codes."""

    subjects: Literal["citizens", "staff"]
    basis: tuple[str, ...]
    classes: tuple[str, ...]
    recipients: tuple[str, ...]
    safeguards: tuple[str, ...]
    abroad: bool


class Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    section: dict[str, Section]
    activity: dict[str, Activity]


@cache
def register() -> Register:
    """Return the register; raises msgspec.ValidationError for a wrong file."""
    text = resources.files("core.retention").joinpath("processing.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Register)
