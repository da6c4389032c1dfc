"""Which entries stand: not taken back, and in which version where a later one changed them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from referrals.compensation.entries import Entry
from referrals.compensation.interest import FREE, Terms

ORDERS = frozenset({"ordered", "side_ordered"})
RECEIPTS = frozenset({"receipt_confirmed", "receipt_denied"})
# What a later entry of the same step, about it, may change.
CHANGEABLE = ORDERS | {"claim_filed", "side_opened", "assessed"}
COURT = "court"


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """Return what nobody took back, in the order of recording; a word about a payment goes with the payment."""
    gone: set[UUID] = set()
    for entry in reversed(entries):
        if entry.reverses_id is not None and entry.id not in gone:
            gone.add(entry.reverses_id)
    kept = [entry for entry in entries if entry.reverses_id is None and entry.id not in gone]
    payments = {entry.id for entry in kept if entry.step == "paid"}
    return [entry for entry in kept if entry.step not in RECEIPTS or entry.about_id in payments]


def taken_back(entries: Sequence[Entry]) -> set[UUID]:
    """Return the ids of entries that were reversed, reversals among them."""
    return {entry.reverses_id for entry in entries if entry.reverses_id is not None}


@dataclass(frozen=True, slots=True)
class Lineage:
    """One thing through its versions: what a court ordered, and what it became on appeal. Oldest first, never empty."""

    root: UUID
    versions: tuple[Entry, ...]

    @property
    def first(self) -> Entry:
        return self.versions[0]

    @property
    def newest(self) -> Entry:
        return self.versions[-1]

    @property
    def amount(self) -> int:
        return self.newest.amount or 0

    # What a later version does not say stays as it was said before.
    @property
    def person(self) -> int | None:
        return next((one.person for one in reversed(self.versions) if one.person is not None), None)

    @property
    def item(self) -> str | None:
        return next((one.item for one in reversed(self.versions) if one.item is not None), None)

    @property
    def terms(self) -> Terms:
        return next((one.interest for one in reversed(self.versions) if one.interest is not None), FREE)

    @property
    def debtors(self) -> tuple[str, ...]:
        return next((one.debtors for one in reversed(self.versions) if one.debtors), ())

    @property
    def stands_apart(self) -> bool | None:
        return next((one.apart for one in reversed(self.versions) if one.apart is not None), None)

    def is_version(self, entry_id: UUID | None) -> bool:
        """Tell whether an id names one of its versions; its first also where that was taken back."""
        return entry_id is not None and (
            entry_id == self.root or any(version.id == entry_id for version in self.versions)
        )

    def names(self, other: "Lineage") -> bool:
        """Tell whether a version of it is about the other."""
        return any(other.is_version(version.about_id) for version in self.versions)


def lineages(entries: Sequence[Entry], steps: Iterable[str], *, until: date = date.max) -> list[Lineage]:
    """Return each thing of these steps that stands, as it was at the end of a day; oldest first.

    A version whose forerunner was taken back takes its place.
    """
    wanted = frozenset(steps)
    roots = _roots(entries)
    found: dict[UUID, list[Entry]] = {}
    for entry in standing(entries):
        if entry.step in wanted and entry.on <= until:
            found.setdefault(roots[entry.id], []).append(entry)
    # Sorting is stable: on one day the one recorded later is the newer.
    every = [Lineage(root, tuple(sorted(one, key=_day))) for root, one in found.items()]
    return sorted(every, key=lambda lineage: lineage.first.on)


def _day(entry: Entry) -> date:
    return entry.on


def _roots(entries: Sequence[Entry]) -> dict[UUID, UUID]:
    """Map every entry that may be changed to the first of its line, also over ones that were taken back."""
    roots: dict[UUID, UUID] = {}
    known: dict[UUID, Entry] = {}
    for entry in entries:
        if entry.step in CHANGEABLE and entry.reverses_id is None:
            earlier = known.get(entry.about_id) if entry.about_id else None
            changes = earlier is not None and is_same_kind(earlier, entry)
            roots[entry.id] = roots[earlier.id] if changes and earlier is not None else entry.id
            known[entry.id] = entry
    return roots


def is_same_kind(one: Entry, other: Entry) -> bool:
    """Tell whether one may change the other: the same step and source of money."""
    return one.step == other.step and fund_of(one) == fund_of(other)


def fund_of(entry: Entry) -> str:
    """Return the source of money that it names; what names none is of the court."""
    return entry.fund or COURT


def agree(one: object, other: object) -> bool:
    """Tell whether two may be of the same person or item; None is all of them."""
    return one is None or other is None or one == other
