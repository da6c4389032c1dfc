"""The case page as a whole: what stands beside a thread, gathered for one viewer in one audited transaction."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller
from app.console.case_agencies_standing import sides_version
from app.console.days import say_clock
from app.console.pages import draw
from app.console.reaching import Outlook, read_outlook
from app.console.report_view import View, say_reason, view_of
from app.console.screened import Seen, read_seen
from app.console.thai_time import day as say_day
from app.faces.provinces import load_map
from app.runtime import Runtime
from bots.channels.wording import words_in
from core.accounts.models import Account
from core.contacts.models import Contact, ContactRule
from core.errors import AppError, KeyDestroyedError, NotFoundError
from core.ids import new_id
from core.languages import WHOLE, in_language
from referrals.cases import LONGEST_ANSWER, Case, read_case
from referrals.closing import Ending, endings, takes_approval
from referrals.desk.canned import Ready, list_canned
from referrals.desk.links import Earlier, Linked, read_earlier, read_links
from referrals.desk.models import ReferralNote, ReferralTask
from referrals.desk.notes import LEVELS, LONGEST_NOTE, Note, read_notes, reader_of
from referrals.desk.sealed import key_or_none, open_words
from referrals.desk.tags import read_tags
from referrals.desk.tasks import LONGEST_TASK, Task, read_tasks, today
from referrals.desk.titles import LONGEST_TITLE, read_title
from referrals.desk.views_seen import Act, Look, read_acts, read_looks
from referrals.evidence import Piece, list_evidence
from referrals.handing_back import bot_tasks
from referrals.models import Referral
from referrals.reaching import PHONE
from referrals.reports import read_report
from referrals.teams.clocks import claim_due
from referrals.teams.days import load_calendar
from referrals.teams.models import Team
from referrals.telephone import read_number
from referrals.urgency import PRIORITIES

Tab = Literal["talk", "report", "desk"]
# What may come back with a refused form.
_TYPED = (
    "text", "note", "level", "task", "due_on", "title", "tags", "why", "priority", "outcome", "closing", "follow_up_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing that waits for a supervisor, with the words that the person would read."""

    outcome: str
    by: str
    is_own: bool
    text: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the thread. Without the case's words only notes for the team and what hides nothing."""

    notes: list[Note]
    due: datetime
    version: str
    language: str = WHOLE[0]
    title: str = ""
    tags: tuple[str, ...] = ()
    team: str | None = None
    report: View | None = None
    evidence: tuple[Piece, ...] = ()
    tasks: tuple[Task, ...] = ()
    seen: tuple[Seen, ...] = ()
    links: Mapping[str, tuple[Linked, ...]] | None = None
    earlier: tuple[Earlier, ...] = ()
    looks: tuple[Look, ...] = ()
    acts: tuple[Act, ...] = ()
    outlook: Outlook | None = None
    # What a locked screen shows of an answer.
    lock: str = ""
    number: str = ""
    ready: tuple[Ready, ...] = ()
    closing: Closing | None = None


def oversees(caller: Caller) -> bool:
    """Whether the caller may look over others' cases."""
    return "referrals.assign" in caller.scopes


async def read_whole(
    request: Request, referral_id: UUID, caller: Caller, action: str = "referral.read"
) -> tuple[Case, Beside]:
    """Read a case and what stands beside it; leaves one audit row."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, action) as session:
        case = await read_case(
            session, runtime.keys, referral_id, caller.account_id, oversees=oversees(caller)
        )
        return case, await _beside(session, runtime, case, caller)


async def _beside(session: AsyncSession, runtime: Runtime, case: Case, caller: Caller) -> Beside:
    referral, keys = case.referral, runtime.keys
    readers = await reader_of(session, referral, caller.account_id, reads_words=case.shows_words)
    notes = await read_notes(session, keys, referral, caller.account_id, readers)
    team = await session.scalar(sa.select(Team.name).where(Team.id == referral.team_id))
    due = claim_due(referral, await load_calendar(session))
    version = await version_of(session, case, caller.account_id)
    if not case.shows_words:
        return Beside(notes, due, version, team=team)
    contact = await session.get_one(Contact, referral.contact_id)
    rule = await session.get(ContactRule, referral.contact_id)
    language = contact.language
    return Beside(
        notes=notes,
        due=due,
        version=version,
        language=language if language in WHOLE else WHOLE[0],
        title=await read_title(session, keys, referral),
        tags=await read_tags(session, keys, referral),
        team=team,
        report=view_of(await read_report(session, keys, referral), referral, rule, language),
        evidence=tuple(await list_evidence(session, referral.id)),
        tasks=tuple(await read_tasks(session, keys, referral, caller.account_id)),
        seen=tuple(await read_seen(session, referral.contact_id)),
        links=await read_links(session, referral),
        earlier=await read_earlier(session, referral),
        looks=tuple(await read_looks(session, referral.id)),
        acts=tuple(await read_acts(session, referral.id)),
        outlook=await read_outlook(session, referral),
        lock=words_in(language)["notice"],
        number=await _number(session, runtime, referral),
        ready=tuple(await list_canned(session)) if case.is_held_by_viewer else (),
        closing=await _closing(session, runtime, referral, caller),
    )


async def _number(session: AsyncSession, runtime: Runtime, referral: Referral) -> str:
    if referral.channel != PHONE:
        return ""
    try:
        return await read_number(session, runtime.keys, referral)
    except KeyDestroyedError:
        return ""


async def _closing(
    session: AsyncSession, runtime: Runtime, referral: Referral, caller: Caller
) -> Closing | None:
    if referral.closing_as is None:
        return None
    by = await session.scalar(sa.select(Account.name).where(Account.id == referral.closing_by))
    key = await key_or_none(session, runtime.keys, referral)
    text = open_words(referral.closing_text, key, "referral", "closing_text", referral.id)
    return Closing(referral.closing_as, by or "-", referral.closing_by == caller.account_id, text or "")


async def draw_case(
    request: Request,
    referral_id: UUID,
    caller: Caller,
    *,
    problem: AppError | None = None,
    typed: Mapping[str, str] | None = None,
    tab: Tab = "talk",
) -> Response:
    """Draw the whole page, with what was typed and refused."""
    case, beside = await read_whole(request, referral_id, caller)
    return draw(
        request,
        "case.html",
        caller,
        status=problem.status if problem else 200,
        case=case,
        beside=beside,
        live=False,
        say_reason=say_reason,
        say_clock=say_clock,
        say_day=say_day,
        due=beside.due,
        version=beside.version,
        problem=problem,
        typed=dict.fromkeys(_TYPED, "") | dict(typed or {}),
        form_id=new_id,
        tab=tab,
        longest=LONGEST_ANSWER,
        longest_note=LONGEST_NOTE,
        longest_task=LONGEST_TASK,
        longest_title=LONGEST_TITLE,
        levels=LEVELS,
        priorities=PRIORITIES,
        bot_tasks=tuple(bot_tasks()),
        outcomes=_outcomes(case, beside),
        today=today(),
        oversees=oversees(caller),
        map=load_map(),
    )


def _outcomes(case: Case, beside: Beside) -> list[tuple[str, str, int | None, bool]]:
    """Each outcome with the person's text, the days after which to look again, and whether a supervisor looks first."""
    return [
        (
            outcome,
            _text_of(ending, beside.language),
            ending.follow_up,
            takes_approval(outcome, case.referral.priority),
        )
        for outcome, ending in endings().items()
    ]


def _text_of(ending: Ending, language: str) -> str:
    return in_language({"th": ending.th, "en": ending.en}, language)


async def version_of(session: AsyncSession, case: Case, viewer_id: UUID) -> str:
    """Name what the page shows: who holds it, then how each line and the lists beside the thread stand."""
    referral = case.referral
    held = (
        referral.state, referral.claimed_by, referral.priority, referral.bot_dialogue, referral.closing_as,
    )  # fmt: skip
    notes = await session.execute(
        sa.select(ReferralNote.id, ReferralNote.withdrawn_at)
        .where(
            ReferralNote.referral_id == referral.id,
            sa.or_(ReferralNote.level != "me", ReferralNote.account_id == viewer_id),
        )
        .order_by(ReferralNote.id)
    )
    tasks = await session.execute(
        sa.select(ReferralTask.id, ReferralTask.done_at)
        .where(ReferralTask.referral_id == referral.id)
        .order_by(ReferralTask.id)
    )
    outlook = await read_outlook(session, referral) if case.is_held_by_viewer else None
    shown = [
        outlook,
        case.may_talk,
        # The last entry's time stands for new answers of a report, which are no lines.
        referral.last_entry_at,
        *((str(x.id), x.message_state, x.message_reason, x.taken_back) for x in case.lines),
        *(tuple(row) for row in (*notes, *tasks)),
        *(await sides_version(session, referral.id)),
    ]
    return ".".join(hashlib.sha256(repr(part).encode()).hexdigest()[:16] for part in (held, shown))


async def readable(session: AsyncSession, runtime: Runtime, referral_id: UUID, caller: Caller) -> Referral:
    """Return the referral, locked, when the caller may read its words; raises NotFoundError else."""
    await session.execute(sa.select(Referral.id).where(Referral.id == referral_id).with_for_update())
    case = await read_case(session, runtime.keys, referral_id, caller.account_id, oversees=oversees(caller))
    if not case.shows_words:
        raise NotFoundError("nothing of this referral is yours to work on")
    return case.referral


def back_to(referral_id: UUID, tab: Tab = "talk") -> Response:
    """Go back to the page, on narrow screens to the part where something was done."""
    return RedirectResponse(
        f"/console/referrals/{referral_id}" + (f"?tab={tab}" if tab != "talk" else ""), 303
    )
