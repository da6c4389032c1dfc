"""What a packet can hold, gathered in Thai, the language of those who receive it, and what is left of it once hidden."""

import contextlib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.console.report_view import View, say_reason, triage_word, view_of
from app.console.texts import FIRST, say, say_or, spoken
from app.console.words import harmless
from app.runtime import Runtime
from core.contacts.models import ContactRule
from core.errors import KeyDestroyedError
from referrals.cases import Case
from referrals.desk.notes import read_notes
from referrals.evidence import Piece as Evidence
from referrals.evidence import list_evidence
from referrals.models import Referral
from referrals.packets.graphemes import Span, hide, merge
from referrals.packets.keeping import Made, read_made
from referrals.questionnaires.places import say_place
from referrals.reaching import PHONE
from referrals.reports import Consent, read_report
from referrals.telephone import read_number
from referrals.thread import Line

Part = Literal["answers", "thread", "notes", "timeline", "evidence", "files"]
PARTS: tuple[Part, ...] = get_args(Part)
# Parts that hold somebody's words, in which places can be hidden.
WORDED: tuple[Part, ...] = ("answers", "thread", "notes")


@dataclass(frozen=True, slots=True)
class Words:
    """Something that somebody said or wrote; `id` is the same as long as its text is."""

    id: str
    part: Part
    label: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the report, in words."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that may go along. `facts` are codes in words, `number` is whom staff called."""

    words: tuple[Words, ...]
    facts: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    evidence: tuple[Evidence, ...]
    consents: tuple[Consent, ...]
    number: str
    made: tuple[Made, ...]

    @property
    def texts(self) -> dict[str, str]:
        return {one.id: one.text for one in self.words}

    @property
    def version(self) -> str:
        """Names the texts: what was marked in other ones is not hidden in these."""
        return hashlib.sha256(repr(sorted(self.texts.items())).encode()).hexdigest()[:32]


async def gather(session: AsyncSession, runtime: Runtime, case: Case) -> Contents:
    """Gather what may go along from a case whose words the caller may read."""
    referral, keys = case.referral, runtime.keys
    report = await read_report(session, keys, referral)
    rule = await session.get(ContactRule, referral.contact_id)
    # An agency reads what was written for it, and what the person reads.
    notes = await read_notes(session, keys, referral, None, frozenset({"partner"}))
    evidence = tuple(piece for piece in await list_evidence(session, referral.id) if piece.state == "kept")
    with _in_thai():
        view = view_of(report, referral, rule)
        return Contents(
            words=(
                *_answers(view),
                *_thread(case.lines),
                *(
                    Words(f"note-{note.id.hex}", "notes", say(f"note.level.{note.level}"), harmless(note.text), note.at)
                    for note in reversed(notes)
                    if note.text
                ),
            ),
            facts=tuple(_facts(referral, view)),
            events=tuple(_events(case)),
            evidence=evidence,
            consents=report.consents,
            number=await _number(session, runtime, referral),
            made=tuple(await read_made(session, keys, referral)),
        )  # fmt: skip


@contextlib.contextmanager
def _in_thai() -> Iterator[None]:
    token = spoken.set(FIRST)
    try:
        yield
    finally:
        spoken.reset(token)


def in_thai() -> contextlib.AbstractContextManager[None]:
    """Say everything in the language of those who receive packets."""
    return _in_thai()


def _answers(view: View | None) -> Iterator[Words]:
    if view is None:
        return
    lines = [line for column in view.grid.values() for line in column]
    seen: set[str] = set()
    for line in (*lines, *view.others):
        # One answer may stand in two columns.
        if line.question not in seen:
            seen.add(line.question)
            piece = hashlib.sha256(line.question.encode()).hexdigest()[:12]
            yield Words(f"answer-{piece}", "answers", line.question, harmless(line.answer), line.at)


def _thread(lines: Sequence[Line]) -> Iterator[Words]:
    for line in lines:
        if line.mark is None and line.text:
            text = harmless(line.text.replace("\r\n", "\n"))
            yield Words(f"line-{line.id.hex}", "thread", say(f"line.{line.author}"), text, line.at)


def _facts(referral: Referral, view: View | None) -> Iterator[tuple[str, str]]:
    yield say("case.priority"), f"{referral.priority} {say(f'priority.{referral.priority}')}"
    yield say("case.signals"), ", ".join(say_or(f"kind.{kind}", "kind.other") for kind in referral.kinds)
    yield say("case.reasons"), ", ".join(say_reason(reason) for reason in referral.reasons)
    yield say("report.bands"), ", ".join(triage_word("band", band) for band in referral.bands)
    yield say("report.signs"), ", ".join(view.signs) if view else ""
    # A province or a country; a point on the map is an answer, which can be hidden.
    yield say("report.place"), say_place(referral.place, spoken.get()) if referral.place else ""
    yield say("report.contact"), view.wish if view else ""
    yield say("case.channel"), say_or(f"channel.{referral.channel}", "channel.other")


def _events(case: Case) -> Iterator[Event]:
    referral = case.referral
    yield Event(say("packet.event.opened"), referral.opened_at)
    for line in case.lines:
        if line.mark is not None and line.mark != "priority":
            yield Event(say_or(f"packet.event.{line.mark}", "packet.event.other"), line.at)
    if referral.first_answer_at:
        yield Event(say("packet.event.answered"), referral.first_answer_at)


async def _number(session: AsyncSession, runtime: Runtime, referral: Referral) -> str:
    if referral.channel != PHONE:
        return ""
    try:
        return await read_number(session, runtime.keys, referral)
    except KeyDestroyedError:
        return ""


def hidden(contents: Contents, ranges: Mapping[str, Sequence[Span]], mark: str) -> Contents:
    """Return the contents with every range gone; what was there is in nothing of it."""
    words = tuple(replace(one, text=hide(one.text, ranges.get(one.id, ()), mark)) for one in contents.words)
    return replace(contents, words=words)


def count_hidden(ranges: Mapping[str, Sequence[Span]]) -> int:
    return sum(len(merge(spans)) for spans in ranges.values())


def evidence_name(evidence_id: UUID, number: int, ending: str) -> str:
    """A neutral name of a file, in the order in which they came."""
    return f"evidence-{number:02}-{evidence_id.hex[-6:]}.{ending}"
