"""Made-up cases for programs that are tried out: laid in a transaction that is never committed (trial.toml).

So the very rules of real cases answer, and nothing made up is ever stored: no figure, no list and no search can meet it.
The agency itself is made up with them; under its id nothing real can be found.
"""

import contextlib
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final
from uuid import UUID

import msgspec
import sqlalchemy as sa
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import note_apart
from app.auth import describe_act
from app.partner_api.access import Program, made_up_id
from app.runtime import Runtime
from core.accounts.models import Account
from core.clock import bangkok, utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.crypto.sealing import context, seal
from core.db.base import Base
from core.errors import AppError
from core.ids import new_id
from referrals.agencies.models import Agency, AgencyPairing
from referrals.agencies.templates import templates
from referrals.desk.sealed import seal_words
from referrals.models import Referral
from referrals.referring.filling import to_text
from referrals.referring.models import AgencyReferral
from referrals.tracks.models import CaseEvent
from referrals.tracks.steps import steps

# As the steps of the request lead there.
_WAY: Final[Mapping[str, tuple[str, ...]]] = {
    "sent": ("sent",),
    "accepted": ("sent", "acknowledged", "accepted"),
    "in_service": ("sent", "acknowledged", "accepted", "in_service"),
    "done": ("sent", "acknowledged", "accepted", "in_service", "done"),
    "recalled": ("sent", "recalled"),
}
_ENDED: Final = frozenset({"done", "recalled"})
_BY_HOTLINE: Final = frozenset({"sent", "recalled"})
_ANSWERS_WITHIN: Final = timedelta(days=1)


class _Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    track: str
    step: str
    days: int
    person: int | None = None
    amount: int | None = None
    fund: str | None = None
    outcome: str | None = None
    people: int | None = None
    months: int | None = None


class _Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state: str
    opened: int
    steps: tuple[_Step, ...] = ()


@cache
def trial_cases() -> Mapping[str, _Case]:
    """Return the made-up cases by name."""
    text = resources.files("app.partner_api").joinpath("trial.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["case"], dict[str, _Case])


def trial_case_id(runtime: Runtime, program_id: UUID, name: str) -> UUID:
    """Return as which id a program knows a made-up case."""
    return made_up_id(runtime.keys.keyset, program_id, f"case {name}")


@contextlib.asynccontextmanager
async def tried_out(request: Request, program: Program) -> AsyncIterator[AsyncSession]:
    """Open a transaction in which the made-up cases stand, and that leaves nothing but its audit row."""
    runtime: Runtime = request.app.state.runtime
    act = describe_act(request)
    request.state.is_audited = True
    try:
        async with runtime.database.unit_of_work() as session:
            await _lay(session, runtime, program)
            yield session
            await session.flush()
            # What ends the unit of work commits nothing any more.
            await session.rollback()
    except Exception as error:
        refused = isinstance(error, AppError) and error.status < 500
        await note_apart(runtime, program, act, "refused" if refused else "failed")
        raise
    await note_apart(runtime, program, act, "ok")


async def _lay(session: AsyncSession, runtime: Runtime, program: Program) -> None:
    """Lay the agency and its cases, all of them at once: every table is written to once."""
    lock = program.agency_id.int & 0x7FFF_FFFF_FFFF_FFFF
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
    now = utc_now()
    agency = await _lay_agency(session, program, now)
    officer = await _lay_officer(session, runtime.keys, now)
    laid = [
        _make_case(runtime, agency, officer, trial_case_id(runtime, program.program_id, name), made_up, now)
        for name, made_up in trial_cases().items()
    ]
    for rows in zip(*(case.by_table for case in laid), strict=True):
        session.add_all(row for some in rows for row in some)
        await session.flush()


async def _lay_agency(session: AsyncSession, program: Program, now: datetime) -> Agency:
    own = await session.get_one(Agency, program.own_agency_id)
    agency = Agency(
        id=program.agency_id, code=f"trial-{program.agency_id.hex}", kind=own.kind, name_th=own.name_th,
        name_en=own.name_en, template=own.template, basis=own.basis, created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(agency)
    await session.flush()
    for giver, taker in ((None, agency.id), (agency.id, None)):
        session.add(AgencyPairing(id=new_id(), giver_id=giver, taker_id=taker, created_at=now))
    return agency


async def _lay_officer(session: AsyncSession, keys: DataKeys, now: datetime) -> UUID:
    """Somebody of the hotline, who can neither sign in nor be written to."""
    key_row, _ = keys.row("account")
    session.add(key_row)
    await session.flush()
    officer_id = new_id()
    session.add(
        Account(
            id=officer_id, email=f"{officer_id}@trial.invalid", name="trial", role="hotline_officer",
            data_key_id=key_row.id, created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    return officer_id


@dataclass(frozen=True, slots=True)
class _Laid:
    """The rows of a case, table by table, each standing on those before."""

    by_table: tuple[Sequence[Base], ...]


def _make_case(
    runtime: Runtime, agency: Agency, officer: UUID, case_id: UUID, made_up: _Case, now: datetime
) -> _Laid:
    opened = now - timedelta(days=made_up.opened)
    contact_key, contact_secret = runtime.keys.row("contact")
    case_key, secret = runtime.keys.row("case")
    contact = Contact(id=new_id(), data_key_id=contact_key.id, created_at=opened)
    identity = _identity(runtime.keys.keyset, contact, contact_secret)
    referral = Referral(
        id=new_id(), contact_id=contact.id, identity_id=identity.id, data_key_id=case_key.id, channel="line",
        source="report", state="claimed", priority="P1", kinds=["detention"], reasons=[], rules="trial",
        receipt_key=runtime.keys.keyset.index("trial-receipt", str(case_key.id)), opened_at=opened,
        last_entry_at=opened, claimed_by=officer, claimed_at=opened,
    )  # fmt: skip
    request = _request(agency, officer, case_id, referral, secret, made_up, now)
    events = _events(agency, request, made_up, now)
    return _Laid(([contact_key, case_key], [contact], [identity], [referral], [request], events))


def _identity(keyset: Keyset, contact: Contact, secret: bytes) -> ChannelIdentity:
    """Where nobody can be reached."""
    identity_id = new_id()
    return ChannelIdentity(
        id=identity_id, contact_id=contact.id, channel="line", created_at=contact.created_at,
        address=Box(seal(secret, b"trial", context("channel_identity", "address", identity_id))),
        address_key=keyset.index("trial-address", str(identity_id)),
    )  # fmt: skip


def _request(
    agency: Agency,
    officer: UUID,
    case_id: UUID,
    referral: Referral,
    secret: bytes,
    made_up: _Case,
    now: datetime,
) -> AgencyReferral:
    opened = referral.opened_at
    known = {
        "kinds": referral.kinds,
        "priority": referral.priority,
        "opened_on": bangkok(opened).date().isoformat(),
    }
    given = {
        code: value for code, value in known.items() if code in templates().template[agency.template].fields
    }
    answered = opened if "acknowledged" in _WAY[made_up.state] else None
    return AgencyReferral(
        id=case_id, referral_id=referral.id, agency_id=agency.id, state=made_up.state, fields=sorted(given),
        shared=seal_words(to_text({"fields": given}), secret, "agency_referral", "shared", case_id),
        sent_by=officer, sent_at=opened, due_at=now + _ANSWERS_WITHIN, acknowledged_at=answered,
        answered_at=answered, ended_at=now if made_up.state in _ENDED else None,
    )  # fmt: skip


def _events(agency: Agency, request: AgencyReferral, made_up: _Case, now: datetime) -> list[CaseEvent]:
    """Return what happened in a made-up case, under ids that are always the same, before all that are made now."""
    happened: list[tuple[str, str, datetime, Mapping[str, Any]]] = [
        ("referral", step, request.sent_at, {}) for step in _WAY[made_up.state]
    ]
    for told in made_up.steps:
        said = {
            name: getattr(told, name) for name in ("person", "amount", "fund", "outcome", "people", "months")
        }
        at = now - timedelta(days=told.days)
        if "happened_at" in steps()[told.track, told.step].must:
            said["happened_at"] = at
        happened.append((told.track, told.step, at, said))
    return [
        CaseEvent(
            id=UUID(int=(number << 64) | (request.id.int & 0xFFFF_FFFF_FFFF_FFFF)), referral_id=request.referral_id,
            track=track, step=step, happened_on=bangkok(at).date(), recorded_at=at, source="manual",
            is_disputed=False, stands=True,
            agency_id=agency.id if track == "referral" and step not in _BY_HOTLINE else None,
            agency_referral_id=request.id if track == "referral" else None, **said,
        )
        for number, (track, step, at, said) in enumerate(happened, 1)
    ]  # fmt: skip
