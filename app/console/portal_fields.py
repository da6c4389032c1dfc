"""What stands in a request, label by label, in words of the language of the page."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.console.agency_words import say_named
from app.console.case_agencies_words import say_value
from referrals.agencies.templates import templates


class Said(NamedTuple):
    """A label and what stands under it."""

    label: str
    text: str


def say_fields(values: Mapping[str, Any]) -> list[Said]:
    """Say fields in the order of templates.toml; where the case says nothing, the field is left out."""
    return [
        Said(say_named(field, code), said)
        for code, field in templates().field.items()
        if (said := say_value(code, values.get(code)))
    ]


def say_identity(parts: Mapping[str, str]) -> list[Said]:
    """Say the parts of an identity that were given."""
    known = templates().identity
    return [Said(say_named(known.get(code), code), text) for code, text in parts.items()]
