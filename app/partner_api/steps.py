"""Telling how a case goes on, step by step, each under a key; and the codes that all of this is told in."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.faces.routers import make_router
from app.partner_api.access import Program, require_program
from app.partner_api.bodies import VISIBLE, Given, Made
from app.partner_api.once import WriteKey, once, worked
from app.runtime import Runtime
from core.accounts.repeated_calls import Done
from core.clock import utc_now
from core.errors import NotFoundError
from referrals.agencies.directory import read_agency
from referrals.agencies.programs import ProgramScope
from referrals.agencies.templates import templates
from referrals.referring.wording import LONGEST_NOTE, LONGEST_REASON
from referrals.tracks.events import By
from referrals.tracks.lines import LONGEST_OUTSIDE_ID
from referrals.tracks.models import CaseEvent
from referrals.tracks.partners import case_of
from referrals.tracks.recording import NewStep, correct, record
from referrals.tracks.steps import Track, steps

router = make_router("tracks")
Reader = Annotated[Program, Depends(require_program("cases.read"))]
_SCOPES: dict[Track, ProgramScope] = {
    "victim": "track.victim.write",
    "prosecution": "track.prosecution.write",
    "compensation": "track.compensation.write",
}
_MOST_SMALL = 9_999
_CODE = Field(max_length=40, pattern=r"^[a-z0-9_]*$")
Detail = str | int | list[str]


class NewEvent(Given):
    """A step that happened. What it must and may say: `/v1/codes`."""

    step: str = Field(min_length=1, max_length=40, pattern=r"^[a-z0-9_]+$", examples=["indicted"])
    happened_on: date = Field(description="Bangkok day, of the common era.", examples=["2026-11-23"])
    happened_at: AwareDatetime | None = Field(
        default=None, description="To the minute, where a clock starts by it."
    )
    outside_id: str = Field(
        default="", max_length=LONGEST_OUTSIDE_ID, pattern=r"^[^\x00-\x1f\x7f]*$",
        description="Your own name for it: told twice it counts once.",
    )  # fmt: skip
    person: int | None = Field(
        default=None, ge=1, le=_MOST_SMALL, description="Number of the person in the case."
    )
    amount: int | None = Field(
        default=None, ge=-(10**15), le=10**15, description="Satang: 850,000.00 baht are 85000000."
    )
    fund: Annotated[str | None, _CODE] = None
    item: Annotated[str | None, _CODE] = None
    outcome: Annotated[str | None, _CODE] = None
    people: int | None = Field(default=None, ge=0, le=_MOST_SMALL)
    months: int | None = Field(default=None, ge=0, le=_MOST_SMALL)
    about: UUID | None = Field(
        default=None, description="The event that it is about: the order that a payment pays."
    )
    details: dict[str, Detail] = Field(default_factory=dict, max_length=20)
    note: str = Field(
        default="",
        max_length=LONGEST_NOTE,
        description="For colleagues; what seems to name somebody is marked.",
    )

    def new_step(self, track: Track) -> NewStep:
        said: dict[str, Any] = self.model_dump(exclude={"about"})
        return NewStep(track=track, about_id=self.about, **said)


class Correction(Given):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, pattern=VISIBLE)


class StepRule(BaseModel):
    """A step that an agency of your kind may tell."""

    track: Track
    step: str
    must: list[str]
    may: list[str]
    outcomes: list[str]
    funds: list[str]
    about: list[str]


class Codes(BaseModel):
    """The codes of this interface."""

    kind: str
    steps: list[StepRule]
    decline: list[str]
    outcome: list[str]
    gives: list[str] = Field(description="What files that you are given may be.")
    takes: list[str] = Field(description="What files that you give may be.")


@router.get("/codes", name="agency_case.codes", summary="Read the codes")
async def read_codes(request: Request, program: Reader) -> Codes:
    """What your agency may tell, what each step must say, why a case may be declined, and which files go where."""
    async with worked(request, program) as session:
        agency = await read_agency(session, program.agency_id)
    template = templates().template[agency.template]
    return Codes(
        kind=program.kind,
        steps=[
            StepRule(
                track=rule.track, step=rule.code, must=[*rule.must], may=[*rule.may], outcomes=[*rule.outcomes],
                funds=[*rule.funds], about=[*rule.about],
            )
            for rule in steps().values()
            if program.kind in rule.makers and rule.track in _SCOPES
        ],
        decline=sorted(templates().decline), outcome=sorted(templates().outcome),
        gives=sorted(template.gives), takes=sorted(template.takes),
    )  # fmt: skip


def _add_track(track: Track) -> None:
    """Give a track its two calls, each behind the scope of its own."""
    writer = Depends(require_program("cases.read", _SCOPES[track]))

    async def post_event(
        request: Request, case_id: UUID, key: WriteKey, given: NewEvent, program: Annotated[Program, writer]
    ) -> Response:
        """Once the case is accepted. The same `outside_id` with other content is refused (409 `other_content`)."""
        return await _tell(request, case_id, program, key, given.new_step(track))

    async def post_correction(
        request: Request, case_id: UUID, event_id: UUID, key: WriteKey, given: Correction,
        program: Annotated[Program, writer],
    ) -> Response:  # fmt: skip
        """Nothing is changed or deleted: a second event takes the first back, and both can be read."""
        return await _take_back(request, case_id, (track, event_id), program, key, given.reason)

    path = f"/cases/{{case_id}}/{track}"
    router.post(
        path,
        name=f"agency_case.tell_{track}",
        summary=f"Tell a step: {track}",
        status_code=201,
        response_model=Made,
    )(post_event)
    router.post(
        f"{path}/{{event_id}}/correct", name=f"agency_case.correct_{track}", summary=f"Take a step back: {track}",
        status_code=201, response_model=Made,
    )(post_correction)  # fmt: skip


for _track in _SCOPES:
    _add_track(_track)


async def _tell(request: Request, case_id: UUID, program: Program, key: str, new: NewStep) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        referral_id = await case_of(session, program.agency_id, case_id)
        by = _by(program, case_id)
        return Done(201, await record(session, runtime.keys, referral_id, new, by, now=utc_now()))

    return await once(request, program, key, work)


async def _take_back(
    request: Request, case_id: UUID, told: tuple[Track, UUID], program: Program, key: str, reason: str
) -> Response:
    runtime: Runtime = request.app.state.runtime

    async def work(session: AsyncSession, _form_id: UUID) -> Done:
        referral_id = await case_of(session, program.agency_id, case_id)
        track, event_id = told
        event = await session.get(CaseEvent, event_id)
        if event is None or (event.track, event.referral_id) != (track, referral_id):
            raise NotFoundError("no such step of this track")
        taken = await correct(
            session, runtime.keys, referral_id, event_id, _by(program, case_id), reason=reason, now=utc_now()
        )
        return Done(201, taken)

    return await once(request, program, key, work)


def _by(program: Program, case_id: UUID) -> By:
    return By(
        maker=program.kind, source="api", agency_id=program.agency_id, agency_referral_id=case_id,
        program_id=program.program_id,
    )  # fmt: skip
