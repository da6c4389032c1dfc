"""Authored Thai offers to draw, the same ones every time, in two halves: one to develop on, one held out."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import regex

Half = Literal["development", "held_out"]

_FOLDER = Path(__file__).parents[2] / "nlp" / "training" / "texts" / "offers"
_HEADER = regex.compile(r"^@@ (\S+) (\S+) (\S+)$", regex.M)
_SAID = regex.compile(r"^(?:\[(\d\d:\d\d)\] )?([^:/\d\[\]]{1,20}): (.+)$")
_OFFERS = ("deceptive", "genuine")
_ON_PAPER = ("post", "claim", "sms", "line_forward", "group_post", "notice")
_LENGTHS = range(60, 520)  # characters: from a one-line claim to a poster full of small print
# The Thai and Latin subsets of the typefaces; emoji and the like are left out of picture and truth alike.
_UNDRAWN = regex.compile(r"[^\n\x20-\x7e\u00a0-\u00ff\u0e01-\u0e5b\u2010-\u201f\u2022\u2026]")


class Said(NamedTuple):
    """One message of a chat; `time` is empty where the author wrote none."""

    time: str
    name: str
    text: str


class Authored(NamedTuple):
    form: str
    text: str


def read_offers(half: Half, *, chats: bool) -> list[Authored]:
    """Return chats, or what stands on posters; in an order that tells nothing about them."""
    wanted = ("chat",) if chats else _ON_PAPER
    found = [
        offer
        for offer in _read_all()
        if offer.form in wanted and len(offer.text) in _LENGTHS and _half(offer) == half
    ]
    if chats:
        found = [offer for offer in found if len(messages(offer.text)) > 1]
    return sorted(found, key=_mark)


def messages(chat: str) -> list[Said]:
    """Return the messages of a chat; lines that are no message of somebody are left out."""
    return [Said(*match.groups("")) for line in chat.splitlines() if (match := _SAID.match(line))]


def _read_all() -> Iterator[Authored]:
    for path in sorted(_FOLDER.glob("*.txt")):
        parts = _HEADER.split(path.read_text("utf-8"))[1:]
        for label, _, form, text in zip(parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True):
            if label in _OFFERS:
                yield Authored(form, _drawable(text))


def _drawable(text: str) -> str:
    kept = _UNDRAWN.sub("", text.replace("\N{NO-BREAK SPACE}", " "))
    return "\n".join(line for raw in kept.splitlines() if (line := " ".join(raw.split())))


def _mark(offer: Authored) -> bytes:
    return hashlib.sha256(offer.text.encode()).digest()


def _half(offer: Authored) -> Half:
    """By the text itself, so that texts which are added later move none to the other half."""
    return "held_out" if _mark(offer)[-1] % 2 else "development"
