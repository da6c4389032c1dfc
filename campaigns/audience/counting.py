"""How many an audience means, in figures that reveal nobody (invariant 8).

No figure, no difference of figures and no change of one can tell of a report: who is held is not read at all. Nor do they
tell what campaigns know of one person:

- fewer than 20 is not said;
- a rule that makes a difference of fewer than 20 people makes none to the figures of the audience;
- a count is rounded to tens, up or down by a draw that belongs to the question and to the set of people: asked again it is
  the same, and of two questions that differ by one person nobody can say whether the person or the draw made the difference.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.bounds import check_audience
from campaigns.audience.cells import Cell, Group, mark_of, read_cells, union
from campaigns.audience.rules import agreed_to
from campaigns.audience.selecting import members
from campaigns.figures import SMALLEST_COUNT, floored
from campaigns.models import ContactTag
from campaigns.plans.audience import Audience, Rule
from core.clock import utc_now
from core.contacts.subjects import Subject
from core.errors import ConflictError

_STEP = 10


class TooFewError(ConflictError):
    """An audience of fewer than 20 gets no campaign: whoever chose it would know them."""

    code = "audience_too_few"


@dataclass(frozen=True, slots=True)
class Counted:
    """Rounded; None is fewer than 20. `include` and `exclude` say of each rule how many of who agreed it holds for.

    Of the rest: `no_consent` never said yes or no, `stopped` said no, to all news or to this subject, `capped` had enough
    this week. Who else is not ready to be reached ("ไม่พร้อมรับ") is counted for nobody.
    """

    total: int | None
    include: tuple[int | None, ...]
    exclude: tuple[int | None, ...]
    no_consent: int | None
    stopped: int | None
    capped: int | None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and how many of who agreed are found under it."""

    tag: str
    people: int | None


async def count_audience(session: AsyncSession, audience: Audience, subject: Subject | str | None) -> Counted:
    """Count whom an audience means, whoever of them can be reached; raises AudienceError."""
    check_audience(audience)
    cells = await read_cells(session, audience, subject, utc_now())
    return count_cells(cells, audience, subject or "")


def count_cells(cells: Sequence[Cell], audience: Audience, subject: str) -> Counted:
    """Make the figures of an audience of its cells."""
    rules = _rules_of(audience)
    felt = _felt(cells, rules)
    inside = [cell for cell in cells if _fits(cell, felt)]
    question = [subject, *sorted(rule.said for rule in felt)]

    def said(name: str, chosen: Callable[[Cell], bool], *more: str | int) -> int | None:
        return rounded(union(filter(chosen, inside)), [name, *more, *question])

    alone = [
        rounded(
            union(cell for cell in cells if cell.agreed and cell.holds[rule.place]),
            ["rule", subject, rule.said[1:]],
        )
        for rule in rules
    ]
    few = union(cell for cell in cells if cell.agreed and _fits(cell, rules)).size < SMALLEST_COUNT
    return Counted(
        total=None if few else said("total", lambda cell: cell.agreed),
        include=tuple(alone[: len(audience.include)]),
        exclude=tuple(alone[len(audience.include) :]),
        no_consent=said("no_consent", lambda cell: not cell.asked),
        stopped=said("stopped", lambda cell: cell.asked and not cell.agreed),
        capped=said("capped", lambda cell: cell.agreed and cell.full, audience.weekly_cap),
    )


async def check_size(session: AsyncSession, audience: Audience, subject: Subject | str | None) -> None:
    """Raises TooFewError for fewer than 20 people, whoever of them could be reached; AudienceError."""
    some = members(audience, subject, utc_now()).limit(SMALLEST_COUNT).subquery()
    if (await session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) < SMALLEST_COUNT:
        raise TooFewError(f"choose an audience of {SMALLEST_COUNT} people or more")


async def list_tags(session: AsyncSession) -> list[Tag]:
    """Return every tag in order, with how many of who agreed are under it."""
    agreed = agreed_to().subquery()
    rows = await session.execute(
        sa.select(ContactTag.tag, sa.func.count(agreed.c.contact_id), mark_of(agreed.c.contact_id))
        .outerjoin(agreed, agreed.c.contact_id == ContactTag.contact_id)
        .group_by(ContactTag.tag)
        .order_by(ContactTag.tag)
    )
    return [Tag(tag, rounded(Group(count, mark or 0), ["tag", tag])) for tag, count, mark in rows]


def rounded(group: Group, question: Sequence[Any]) -> int | None:
    """Round the count of a group to tens by the draw of group and question; None for fewer than 20.

    On average a figure is as large as the count; a count of whole tens stays.
    """
    if group.size < SMALLEST_COUNT:
        return None
    asked = msgspec.json.encode([question, group.mark])
    return floored(group.size + int.from_bytes(hashlib.blake2b(asked, digest_size=8).digest()) % _STEP)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A rule, where its mark stands in a cell, and itself in one form, whatever order its values were chosen in."""

    place: int
    lets_in: bool
    said: str


def _rules_of(audience: Audience) -> list[_Placed]:
    sides = [(rule, True) for rule in audience.include] + [(rule, False) for rule in audience.exclude]
    return [
        _Placed(place, lets_in, _said(rule, "+" if lets_in else "-"))
        for place, (rule, lets_in) in enumerate(sides)
    ]


def _said(rule: Rule, side: str) -> str:
    plain = {
        field: sorted(set(value)) if isinstance(value, list | tuple) else value
        for field, value in msgspec.to_builtins(rule).items()
    }
    return side + msgspec.json.encode(plain, order="sorted").decode()


def _fits(cell: Cell, rules: Iterable[_Placed]) -> bool:
    return all(cell.holds[rule.place] is rule.lets_in for rule in rules)


def _felt(cells: Sequence[Cell], rules: Sequence[_Placed]) -> list[_Placed]:
    """The rules without those that make too small a difference, the smallest first, each after the other was taken away."""
    felt = list(rules)
    while felt:
        least, _, place = min((_left_out(cells, felt, n), felt[n].said, n) for n in range(len(felt)))
        if least >= SMALLEST_COUNT:
            break
        del felt[place]
    return felt


def _left_out(cells: Sequence[Cell], rules: Sequence[_Placed], place: int) -> int:
    """How many of who agreed only this rule leaves out."""
    others = [rule for n, rule in enumerate(rules) if n != place]
    return union(
        cell for cell in cells if cell.agreed and not _fits(cell, [rules[place]]) and _fits(cell, others)
    ).size
