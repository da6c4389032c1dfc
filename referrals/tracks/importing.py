"""Taking a file of steps in: tried out line by line by the very rules of a single step, then all of it or nothing."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.errors import AppError, InvalidInputError
from core.ids import new_id
from referrals.agencies.kinds import AgencyKind
from referrals.tracks.lines import Form, Line, LineError, Raw, read_line, split_file
from referrals.tracks.partners import PARTNER_TRACKS, case_of
from referrals.tracks.recording import By, NewStep, record

# Of so many lines it is told what is wrong; a file with more is wrong altogether.
MOST_FAULTS = 200


@dataclass(frozen=True, slots=True)
class Importer:
    """Whose file it is, who hands it in, and the tracks that they may write."""

    agency_id: UUID
    kind: AgencyKind
    account_id: UUID | None = None
    program_id: UUID | None = None
    tracks: frozenset[str] = PARTNER_TRACKS


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line is refused: its number in the file, a code, the column where there is one, and the same in words."""

    line: int
    code: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a file holds: steps that are new, steps that we had already, and lines that are wrong."""

    new: int
    known: int
    faults: tuple[Fault, ...]

    @property
    def is_clean(self) -> bool:
        return not self.faults


class FileFaultsError(InvalidInputError):
    """Lines of the file are wrong, so nothing of it was taken; `report` says which."""

    code = "file_faults"

    def __init__(self, report: Report) -> None:
        super().__init__("lines of the file are wrong; nothing of it was taken")
        self.report = report


async def check_file(
    session: AsyncSession, keys: DataKeys, content: bytes, form: Form, by: Importer, *, now: datetime
) -> Report:
    """Try a file out: what `apply_file` would say of it now. Nothing of it stays.

    Raises FileBytesError, FileLinesError, FileFormError, FileCutError.
    """
    rows = split_file(content, form)
    trial = await session.begin_nested()
    try:
        return await _take(session, keys, rows, by, now)
    finally:
        await trial.rollback()


async def apply_file(
    session: AsyncSession, keys: DataKeys, content: bytes, form: Form, by: Importer, *, now: datetime
) -> Report:
    """Take a whole file in; a line that came before, with the same outside id and content, changes nothing.

    Raises what `check_file` raises, and FileFaultsError: then the caller's transaction must not be committed.
    """
    report = await _take(session, keys, split_file(content, form), by, now)
    if not report.is_clean:
        raise FileFaultsError(report)
    return report


async def _take(
    session: AsyncSession, keys: DataKeys, rows: list[Raw], by: Importer, now: datetime
) -> Report:
    first = new_id()
    known, new = 0, 0
    faults: list[Fault] = []
    named: dict[str, UUID] = {}
    for raw in rows:
        try:
            async with session.begin_nested():
                line = read_line(raw)
                event_id = await _take_line(session, keys, line, named, by, now)
        except AppError as wrong:
            if wrong.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            faults.append(Fault(raw.number, wrong.code, getattr(wrong, "field", ""), str(wrong)))
            if len(faults) >= MOST_FAULTS:
                break
        else:
            named[line.outside_id] = event_id
            new, known = (new + 1, known) if event_id > first else (new, known + 1)
    return Report(new, known, tuple(faults))


async def _take_line(
    session: AsyncSession, keys: DataKeys, line: Line, named: dict[str, UUID], by: Importer, now: datetime
) -> UUID:
    if line.track not in by.tracks:
        raise LineError("wrong_maker", "track", "this track is not yours to tell by a file")
    referral_id = await case_of(session, by.agency_id, line.case)
    new = NewStep(
        step=line.step, track=line.track, happened_on=line.happened_on, happened_at=line.happened_at,
        person=line.person, amount=line.amount, fund=line.fund, item=line.item, outcome=line.outcome,
        people=line.people, months=line.months, about_id=_about(line, named), details=line.details,
        note=line.note, outside_id=line.outside_id,
    )  # fmt: skip
    maker = By(
        maker=by.kind, source="import", agency_id=by.agency_id, agency_referral_id=line.case,
        account_id=by.account_id, program_id=by.program_id,
    )  # fmt: skip
    return await record(session, keys, referral_id, new, maker, now=now)


def _about(line: Line, named: dict[str, UUID]) -> UUID | None:
    """Return the event that a line is about: an earlier line of the file by its outside id, or an event by our id."""
    if not line.about:
        return None
    if line.about in named:
        return named[line.about]
    try:
        return UUID(line.about)
    except ValueError:
        raise LineError(
            "unknown_about", "about", "`about` names an event by our id, or an earlier line of this file"
        ) from None
