"""What must hold between the two books. Each check returns one line for each thing that is wrong."""

from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from uuid import UUID

from simulator.record import DeliveryRow, EventRow
from tests.crash.load import is_offer, is_plea
from tests.crash.truth import Message, Truth, part_of, squeeze

_DONE = ("sent", "resent")


def check_events(truth: Truth) -> list[str]:
    """No accepted event is lost: each has one row, handled, and what wants an answer has one that arrived."""
    wrong = []
    for event in truth.events:
        row, name = truth.row_of(event), _named(event)
        if row is None:
            wrong += [f"{name} was accepted and is not there"] * (event.accepted_at is not None)
        elif row["handled_at"] is None or row["outcome"] not in ("answered", "merged", "no_answer"):
            wrong.append(f"{name} ended as {row['outcome']}")
        elif row["outcome"] == "no_answer":
            wrong += [f"{name} wants an answer"] * _wants_answer(truth, event)
        elif truth.messages[row["answer_id"]].state not in _DONE:
            wrong.append(f"{name} is answered by a message that is {truth.messages[row['answer_id']].state}")
    twice = [key for key, count in Counter(e.event_id for e in truth.events).items() if count > 1]
    return wrong + [f"the record has {key} twice" for key in twice]


def _wants_answer(truth: Truth, event: EventRow) -> bool:
    """While staff read along, small talk is passed on to them without a word each time."""
    before = [e.text for e in truth.events_of(event.person) if e.sequence <= event.sequence]
    return is_offer(event.text) or is_plea(event.text) or not any(is_plea(text) for text in before)


def _named(event: EventRow) -> str:
    return f"{event.platform} event {event.sequence} of …{event.person[-4:]} ({event.event_id})"


@dataclass(slots=True)
class Walk:
    """What a person's phone showed, held against what was written for them."""

    wrong: list[str] = field(default_factory=list)
    # Calls that took effect again, of messages that are marked `resent`, and of others.
    marked: int = 0
    unmarked: list[str] = field(default_factory=list)
    # When each message showed first, in seconds since 1970.
    shown_at: dict[UUID, float] = field(default_factory=dict)

    def note_again(self, message: Message, *, marked: bool) -> None:
        if marked:
            self.marked += 1
        else:
            self.unmarked.append(f"{message.id} came twice: {message.history()}")


def check_order(truth: Truth, people: list[str]) -> Walk:
    """A person's answers arrive in the order of their texts, each part once, or again where marked."""
    found = Walk()
    for person in people:
        shown = [d for d in truth.deliveries[person] if d.effective]
        on_line = person.startswith("U")
        walk = (_walk_line if on_line else _walk_telegram)(truth.messages_of(person), shown)
        found.wrong += [f"…{person[-4:]}: {line}" for line in (*_check_grouping(truth, person), *walk.wrong)]
        found.unmarked += [f"…{person[-4:]}: {line}" for line in walk.unmarked]
        found.marked += walk.marked
        found.shown_at |= walk.shown_at
    return found


def _check_grouping(truth: Truth, person: str) -> list[str]:
    """Merged events are neighbours: no answer reaches around another, and answers were written in order."""
    answers = []
    for event in truth.events_of(person):
        row = truth.row_of(event)
        if row is not None and row["answer_id"] is not None:
            answers.append(row["answer_id"])
    runs = [answer for place, answer in enumerate(answers) if place == 0 or answers[place - 1] != answer]
    wrong = [
        f"…{person[-4:]}: answer {key} reaches around another" for key, n in Counter(runs).items() if n > 1
    ]
    wrong += [f"…{person[-4:]}: answer {b} was written before {a}" for a, b in pairwise(runs) if b < a]
    return wrong


def _walk_line(messages: list[Message], shown: list[DeliveryRow]) -> Walk:
    """LINE's deliveries carry our reply token or our retry key."""
    walk = Walk()
    place = {message.id: number for number, message in enumerate(messages)}
    last, seen = (-1, 0), set()
    for delivery in shown:
        owner = next(((m, p) for m in messages if (p := part_of(delivery, m)) is not None), None)
        if owner is None:
            walk.wrong.append(f"{delivery.method} {delivery.number} belongs to no message")
            continue
        message, part = owner
        here = (place[message.id], part)
        if here in seen:
            walk.note_again(message, marked=message.state == "resent")
            continue
        seen.add(here)
        walk.shown_at.setdefault(message.id, delivery.at)
        if here < last:
            walk.wrong.append(f"{message.id} part {part} came after a later one")
        last = max(last, here)
    for message in messages:
        parts = {part for number, part in seen if number == place[message.id]}
        if message.state in _DONE and parts != set(range(message.parts_done)):
            walk.wrong.append(
                f"{message.id} is {message.state}, shown {sorted(parts)} of {message.parts_done}"
            )
    return walk


def _walk_telegram(messages: list[Message], shown: list[DeliveryRow]) -> Walk:
    """Telegram's deliveries carry no key: they must read like the messages, in order, repeats aside."""
    walk = Walk()
    waiting = deque(message for message in messages if message.state in _DONE)
    left = deque(waiting[0].plain_texts() if waiting else ())
    before: list[tuple[Message, str]] = []
    for delivery in shown:
        said = squeeze(delivery.text)
        if waiting and said in (left[0], waiting[0].notice_text()):
            walk.shown_at.setdefault(waiting[0].id, delivery.at)
            before.append((waiting[0], said))
            # What came too late to be read on a lock screen is one neutral line, whatever was left to say.
            if left.popleft() != said or not left:
                waiting.popleft()
                left = deque(waiting[0].plain_texts() if waiting else ())
            continue
        again = [message for message, _ in takewhile(lambda one: one[1] == said, reversed(before))]  # noqa: B023
        if again:
            # Of equal neighbours any may be the one that came twice.
            walk.note_again(again[0], marked=any(message.state == "resent" for message in again))
        else:
            walk.wrong.append(f"sendMessage {delivery.number} is out of order or unknown")
    walk.wrong += [f"{message.id} is {message.state} and was not shown whole" for message in waiting]
    return walk


def seconds_to_answer(truth: Truth, shown_at: dict[UUID, float]) -> list[tuple[float, Message]]:
    """For every answered event, from its acceptance to the first time its answer showed; shortest first."""
    waits = []
    for event in truth.events:
        row = truth.row_of(event)
        if row is not None and event.accepted_at is not None and row["answer_id"] in shown_at:
            answer = truth.messages[row["answer_id"]]
            waits.append((shown_at[answer.id] - event.accepted_at, answer))
    return sorted(waits, key=lambda wait: wait[0])


def check_ledger(truth: Truth) -> list[str]:
    """Every message is over, every attempt has an outcome or was taken over, nothing failed unexplained."""
    wrong = []
    states = Counter(message.state for message in truth.messages.values())
    for message in truth.messages.values():
        if message.state not in _DONE:
            wrong.append(f"{message.id} is {message.state}: {message.reason}, {message.tries} tries")
        for number, attempt in enumerate(message.attempts):
            later = message.attempts[number + 1 :]
            if attempt["outcome"] is None and not later:
                wrong.append(f"{message.id}: an attempt without outcome was never followed up")
        if not message.attempts:
            wrong.append(f"{message.id} is {message.state} without an attempt")
    answers = {row["answer_id"] for row in truth.rows.values() if row["answer_id"] is not None}
    wrong += [f"{key} answers no event" for key in truth.messages if key not in answers]
    if states.total() != len(truth.messages):
        wrong.append("the ledger does not add up")
    return wrong


def check_effects(truth: Truth, people: list[str]) -> list[str]:
    """A turn's effects happen once: as many screenings as offers, one referral a plea, every word in the thread."""
    wrong = []
    for person in people:
        handled = [e for e in truth.events_of(person) if truth.row_of(e) is not None]
        offers = sum(is_offer(e.text) for e in handled)
        if truth.screenings.get(person, 0) != offers:
            wrong.append(f"…{person[-4:]}: {offers} offers and {truth.screenings.get(person, 0)} screenings")
        pleas = [e for e in handled if is_plea(e.text)]
        if truth.referrals.get(person, 0) != bool(pleas):
            wrong.append(f"…{person[-4:]}: {len(pleas)} pleas and {truth.referrals.get(person, 0)} referrals")
        if pleas:
            wrong += _check_thread(truth, person, handled, pleas[0].sequence)
    return wrong


def _check_thread(truth: Truth, person: str, handled: list[EventRow], since: int) -> list[str]:
    words = {
        truth.row_of(e)["id"]
        for e in handled
        if e.sequence >= since and e.type.startswith("message") and e.text
    }
    return [
        f"…{person[-4:]}: {len(missing)} texts are missing in the thread"
        for missing in [words - set(truth.entries.get(person, ()))]
        if missing
    ]
