"""Whom a campaign is for: its rules, how many each holds for, who is left out, the holdout and the weekly cap."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from msgspec.structs import replace

from app.auditing import audited
from app.auth import Caller
from app.console.audience_form import CHANNELS, KINDS, Filled, RuleForm, read_offered, rule_of
from app.console.campaign_frame import read_frame
from app.console.campaign_list import ADDRESS, Reader, Writer
from app.console.campaign_words import say_rule
from app.console.count_pace import keep_pace
from app.console.pages import draw
from app.runtime import Runtime
from campaigns.audience.bounds import (
    MOST_A_WEEK,
    MOST_DAYS,
    MOST_HOLDOUT,
    MOST_RULES,
    AudienceError,
    check_audience,
)
from campaigns.audience.counting import count_audience
from campaigns.audience.segments import LONGEST_NAME, read_segment, save_segment
from campaigns.drafting import change_plan, read_campaign
from campaigns.plans.audience import Audience
from campaigns.plans.plan import Plan
from core.contacts.subjects import SUBJECTS
from core.errors import AppError
from core.languages import WHOLE

router = APIRouter()
_PAGE = f"{ADDRESS}/{{campaign_id}}/audience"
Revision = Annotated[int, Form(ge=1, le=2**31 - 1)]


@router.get(_PAGE, name="campaign.see_audience")
async def show_audience(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    return await _draw(request, campaign_id, caller)


async def _draw(
    request: Request,
    campaign_id: UUID,
    caller: Caller,
    problem: AppError | None = None,
    typed: RuleForm | None = None,
    name: str = "",
) -> Response:
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller, "campaign.see_audience") as session:
        frame = await read_frame(session, runtime, campaign_id)
        offered = await read_offered(session, campaign_id)
    return draw(
        request, "campaign_audience.html", caller, status=problem.status if problem else 200, problem=problem,
        frame=frame, offered=offered, say_rule=say_rule, typed=typed, kinds=KINDS, channels=CHANNELS, name=name,
        subjects=SUBJECTS, languages=WHOLE, most_rules=MOST_RULES, most_days=MOST_DAYS,
        most_holdout=MOST_HOLDOUT, most_a_week=MOST_A_WEEK, longest_name=LONGEST_NAME,
    )  # fmt: skip


@router.get(f"{_PAGE}/count", name="campaign.count")
async def show_count(request: Request, campaign_id: UUID, caller: Reader) -> Response:
    """The part of the page that says how many; figures as `counting` rounds them."""
    problem: AppError | None = None
    counted = None
    try:
        async with audited(request, caller) as session:
            await keep_pace(session, caller.account_id)
            view = await read_campaign(session, campaign_id)
            counted = await count_audience(session, view.plan.audience, view.subject)
            titles = (await read_offered(session, campaign_id)).titles
    except AppError as error:
        if error.status == 404:
            raise
        return draw(request, "_campaign_count.html", caller, problem=error, counted=None)
    return draw(
        request, "_campaign_count.html", caller, problem=problem, counted=counted, audience=view.plan.audience,
        say_rule=say_rule, titles=titles,
    )  # fmt: skip


Change = Callable[[Plan], Plan]


async def _change(
    request: Request,
    campaign_id: UUID,
    caller: Caller,
    revision: int,
    change: Change,
    typed: RuleForm | None = None,
) -> Response:
    """Put a changed plan in the place of the one that was seen; a refusal gives back what was filled in."""
    try:
        async with audited(request, caller) as session:
            view = await read_campaign(session, campaign_id)
            plan = change(view.plan)
            check_audience(plan.audience)
            await change_plan(
                session,
                campaign_id,
                title=view.title,
                plan=plan,
                revision=revision,
                author_id=caller.account_id,
            )
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error, typed)
    return RedirectResponse(_PAGE.format(campaign_id=campaign_id), 303)


@router.post(f"{_PAGE}/rules", name="campaign.add_rule")
async def post_rule(request: Request, campaign_id: UUID, caller: Writer, form: Filled) -> Response:
    def change(plan: Plan) -> Plan:
        rules = (*getattr(plan.audience, form.side), rule_of(form))
        return replace(plan, audience=replace(plan.audience, **{form.side: rules}))

    return await _change(request, campaign_id, caller, form.revision, change, form)


@router.post(f"{_PAGE}/rules/drop", name="campaign.drop_rule")
async def post_drop(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    revision: Revision,
    side: Annotated[str, Form(pattern="^(include|exclude)$")],
    place: Annotated[int, Form(ge=0, le=99)],
) -> Response:
    def change(plan: Plan) -> Plan:
        rules = getattr(plan.audience, side)
        if place >= len(rules):
            raise AudienceError("this rule is there no more: look at the rules again")
        return replace(plan, audience=replace(plan.audience, **{side: rules[:place] + rules[place + 1 :]}))

    return await _change(request, campaign_id, caller, revision, change)


@router.post(_PAGE, name="campaign.bound_audience")
async def post_bounds(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    revision: Revision,
    holdout: Annotated[int, Form(ge=-999, le=999)],
    weekly_cap: Annotated[int, Form(ge=-999, le=999)],
    subject: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """The subject whose news it is, the holdout and the weekly cap."""

    def change(plan: Plan) -> Plan:
        known = next((one for one in SUBJECTS if one == subject), None)
        if subject and known is None:
            raise AudienceError("choose a subject that the form offers")
        bounded = replace(plan.audience, holdout=holdout, weekly_cap=weekly_cap)
        return replace(plan, audience=bounded, subject=known)

    return await _change(request, campaign_id, caller, revision, change)


@router.post(f"{_PAGE}/segment", name="campaign.use_segment")
async def post_segment(
    request: Request,
    campaign_id: UUID,
    caller: Writer,
    revision: Revision,
    segment_id: Annotated[UUID, Form()],
) -> Response:
    """Take over a saved audience; later changes of it change nothing here."""
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        chosen = (await read_segment(session, segment_id)).audience

    def change(plan: Plan) -> Plan:
        if chosen is None:
            raise AudienceError("this saved audience can't be read any more: choose its rules anew")
        return replace(plan, audience=chosen)

    return await _change(request, campaign_id, caller, revision, change)


@router.post(f"{_PAGE}/save", name="segment.save")
async def post_save(
    request: Request, campaign_id: UUID, caller: Writer, name: Annotated[str, Form(max_length=400)] = ""
) -> Response:
    """Keep the audience under a name, for other campaigns."""
    try:
        async with audited(request, caller) as session:
            audience: Audience = (await read_campaign(session, campaign_id)).plan.audience
            await save_segment(session, name=name, audience=audience, author_id=caller.account_id)
    except AppError as error:
        if error.status == 404:
            raise
        return await _draw(request, campaign_id, caller, error, name=name)
    return RedirectResponse(f"{ADDRESS}/segments", 303)
