"""A case's money, told step by step."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from referrals.compensation.ledger import Entry, Ledger, book, check

BAHT = 100


def day(said: str) -> date:
    return date.fromisoformat(said)


class History:
    """Entries as they were recorded, each of which the books could bear."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, step: str, on: str, **said: Any) -> UUID:
        """Record a step; raises LedgerError."""
        return self.record(Entry(uuid4(), step, day(on), **said))

    def record(self, entry: Entry) -> UUID:
        check(self.entries, entry)
        self.entries.append(entry)
        return entry.id

    def take_back(self, entry_id: UUID, on: str = "2027-12-01") -> UUID:
        step = next(one for one in self.entries if one.id == entry_id)
        return self.record(Entry(uuid4(), step.step, day(on), track=step.track, reverses_id=entry_id))

    def as_of(self, said: str) -> Ledger:
        return book(self.entries, day(said))


def ordered(baht: int, on: str = "2026-06-01", **said: Any) -> tuple[History, UUID]:
    """A case in which a court ordered so much, without interest."""
    history = History()
    history.add("claim_filed", "2026-01-10", amount=2 * baht * BAHT)
    return history, history.add("ordered", on, amount=baht * BAHT, **said)
