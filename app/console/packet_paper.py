"""A packet on paper and as JSON: from what is left once hidden, and from nothing else."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.console.packet_contents import PARTS, WORDED, Contents, Part, evidence_name, in_thai
from app.console.texts import say
from app.console.thai_time import exact
from app.faces.document import Column, Document
from app.faces.printing import print_document
from referrals.cleaning.kinds import Cleaned

_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/wav": "wav",
    "audio/amr": "amr", "audio/amr-wb": "awb", "audio/mp4": "m4a", "video/mp4": "mp4", "application/pdf": "pdf",
}  # fmt: skip
# Of the form of the JSON; changed when a reader would have to change.
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Cover:
    """For whom a packet is, by whom, when; `override` is the ground where the person had not agreed."""

    packet_id: UUID
    agency: str
    who: str
    at: datetime
    with_identity: bool
    override: str | None
    parts: frozenset[Part]

    @property
    def watermark(self) -> str:
        return say("packet.watermark", agency=say(f"agency.{self.agency}"), who=self.who, at=exact(self.at))


@dataclass(frozen=True, slots=True)
class File:
    """A piece of evidence as it goes along: its name and hash in the list, its content where files were chosen."""

    name: str
    kind: str
    at: datetime
    sha256: str
    content: bytes


def files_of(contents: Contents, opened: Mapping[UUID, Cleaned]) -> list[File]:
    return [
        File(
            evidence_name(piece.id, number, _ENDINGS.get(opened[piece.id].media_type, "bin")), piece.kind, piece.at,
            hashlib.sha256(opened[piece.id].content).hexdigest(), opened[piece.id].content,
        )
        for number, piece in enumerate(contents.evidence, 1)
        if piece.id in opened
    ]  # fmt: skip


def draw_packet(cover: Cover, contents: Contents, files: Sequence[File], password: str) -> bytes:
    """Return the packet as an encrypted PDF with the watermark on each page."""
    with in_thai():
        paper = Document(
            title=say("packet.paper"),
            foot=cover.watermark,
            page_of=say("figures.page_of"),
            watermark=cover.watermark,
            lacking=say("packet.lacks_letters"),
            password=password,
        )
        paper.begin(say("packet.paper"))
        paper.say(say("packet.number", id=cover.packet_id.hex[-8:], agency=say(f"agency.{cover.agency}")))
        paper.say(_standing(cover), bold=True)
        paper.say(say("packet.not_a_verdict"), quiet=True)
        paper.head(say("packet.facts"))
        paper.lay_out([Column("", 1), Column("", 2.6)], [fact for fact in _facts(cover, contents) if fact[1]])
        for part in PARTS:
            if part in cover.parts:
                _part(paper, part, contents, files)
    return print_document(paper)


def _standing(cover: Cover) -> str:
    if cover.override:
        return say("packet.overridden", ground=say(f"packet.ground.{cover.override}"))
    return say("packet.agreed_named" if cover.with_identity else "packet.agreed")


def _facts(cover: Cover, contents: Contents) -> list[tuple[str, str]]:
    identity = [(say("packet.phone"), contents.number)] if cover.with_identity else []
    return [*contents.facts, *identity]


def _part(paper: Document, part: Part, contents: Contents, files: Sequence[File]) -> None:
    if part == "files":
        return
    paper.head(say(f"packet.part.{part}"))
    if part in WORDED:
        words = [one for one in contents.words if one.part == part]
        for one in words:
            paper.say(f"{one.label} · {exact(one.at)}", quiet=True)
            paper.say(one.text)
        if not words:
            paper.say(say("packet.nothing"), quiet=True)
    elif part == "timeline":
        events = sorted(contents.events, key=lambda event: event.at)
        columns = [Column(say("packet.when"), 1), Column(say("packet.what"), 2)]
        paper.lay_out(columns, [(exact(event.at), event.what) for event in events])
    elif files:
        columns = [Column(say("packet.file"), 1.3), Column(say("packet.when"), 1), Column("SHA-256", 2)]
        paper.lay_out(columns, [(file.name, exact(file.at), _grouped(file.sha256)) for file in files])
    else:
        paper.say(say("packet.nothing"), quiet=True)


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def to_json(cover: Cover, contents: Contents, files: Sequence[File]) -> bytes:
    """Return the packet for programs; moments in UTC, words in Thai."""
    with in_thai():
        packet: dict[str, Any] = {
            "format": FORMAT,
            "packet": cover.packet_id,
            "agency": cover.agency,
            "made_at": cover.at,
            "made_by": cover.who,
            "with_identity": cover.with_identity,
            "override": cover.override,
            "facts": {name: words for name, words in _facts(cover, contents) if words},
        }
        for part in WORDED:
            if part in cover.parts:
                packet[part] = [
                    {"label": one.label, "at": one.at, "text": one.text}
                    for one in contents.words
                    if one.part == part
                ]
        if "timeline" in cover.parts:
            packet["timeline"] = [{"at": event.at, "what": event.what} for event in contents.events]
        if cover.parts & {"evidence", "files"}:
            packet["evidence"] = [
                {"name": file.name, "kind": file.kind, "at": file.at, "sha256": file.sha256} for file in files
            ]
        return orjson.dumps(packet, option=orjson.OPT_INDENT_2)
