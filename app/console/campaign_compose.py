"""The composer: one wording of a campaign as blocks, the two phones that show it, and what is wrong with it, while typing.

Nothing is kept before "Save"; arranging blocks and looking at the phones carry the whole form, so that nothing typed is
lost, whoever changed the campaign meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.campaign_compose_blocks import MOST_BLOCKS, Arranged, arrange, ids_of
from app.console.campaign_compose_choices import Choices, read_choices
from app.console.campaign_compose_form import KINDS, Written, read_written, write_removed
from app.console.campaign_compose_hints import notes_of, tally
from app.console.campaign_compose_messages import turn
from app.console.campaign_compose_new import blank_plan
from app.console.campaign_frame import names_of, read_frame
from app.console.campaign_phones import phones_of
from app.console.pages import draw
from app.console.texts import say
from app.examining.apart import examiner_of
from app.examining.asking import Spell
from app.examining.refusals import BusyError, FailedError
from app.runtime import Runtime
from campaigns.composer.checking import faults_of
from campaigns.composer.fault import Fault
from campaigns.composer.personal import sayings_of
from campaigns.composer.rendering import media_of
from campaigns.drafting import (
    EDITABLE,
    LONGEST_TITLE,
    CampaignView,
    ChangedMeanwhileError,
    change_plan,
    read_campaign,
)
from campaigns.media import MediaFacts, read_media
from campaigns.plans.blocks import Wording
from campaigns.plans.plan import Plan, Step
from core.clock import bangkok, utc_now
from core.contacts.subjects import SUBJECTS, Subject
from core.errors import AppError, NotFoundError
from core.languages import WHOLE

router = APIRouter()
Reader = Annotated[Caller, Depends(require("campaigns.read"))]
Writer = Annotated[Caller, Depends(require("campaigns.read", "campaigns.write"))]
PassiveReader = Annotated[Caller, Depends(require("campaigns.read", passive=True))]
Saved = Annotated[str, Query(max_length=8)]
StepAt = Annotated[int, Query(ge=0, le=999)]
Variant = Annotated[str, Query(max_length=8, pattern="^[a-z]*$")]
ADDRESS = "/console/campaigns/{campaign_id}/write"


@dataclass(frozen=True, slots=True)
class Place:
    """Which wording of which campaign is on the page."""

    view: CampaignView
    step: int
    variant: str

    @property
    def address(self) -> str:
        return f"/console/campaigns/{self.view.id}/write"

    @property
    def query(self) -> str:
        return f"?step={self.step}&variant={self.variant}"

    @property
    def prefix(self) -> str:
        return f"{self.step}.{self.variant}"

    @property
    def wording(self) -> Wording:
        return next(w for w in self.view.plan.steps[self.step].wordings if w.variant == self.variant)

    def plan_with(self, written: Written) -> Plan:
        """The plan with what is in the form in the place of this wording."""
        subject: Subject | None = next((one for one in SUBJECTS if one == written.subject), None)
        steps = tuple(
            Step(tuple(written.wording if w.variant == self.variant else w for w in step.wordings))
            if at == self.step
            else step
            for at, step in enumerate(self.view.plan.steps)
        )
        return msgspec.structs.replace(self.view.plan, steps=steps, subject=subject, silent=written.silent)


def place_of(view: CampaignView, step: int, variant: str) -> Place:
    """Raises NotFoundError where the plan has no such step; of a step without this variant the first is meant."""
    if not view.plan.steps:
        view = replace(view, plan=msgspec.structs.replace(view.plan, steps=blank_plan().steps))
    if step >= len(view.plan.steps) or not view.plan.steps[step].wordings:
        raise NotFoundError("this campaign has no such message")
    variants = [wording.variant for wording in view.plan.steps[step].wordings]
    return Place(view, step, variant if variant in variants else variants[0])


def written_of(place: Place, language: str = "th") -> Written:
    """The form as it is filled when the page is opened."""
    view = place.view
    return Written(
        view.title,
        view.plan.subject or "",
        view.plan.silent,
        place.wording,
        revision=view.revision,
        language=language,
    )


@router.get(ADDRESS, name="campaign.compose_page")
async def show_composer(
    request: Request,
    campaign_id: UUID,
    caller: Reader,
    step: StepAt = 0,
    variant: Variant = "",
    saved: Saved = "",
) -> Response:
    """Whoever may only read sees the phones."""
    async with audited(request, caller) as session:
        place = place_of(await read_campaign(session, campaign_id), step, variant)
        return await _draw_page(request, caller, session, place, written_of(place), saved=bool(saved))


@router.post(ADDRESS, name="campaign.compose")
async def save(
    request: Request, campaign_id: UUID, caller: Writer, step: StepAt = 0, variant: Variant = ""
) -> Response:
    """Keep what is in the form. Where somebody was faster, all that was typed stays in it."""
    fields = (await request.form()).multi_items()
    try:
        async with audited(request, caller) as session:
            place = place_of(await read_campaign(session, campaign_id), step, variant)
            written = read_written(fields, place.variant)
            await change_plan(
                session, campaign_id, title=written.title, plan=place.plan_with(written),
                revision=written.revision, author_id=caller.account_id,
            )  # fmt: skip
    except AppError as error:
        return await _draw_refused(request, caller, campaign_id, (step, variant), fields, error)
    return RedirectResponse(f"{place.address}{place.query}&saved=true", 303)


@router.post(f"{ADDRESS}/messages", name="campaign.messages")
async def post_messages(
    request: Request, campaign_id: UUID, caller: Writer, step: StepAt = 0, variant: Variant = ""
) -> Response:
    """Keep what is in the form, and add or take out a message or a wording."""
    form = await request.form()
    fields = form.multi_items()
    try:
        async with audited(request, caller) as session:
            place = place_of(await read_campaign(session, campaign_id), step, variant)
            written = read_written(fields, place.variant)
            plan, at, which = turn(
                place.plan_with(written), str(form.get("do", "")), (place.step, place.variant),
                bangkok(utc_now()).date(),
            )  # fmt: skip
            await change_plan(
                session, campaign_id, title=written.title, plan=plan, revision=written.revision,
                author_id=caller.account_id,
            )  # fmt: skip
    except AppError as error:
        return await _draw_refused(request, caller, campaign_id, (step, variant), fields, error)
    return RedirectResponse(f"{place.address}?step={at}&variant={which}&saved=true", 303)


async def _draw_refused(
    request: Request, caller: Caller, campaign_id: UUID, at: tuple[int, str], fields: Any, error: AppError
) -> Response:
    async with audited(request, caller, "campaign.compose_page") as session:
        place = place_of(await read_campaign(session, campaign_id), *at)
        written = read_written(fields, place.variant)
        return await _draw_page(request, caller, session, place, written, problem=error)


@router.post(f"{ADDRESS}/arrange", name="campaign.arrange")
async def post_arrange(
    request: Request, campaign_id: UUID, caller: Writer, step: StepAt = 0, variant: Variant = ""
) -> Response:
    """Add, move, remove or bring back a block. Nothing is kept yet."""
    runtime: Runtime = request.app.state.runtime
    form = await request.form()
    async with runtime.database.unit_of_work() as session:
        place = place_of(await read_campaign(session, campaign_id), step, variant)
        written = read_written(form.multi_items(), place.variant)
        arranged = arrange(written, str(form.get("do", "")), _ids_elsewhere(place))
        if "hx-request" not in request.headers:
            return await _draw_page(request, caller, session, place, arranged.written, arranged=arranged)
        values = await _form_values(session, runtime, place, arranged)
    return draw(request, "_campaign_compose_form.html", caller, **values)


def _ids_elsewhere(place: Place) -> set[str]:
    """Ids that other messages of the plan use: whoever gets several gets each question once."""
    return {
        block_id
        for at, step in enumerate(place.view.plan.steps)
        for wording in step.wordings
        if at != place.step
        for block_id in ids_of(wording)
    }


@router.post(f"{ADDRESS}/preview", name="campaign.preview")
async def post_preview(
    request: Request, campaign_id: UUID, caller: PassiveReader, step: StepAt = 0, variant: Variant = ""
) -> Response:
    """Both phones and what stands under each field, of what is in the form; nothing is kept."""
    runtime: Runtime = request.app.state.runtime
    form = await request.form()
    async with runtime.database.unit_of_work() as session:
        place = place_of(await read_campaign(session, campaign_id), step, variant)
        written = read_written(form.multi_items(), place.variant)
        seen = await _look(session, runtime, place, written)
    return draw(request, "_campaign_compose_seen.html", caller, oob=True, written=written, **seen)


@router.post(f"{ADDRESS}/spelling", name="campaign.spelling")
async def post_spelling(
    request: Request, campaign_id: UUID, caller: PassiveReader, step: StepAt = 0, variant: Variant = ""
) -> Response:
    """Words of this wording that look misspelt; never a reason to stop. Asked for less often than the phones."""
    runtime: Runtime = request.app.state.runtime
    form = await request.form()
    async with runtime.database.unit_of_work() as session:
        place = place_of(await read_campaign(session, campaign_id), step, variant)
    written = read_written(form.multi_items(), place.variant)
    try:
        spelt = await examiner_of(request).ask(Spell(Plan(steps=(Step((written.wording,)),))))
    except (BusyError, FailedError):
        return draw(request, "_campaign_compose_spelling.html", caller, faults=None)
    return draw(request, "_campaign_compose_spelling.html", caller, faults=spelt.faults)


async def _look(session: AsyncSession, runtime: Runtime, place: Place, written: Written) -> dict[str, Any]:
    """What both phones show, and every fault of the plan as it would be."""
    plan = place.plan_with(written)
    media = await read_media(session, media_of(plan), runtime.settings.base_url)
    # Of the whole plan, since questions and measures hang together over its messages.
    faults = faults_of(plan, media=media)
    here = [fault for fault in faults if _is_here(fault, place)]
    person = {"name": say("campaign_compose.known_name"), "province": say("campaign_compose.known_province")}
    return {
        "phones": phones_of(
            written.wording, written.language, campaign_id=place.view.id, media=_shown_here(media),
            person=person if written.known else None,
        ),
        "notes": notes_of(written.wording, here, place.prefix),
        "tally": tally(here),
        "elsewhere": len([fault for fault in faults if fault.stops]) - len([fault for fault in here if fault.stops]),
    }  # fmt: skip


def _is_here(fault: Fault, place: Place) -> bool:
    at = fault.place
    return (
        at == place.prefix
        or at.startswith(f"{place.prefix}.")
        or at in {"", "questions", "trial", str(place.step)}
    )


def _shown_here(media: Mapping[str, MediaFacts]) -> Mapping[str, MediaFacts]:
    """Pictures by addresses of this page's own host, the only ones that its policy shows."""
    return {
        media_id: replace(facts, url=_path(facts.url), preview_url=_path(facts.preview_url))
        for media_id, facts in media.items()
    }


def _path(address: str) -> str:
    return "/media/" + address.partition("/media/")[2]


async def _form_values(
    session: AsyncSession, runtime: Runtime, place: Place, arranged: Arranged
) -> dict[str, Any]:
    written = arranged.written
    choices: Choices = await read_choices(session, runtime.settings.base_url)
    return {
        "place": place, "written": written, "focus": arranged.focus, "removed": write_removed(written.removed),
        "choices": choices, "languages": _languages_of(written), "kinds": KINDS, "most_blocks": MOST_BLOCKS, "subjects": SUBJECTS,
        "longest_title": LONGEST_TITLE, **await _look(session, runtime, place, written),
    }  # fmt: skip


def _languages_of(written: Written) -> list[str]:
    """Thai and English, and every other in which something is written."""
    wording = written.wording
    sayings = [wording.notice, *(said for block in wording.blocks for said in sayings_of(block))]
    return list(dict.fromkeys((*WHOLE, *(language for said in sayings for language in said))))


async def _draw_page(
    request: Request,
    caller: Caller,
    session: AsyncSession,
    place: Place,
    written: Written,
    *,
    problem: AppError | None = None,
    arranged: Arranged | None = None,
    saved: bool = False,
) -> Response:
    runtime: Runtime = request.app.state.runtime
    frame = await read_frame(session, runtime, place.view.id)
    by = await names_of(session, [place.view.changed_by])
    values = await _form_values(session, runtime, place, arranged or Arranged(written))
    return draw(
        request, "campaign_compose.html", caller, status=problem.status if problem else 200, problem=problem,
        frame=frame, saved=saved, oob=False, may_write=_may_write(caller, place),
        theirs=isinstance(problem, ChangedMeanwhileError),
        changed_by=by.get(place.view.changed_by, "") if place.view.changed_by else "", **values,
    )  # fmt: skip


def _may_write(caller: Caller, place: Place) -> bool:
    return "campaigns.write" in caller.scopes and place.view.state in EDITABLE
