"""Handles that an offer gives to reach somebody or to pay, in the form in which two offers name the same one."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from typing import get_args

import msgspec

from core.crypto.keyset import Keyset
from nlp.findings import Entity, Judgement
from screening.standing import HandleKind

KINDS: tuple[HandleKind, ...] = get_args(HandleKind)
_SHARED_HOSTS = frozenset(
    tomllib.loads(resources.files("screening").joinpath("shared_hosts.toml").read_text("utf-8"))["hosts"]
)
_SECOND_LEVELS = frozenset({"co", "or", "ac", "go", "in", "mi", "net", "com", "org", "edu", "gov"})
# An offer names a handful; a text of hundreds is no reason for hundreds of look-ups.
_MOST = 12


class Handle(msgspec.Struct, frozen=True):
    """One handle with its place in the text as given."""

    kind: HandleKind
    value: str
    start: int
    end: int


def handles_in(judgement: Judgement) -> tuple[Handle, ...]:
    """Return the different handles of an offer, at most twelve; official sites and names of pages are none."""
    return _handles_among(judgement.entities)


def _handles_among(entities: Mapping[str, Sequence[Entity]]) -> tuple[Handle, ...]:
    found: dict[tuple[HandleKind, str], Handle] = {}
    for kind in KINDS:
        for entity in entities.get(kind, ()):
            for value in _values(kind, entity):
                found.setdefault((kind, value), Handle(kind, value, entity.start, entity.end))
    return tuple(found.values())[:_MOST]


def print_of_handle(keyset: Keyset, kind: HandleKind, value: str) -> bytes:
    return keyset.index(f"handle-{kind}", value)


def read_handle(
    kind: HandleKind, written: str, entities_in: Callable[[str], Mapping[str, Sequence[Entity]]]
) -> str | None:
    """Return the form in which a handle is kept, from how staff wrote it; None for what an offer would not give so.

    `entities_in` is nlp's: it needs the lexicon.
    """
    for text in (written, f"{kind.replace('_', ' ')}: {written}"):
        for handle in _handles_among(entities_in(text)):
            if handle.kind == kind:
                return handle.value
    return None


def _values(kind: HandleKind, entity: Entity) -> Iterator[str]:
    if kind == "url":
        yield from _site(entity)
    elif kind == "facebook":
        # A name may be anybody's; only a link names one page.
        if entity.detail.get("kind") == "link":
            yield entity.value.casefold()
    elif kind == "telegram":
        yield entity.value.lstrip("@").casefold()
    else:
        yield entity.value


def _site(entity: Entity) -> Iterator[str]:
    """The registrable domain; on a shortener or a host that all share, the page."""
    host = str(entity.detail.get("host", entity.value))
    kind = entity.detail.get("kind")
    if kind == "official":
        return
    domain = registrable(host)
    if kind != "shortener" and domain not in _SHARED_HOSTS and host not in _SHARED_HOSTS:
        yield domain
    elif "/" in entity.value:
        yield entity.value.rstrip("/")
    elif host != domain:
        yield host


def registrable(host: str) -> str:
    """Return the part of a host that somebody registered: `a.b.co.th` → `b.co.th`."""
    labels = host.casefold().split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS else 2
    return ".".join(labels[-keep:])
