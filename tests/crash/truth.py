"""Both books side by side: what the simulator recorded, and what our database says, opened with the test's keyset."""

import html
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from bots.channels.telegram.render import render_parts
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.crypto.sealing import context, open_sealed
from core.messages.content import Content, decode_envelope
from simulator.client import SimulatorClient
from simulator.record import DeliveryRow, EventRow

_EVENTS = "SELECT id, channel, event_id, address_key, position, received_at, handled_at, outcome, answer_id FROM inbound_event"
_PEOPLE = """
SELECT i.id, i.contact_id, i.channel, i.address_key, i.address, k.id AS key_id, k.wrapped
FROM channel_identity i JOIN contact c ON c.id = i.contact_id JOIN data_key k ON k.id = c.data_key_id
"""
_MESSAGES = "SELECT id, identity_id, channel, kind, state, reason, tries, parts_done, may_be_double, content, created_at FROM message"
_ATTEMPTS = (
    "SELECT id, message_id, part, mode, retry_key, started_at, outcome FROM message_attempt ORDER BY id"
)
_TAG = re.compile(r"<[^>]+>")


@dataclass(slots=True)
class Message:
    """A row of the ledger with its content and its attempts in the order they were made."""

    id: UUID
    person: str
    channel: str
    state: str
    reason: str | None
    tries: int
    parts_done: int
    content: Content
    token: str
    attempts: list[Any]

    def plain_texts(self) -> list[str]:
        """What each Telegram call of it says, without marks and spaces."""
        return [
            squeeze(part.get("text", ""))
            for part in render_parts(self.content, cover="plain", message_id=self.id)
        ]

    def history(self) -> str:
        """Its claims and attempts in short, for a failing test to print."""
        tried = [
            f"{a['started_at']:%M:%S.%f} part {a['part']} {a['mode']} {a['outcome']}" for a in self.attempts
        ]
        return f"{self.state} after {self.tries} claims, {', '.join(tried)}"

    def notice_text(self) -> str:
        return squeeze(render_parts(self.content, cover="notice", message_id=self.id)[0]["text"])


@dataclass(slots=True)
class Truth:
    """Everything that the checks compare. People are known by their platform id."""

    events: list[EventRow]
    deliveries: dict[str, list[DeliveryRow]]
    rows: dict[tuple[str, str], Any]
    messages: dict[UUID, Message]
    screenings: dict[str, int]
    referrals: dict[str, int]
    # Ids of the event rows whose words stand in a thread, by person.
    entries: dict[str, list[UUID]]

    def events_of(self, person: str) -> list[EventRow]:
        return [event for event in self.events if event.person == person]

    def row_of(self, event: EventRow) -> Any:
        return self.rows.get((event.platform, event.event_id))

    def messages_of(self, person: str) -> list[Message]:
        """A person's messages in the order of the events that they answer."""
        first: dict[UUID, int] = {}
        for event in self.events_of(person):
            row = self.row_of(event)
            if row is not None and row["answer_id"] is not None:
                first.setdefault(row["answer_id"], event.sequence)
        return [self.messages[key] for key, _ in sorted(first.items(), key=lambda item: item[1])]


def squeeze(text: str) -> str:
    """The words alone: no HTML, no white space."""
    return "".join(html.unescape(_TAG.sub("", text)).split())


async def read_truth(simulator: SimulatorClient, address: str, keyset: Keyset) -> Truth:
    record = await simulator.record()
    connection = await asyncpg.connect(address)
    try:
        opened = DataKeys(keyset)
        people = await connection.fetch(_PEOPLE)
        names = {row["id"]: _name(row, opened) for row in people}
        contacts = {row["contact_id"]: names[row["id"]] for row in people}
        deliveries: dict[str, list[DeliveryRow]] = defaultdict(list)
        for delivery in record.deliveries:
            if delivery.method in ("reply", "push", "sendMessage"):
                deliveries[delivery.person].append(delivery)
        entries: dict[str, list[UUID]] = defaultdict(list)
        for row in await connection.fetch(
            "SELECT r.identity_id, e.event_id FROM referral_entry e JOIN referral r ON r.id = e.referral_id"
            " WHERE e.event_id IS NOT NULL"
        ):
            entries[names[row["identity_id"]]].append(row["event_id"])
        return Truth(
            events=record.events,
            deliveries=deliveries,
            rows={(row["channel"], row["event_id"]): row for row in await connection.fetch(_EVENTS)},
            messages=await _messages(connection, people, names, opened),
            screenings=await _counts(connection, "screening", "contact_id", contacts),
            referrals=await _counts(connection, "referral", "identity_id", names),
            entries=entries,
        )
    finally:
        await connection.close()


def _name(row: Any, keys: DataKeys) -> str:
    key = keys.open(row["key_id"], row["wrapped"])
    return open_sealed(key, row["address"], context("channel_identity", "address", row["id"])).decode()


async def _counts(connection: Any, table: str, column: str, names: dict[UUID, str]) -> dict[str, int]:
    rows = await connection.fetch(f"SELECT {column} AS owner, count(*) FROM {table} GROUP BY 1")
    return {names[row["owner"]]: row["count"] for row in rows}


async def _messages(
    connection: Any, people: Any, names: dict[UUID, str], keys: DataKeys
) -> dict[UUID, Message]:
    attempts: dict[UUID, list[Any]] = defaultdict(list)
    for row in await connection.fetch(_ATTEMPTS):
        attempts[row["message_id"]].append(row)
    opened = {row["id"]: keys.open(row["key_id"], row["wrapped"]) for row in people}
    found = {}
    for row in await connection.fetch(_MESSAGES):
        bound = context("message", "content", row["id"])
        envelope = decode_envelope(open_sealed(opened[row["identity_id"]], row["content"], bound))
        found[row["id"]] = Message(
            id=row["id"], person=names[row["identity_id"]], channel=row["channel"], state=row["state"],
            reason=row["reason"], tries=row["tries"], parts_done=row["parts_done"], content=envelope.content,
            token=envelope.handle, attempts=attempts[row["id"]],
        )  # fmt: skip
    return found


async def open_work(address: str) -> dict[str, int]:
    """What is not over yet, by kind; empty when nothing is."""
    connection = await asyncpg.connect(address)
    try:
        counted = {
            "events": "SELECT count(*) FROM inbound_event WHERE handled_at IS NULL",
            "messages": "SELECT count(*) FROM message WHERE state IN ('pending', 'sending')",
            "jobs": "SELECT count(*) FROM pgqueuer",
        }
        found = {name: await connection.fetchval(query) for name, query in counted.items()}
        return {name: count for name, count in found.items() if count}
    finally:
        await connection.close()


async def oldest_open(address: str) -> list[Any]:
    """The messages that are still open, for a failing test to print. Ids and states only."""
    connection = await asyncpg.connect(address)
    try:
        rows = await connection.fetch(
            "SELECT id, channel, state, reason, tries, parts_done, claimed_until, not_before, now() AS now FROM message"
            " WHERE state IN ('pending', 'sending') ORDER BY id LIMIT 10"
        )
        events = await connection.fetch(
            "SELECT id, channel, tries, received_at, now() AS now FROM inbound_event WHERE handled_at IS NULL LIMIT 10"
        )
        jobs = await connection.fetch(
            "SELECT id, entrypoint, status, attempts, heartbeat, execute_after FROM pgqueuer LIMIT 10"
        )
        return [dict(row) for row in (*rows, *events, *jobs)]
    finally:
        await connection.close()


def part_of(delivery: DeliveryRow, message: Message) -> int | None:
    """Which part of a LINE message a delivery is; None when it is none of it."""
    if delivery.reply_token is not None:
        return 0 if delivery.reply_token == message.token else None
    for attempt in message.attempts:
        if attempt["retry_key"] is not None and str(attempt["retry_key"]) == delivery.retry_key:
            return int(attempt["part"])
    return None
