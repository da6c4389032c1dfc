"""One person's turn, free of the database: their events in order through the dialogues, asking for facts as needed.

A turn is a generator: it yields what it wants to know and is sent the answers, so that the facts of a whole batch of
people can be fetched by one query each.
"""

import secrets
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from bots.dialogues.conversation import advance
from bots.dispatch.crowding import within_room
from bots.dispatch.keyboards import Pressed, pressed_by, with_place_key
from bots.dispatch.people import Person
from bots.dispatch.recent import with_recent
from bots.engine.events import Event
from bots.engine.steps import (
    ClearChatEffect,
    Effect,
    Facts,
    OpenReferralEffect,
    ScreeningEffect,
    State,
    Step,
    TypingEffect,
    Wanted,
)
from core.clock import bangkok
from core.messages.content import Bubble, Content
from nlp.judgement import Crisis, Judgement, judge
from screening.offers import Offer, offer_of
from screening.waves import Place

_CALM = Crisis(level="none", kinds=(), score=0.0)
_NOT_WRITTEN = ("unfollow", "unsend", "leave", "other", "reading", "evidence")
_READ_KINDS = ("text", "reading", "edit")
_WITH_WORDS = ("picture", "audio", "file")
_OFFERS = ("danger", "caution")
# A dialogue that keeps asking would never end its turn.
_MOST_QUESTIONS = 3
# What one LINE call takes.
_MOST_MERGED = 5

EventOutcome = Literal["answered", "merged", "no_answer"]


class Arrived(NamedTuple):
    """One event of the turn, with the id of its row."""

    row_id: UUID
    event: Event
    received_at: datetime


class Want(NamedTuple):
    """A fact that only the database has; `bots.dispatch.wants` says who fetches it."""

    kind: Wanted
    person: Person
    # The words or the press that it is about, or what the dialogue named.
    about: str
    offer: Offer | None = None


@dataclass(slots=True)
class Turn:
    """What came of a turn."""

    person: Person
    state: State
    reply: Content | None = None
    is_crisis: bool = False
    # Effects with the event that caused each.
    effects: list[tuple[Arrived, Effect]] = field(default_factory=list)
    outcomes: dict[UUID, EventOutcome] = field(default_factory=dict)
    handle: str = ""
    handle_until: float = 0.0
    wrote: bool = False
    acknowledge: list[str] = field(default_factory=list)
    # By their number, messages whose keys served.
    pressed: dict[int, Pressed] = field(default_factory=dict)
    # What the open referral holds of pictures, voices and files, those of this turn included.
    pieces: int = 0
    received_at: datetime | None = None
    # When the person last wrote, as far as this turn knows (invariants 9 and 10).
    wrote_at: datetime | None = None
    # Places of the offers that were looked up, by their event: they are stored without being looked up again.
    places: dict[UUID, Place] = field(default_factory=dict)
    # By platform the name under which we are found there.
    our_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def hides(self) -> bool:
        """Somebody else may be reading: behind the decoy face, or by the person's last word until they write again."""
        raised = [effect for _, effect in self.effects if isinstance(effect, OpenReferralEffect)]
        return self.state.decoy or bool(raised and "cannot_talk" in raised[-1].reasons)

    @property
    def last_inbound_at(self) -> datetime | None:
        return max(filter(None, (self.wrote_at, self.person.last_inbound_at)), default=None)

    @property
    def shows_typing(self) -> bool:
        return any(isinstance(effect, TypingEffect) for _, effect in self.effects)


def run_turn(
    person: Person, arrived: list[Arrived], now: datetime, our_ids: Mapping[str, str] | None = None
) -> Generator[Want, Any, Turn]:
    """Advance the person's dialogue by every event; merge the answers into one."""
    turn = Turn(person=person, state=person.state, our_ids=our_ids or {}, pieces=person.pieces)
    replies: list[tuple[Arrived, Content, bool]] = []
    for item in (part for whole in arrived for part in _parts(whole)):
        _note_arrival(turn, item)
        step = (yield from _advance(turn, item, now)) if _is_for_dialogue(item.event) else None
        if step is None:
            turn.outcomes[item.row_id] = "no_answer"
            continue
        step, turn.pieces = within_room(step, turn.pieces)
        turn.state = step.state
        if any(isinstance(effect, ClearChatEffect) for effect in step.effects):
            # Who leaves must not be shown now what they asked a moment ago.
            replies, turn.is_crisis, turn.pressed = [], False, {}
        turn.is_crisis |= step.crisis
        turn.effects += [(item, effect) for effect in step.effects]
        turn.outcomes[item.row_id] = "no_answer"
        if step.reply is not None:
            replies.append((item, step.reply, step.crisis))
            _note_pressed(turn, item.event, step)
    _merge(turn, replies)
    if person.channel == "telegram":
        if turn.reply is not None:
            turn.state, turn.reply = with_place_key(turn.state, turn.reply)
        turn.state = with_recent(turn.state, ((item.event, item.received_at) for item in arrived), now)
    return turn


def _parts(item: Arrived) -> tuple[Arrived, ...]:
    """Words beside a picture or file are heard by themselves where they are a call for help or an offer; otherwise they
    only say what the picture is.
    """
    event = item.event
    if not event.text or event.kind not in _WITH_WORDS:
        return (item,)
    bare = item._replace(event=msgspec.structs.replace(event, text=""))
    judgement = judge(event.text)
    if event.place == "direct" and judgement.crisis.level == "none" and judgement.band not in _OFFERS:
        return (bare,)
    return item._replace(event=msgspec.structs.replace(event, kind="text", media="")), bare


def _note_arrival(turn: Turn, item: Arrived) -> None:
    event = item.event
    turn.received_at = turn.received_at or item.received_at
    if event.handle and event.kind == "press" and turn.person.channel == "telegram":
        turn.acknowledge.append(event.handle)
    elif event.handle and event.handle_until >= turn.handle_until:
        turn.handle, turn.handle_until = event.handle, event.handle_until
    if event.place == "group":
        # Whoever reads it is at the screen, and nothing said there is private.
        turn.wrote_at = max(filter(None, (turn.wrote_at, _said_at(item))))
    elif event.kind not in _NOT_WRITTEN:
        turn.wrote = True
        turn.wrote_at = max(filter(None, (turn.wrote_at, _said_at(item))))


def _note_pressed(turn: Turn, event: Event, step: Step) -> None:
    """Keys that were answered go, but with a chat that is cleared they go anyway."""
    pressed = pressed_by(event)
    if pressed is not None and not any(isinstance(effect, ClearChatEffect) for effect in step.effects):
        turn.pressed[pressed.message] = pressed


def _said_at(item: Arrived) -> datetime:
    """What a platform held back while we were away was said long before we received it."""
    said_at = item.event.said_at
    if not 0 < said_at < item.received_at.timestamp():
        return item.received_at
    return datetime.fromtimestamp(said_at, UTC)


def _is_for_dialogue(event: Event) -> bool:
    """Leaving and unfollow are the dispatcher's own business."""
    return event.kind not in ("unfollow", "leave")


def _merge(turn: Turn, replies: list[tuple[Arrived, Content, bool]]) -> None:
    if not replies:
        return
    for item, _, _ in replies:
        turn.outcomes[item.row_id] = "merged"
    last_item, last, _ = replies[-1]
    turn.outcomes[last_item.row_id] = "answered"
    turn.reply = Content(
        bubbles=_fitting([(content, crisis) for _, content, crisis in replies]),
        choices=last.choices,
        notice=last.notice,
        sensitive=any(content.sensitive for _, content, _ in replies),
        harmless=all(content.harmless for _, content, _ in replies),
        language=turn.state.language,
    )


def _fitting(contents: Sequence[tuple[Content, bool]]) -> tuple[Bubble, ...]:
    """Put the answers of several messages into one, the same words once; the flag marks answers to a call for help.

    Who sends twenty messages at once is answered in one call: more would cost pushes, and a flood of them the month's
    quota. Answers to a call for help come first and whole, then the newest of the others.
    """
    urgent = list(dict.fromkeys(b for content, crisis in contents if crisis for b in content.bubbles))
    # What is said again stands where it was said last: a question that is repeated is the last thing to be read.
    others = [b for content, crisis in contents if not crisis for b in content.bubbles]
    newest = [bubble for bubble in [*dict.fromkeys(others[::-1])][::-1] if bubble not in urgent]
    room = max(_MOST_MERGED - len(urgent), 0 if urgent else len(contents[-1][0].bubbles))
    return tuple(urgent + (newest[-room:] if room else []))


def _advance(turn: Turn, item: Arrived, now: datetime) -> Generator[Want, Any, Step]:
    facts = _facts(item.event, turn, now)
    for _ in range(_MOST_QUESTIONS):
        step = advance(turn.state, item.event, facts)
        if not step.wanted:
            return step
        facts = yield from _fetch(facts, step, item, turn)
    return Step(state=turn.state)


def _facts(event: Event, turn: Turn, now: datetime) -> Facts:
    person = turn.person
    said = event.quoted or event.text
    judgement = judge(said) if said and event.kind in _READ_KINDS else None
    return Facts(
        now=bangkok(now),
        crisis=_crisis(event, judgement),
        intent="" if judgement is None else judgement.intent,
        judgement=judgement,
        open_referral=person.open_referral,
        campaigns_agreed=person.campaigns_agreed,
        receipt=f"{secrets.randbelow(10**16):016d}",
        channel=person.channel,
        our_ids=turn.our_ids,
    )


def _crisis(event: Event, judgement: Judgement | None) -> Crisis:
    """A picture may show somebody else's words: help is offered, but nothing is opened by itself."""
    if judgement is None:
        return _CALM
    if event.kind == "reading" and judgement.crisis.level == "urgent":
        return msgspec.structs.replace(judgement.crisis, level="concern")
    return judgement.crisis


def _fetch(facts: Facts, step: Step, item: Arrived, turn: Turn) -> Generator[Want, Any, Facts]:
    changes: dict[str, Any] = {"fetched": facts.fetched | step.wanted}
    person, event = turn.person, item.event
    if "similar" in step.wanted:
        offer = offer_of(event.text, facts.judgement, person.contact_id) if facts.judgement else None
        found = yield Want("similar", person, event.text, offer)
        changes |= {"similar": found.standing.similar, "standing": found.standing}
        turn.places[item.row_id] = found.place
    for kind in sorted(step.wanted - {"similar"}):
        changes[kind] = yield Want(kind, person, step.about or event.data or event.text)
    return msgspec.structs.replace(facts, **changes)


def screened(turn: Turn) -> list[tuple[Arrived, Judgement]]:
    """Return the judgements of offers that this turn stores."""
    return [(item, e.judgement) for item, e in turn.effects if isinstance(e, ScreeningEffect)]


def aged(event: Event, received_at: datetime, now: datetime) -> Event:
    """A one-time handle lives from its arrival, not from the moment we got round to it."""
    if not event.handle_until:
        return event
    waited = max(0.0, (now - received_at).total_seconds())
    return msgspec.structs.replace(event, handle_until=event.handle_until - waited)
