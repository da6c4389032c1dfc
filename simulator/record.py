"""The record of truth: every webhook event and every outbound delivery, in order, for crash tests."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import IO, Any

import msgspec


class EventRow(msgspec.Struct, kw_only=True):
    """One webhook event. `sequence` counts the events of one person from 1; `accepted_at` is the first 2xx."""

    number: int
    platform: str
    event_id: str
    person: str
    chat: str
    sequence: int
    type: str
    text: str
    message_id: str
    made_at: float
    accepted_at: float | None = None
    statuses: list[int] = []


class DeliveryRow(msgspec.Struct, kw_only=True):
    """One message bundle for one person or group. `effective`: their phone shows it."""

    number: int
    platform: str
    method: str
    person: str
    text: str
    message_ids: list[str]
    reply_token: str | None
    retry_key: str | None
    request_id: str
    effective: bool
    outcome: str
    at: float


class RecordView(msgspec.Struct, kw_only=True):
    """`dropped` counts the oldest rows that were let go because the record was full."""

    events: list[EventRow]
    deliveries: list[DeliveryRow]
    dropped: int


class Record:
    def __init__(self, path: Path | None, keep: int) -> None:
        self._events: dict[str, EventRow] = {}
        self._deliveries: deque[DeliveryRow] = deque()
        self._sequences: dict[str, int] = {}
        self._keep = keep
        self._dropped = 0
        self._number = 0
        self._encode = msgspec.json.Encoder().encode
        self._file: IO[bytes] | None = path.open("ab", buffering=0) if path else None

    def event(
        self,
        *,
        platform: str,
        event_id: str,
        person: str,
        chat: str,
        type_: str,
        text: str,
        message_id: str,
        at: float,
    ) -> EventRow:
        sequence = self._sequences.get(person, 0) + 1
        self._sequences[person] = sequence
        self._number += 1
        row = EventRow(
            number=self._number,
            platform=platform,
            event_id=event_id,
            person=person,
            chat=chat,
            sequence=sequence,
            type=type_,
            text=text,
            message_id=message_id,
            made_at=at,
        )
        self._events[event_id] = row
        if len(self._events) > self._keep:
            del self._events[next(iter(self._events))]
            self._dropped += 1
        self._write("event", row)
        return row

    def attempt(self, event_id: str, status: int, at: float) -> None:
        """Status 0: no answer within the platform's patience."""
        row = self._events.get(event_id)
        if row is None:
            return
        row.statuses.append(status)
        if row.accepted_at is None and 200 <= status < 300:
            row.accepted_at = at
        self._write("attempt", {"event_id": event_id, "status": status, "at": at})

    def delivery(
        self,
        *,
        platform: str,
        method: str,
        person: str,
        text: str,
        message_ids: list[str],
        reply_token: str | None,
        retry_key: str | None,
        request_id: str,
        effective: bool,
        outcome: str,
        at: float,
    ) -> None:
        self._number += 1
        row = DeliveryRow(
            number=self._number,
            platform=platform,
            method=method,
            person=person,
            text=text,
            message_ids=message_ids,
            reply_token=reply_token,
            retry_key=retry_key,
            request_id=request_id,
            effective=effective,
            outcome=outcome,
            at=at,
        )
        self._deliveries.append(row)
        if len(self._deliveries) > self._keep:
            self._deliveries.popleft()
            self._dropped += 1
        self._write("delivery", row)

    def view(self) -> RecordView:
        return RecordView(
            events=list(self._events.values()), deliveries=list(self._deliveries), dropped=self._dropped
        )

    def clear(self) -> None:
        self._events.clear()
        self._deliveries.clear()
        self._sequences.clear()
        self._dropped = 0
        self._write("reset", {})

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, kind: str, row: Any) -> None:
        if self._file is not None:
            self._file.write(self._encode({"row": kind, **_fields(row)}) + b"\n")


def _fields(row: Any) -> dict[str, Any]:
    return row if isinstance(row, dict) else msgspec.structs.asdict(row)
