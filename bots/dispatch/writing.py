"""Writing a batch of turns: a handful of set-wise statements, whatever the number of people."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from bots.channels.base import Mode
from bots.dispatch.drafts import tidy_day
from bots.dispatch.people import seal_state
from bots.dispatch.turn import Turn
from bots.outgoing import CLAIM, Outgoing
from core.clock import utc_now
from core.crypto.sealing import context, seal
from core.ids import new_id
from core.messages.content import Content, Envelope, encode_envelope
from core.messages.models import Kind

ANSWER_LIFE = timedelta(hours=24)

_STATES = """
UPDATE conversation c SET state = n.state, hidden = n.hidden OR (c.hidden AND n.last_inbound_at IS NULL),
       last_inbound_at = greatest(n.last_inbound_at, c.last_inbound_at), tidy_on = n.tidy_on
FROM unnest($1::uuid[], $2::bytea[], $3::timestamptz[], $4::bool[], $5::date[])
  AS n(id, state, last_inbound_at, hidden, tidy_on)
WHERE c.id = n.id
"""
_EVENTS = """
UPDATE inbound_event e SET handled_at = $4, outcome = n.outcome, answer_id = n.answer_id
FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS n(id, outcome, answer_id)
WHERE e.id = n.id AND e.handled_at IS NULL
"""
_MESSAGES = """
INSERT INTO message (id, identity_id, channel, lane, kind, state, content, answerable_until, tries, claimed_until,
                     created_at, expires_at)
SELECT id, identity_id, channel, 'reply', kind, CASE WHEN immediate THEN 'sending' ELSE 'pending' END, content,
       answerable_until, immediate::int, CASE WHEN immediate THEN $8::timestamptz END, $9, $10
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[], $6::timestamptz[], $7::bool[])
  AS n(id, identity_id, channel, kind, content, answerable_until, immediate)
"""
_ATTEMPTS = """
INSERT INTO message_attempt (id, message_id, part, mode, retry_key, started_at)
SELECT id, message_id, 0, mode, retry_key, $5
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) AS n(id, message_id, mode, retry_key)
"""


class Answer(NamedTuple):
    """A turn's answer: sealed for its row, and in the clear for sending at once."""

    outgoing: Outgoing
    sealed: bytes
    # Claimed here and now; otherwise it queues up behind what is still on its way, or waits for the limiter.
    immediate: bool


def make_answer(turn: Turn, reply: Content, *, immediate: bool) -> Answer:
    """Build the message row of a turn's answer, claimed with its first attempt where it goes out at once."""
    now = utc_now()
    message_id = new_id()
    alive = bool(turn.handle) and turn.handle_until > now.timestamp()
    handle = turn.handle if alive else ""
    envelope = Envelope(reply, handle)
    mode: Mode = "send" if turn.person.channel == "telegram" else ("reply" if handle else "push")
    outgoing = Outgoing(
        message_id=message_id,
        identity_id=turn.person.identity_id,
        channel=turn.person.channel,
        kind=_kind(turn),
        envelope=envelope,
        address=turn.person.address_text(),
        answerable_until=datetime.fromtimestamp(turn.handle_until, now.tzinfo) if handle else None,
        tries=1 if immediate else 0,
        created_at=now,
        last_inbound_at=turn.last_inbound_at,
        attempt_id=new_id() if immediate else None,
        claimed_until=now + CLAIM if immediate else None,
        mode=mode if immediate else None,
        retry_key=new_id() if immediate and mode == "push" else None,
    )
    sealed = seal(turn.person.key, encode_envelope(envelope), context("message", "content", message_id))
    return Answer(outgoing, sealed, immediate)


def _kind(turn: Turn) -> Kind:
    return "crisis" if turn.is_crisis else "answer"


async def write_turns(connection: Any, turns: list[Turn], answers: dict[UUID, Answer]) -> None:
    """Write states, answers with their first attempts, and the marks on the events. `answers` by conversation."""
    now = utc_now()
    await connection.execute(
        _STATES,
        [t.person.conversation_id for t in turns],
        [seal_state(t.person, t.state) for t in turns],
        [t.wrote_at for t in turns],
        [t.hides for t in turns],
        [tidy_day(t.state, t.last_inbound_at) for t in turns],
    )
    await _write_answers(connection, list(answers.values()), now)
    marks = [
        (row_id, outcome, _answer_id(answers.get(turn.person.conversation_id), outcome))
        for turn in turns
        for row_id, outcome in turn.outcomes.items()
    ]
    await connection.execute(
        _EVENTS, [m[0] for m in marks], [m[1] for m in marks], [m[2] for m in marks], now
    )


def _answer_id(answer: Answer | None, outcome: str) -> UUID | None:
    return answer.outgoing.message_id if answer is not None and outcome != "no_answer" else None


async def _write_answers(connection: Any, answers: list[Answer], now: datetime) -> None:
    if not answers:
        return
    outs = [a.outgoing for a in answers]
    await connection.execute(
        _MESSAGES,
        [o.message_id for o in outs],
        [o.identity_id for o in outs],
        [o.channel for o in outs],
        [o.kind for o in outs],
        [a.sealed for a in answers],
        [o.answerable_until for o in outs],
        [a.immediate for a in answers],
        now + CLAIM,
        now,
        now + ANSWER_LIFE,
    )
    tried = [o for o in outs if o.attempt_id is not None]
    if tried:
        await connection.execute(
            _ATTEMPTS,
            [o.attempt_id for o in tried],
            [o.message_id for o in tried],
            [o.mode for o in tried],
            [o.retry_key for o in tried],
            now,
        )
