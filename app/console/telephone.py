"""Taking a report on the telephone: the questions on one page, each may be skipped, and the code to read out."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from app.console.texts import spoken
from app.examining.apart import examiner_of
from app.examining.asking import CallRead, ReadCall
from app.runtime import Runtime
from core.errors import AppError, InvalidInputError
from core.ids import new_id
from referrals.questionnaires.asking import wording
from referrals.questionnaires.questionnaire import Answers, Question
from referrals.questionnaires.reading import load_questionnaire
from referrals.telephone import (
    CHAT_ONLY,
    LONGEST_CODE_WORD,
    LONGEST_STORY,
    Call,
    UnreadAnswerError,
    open_by_phone,
    opened_lately,
    questions_for,
    receipt_of,
)

router = APIRouter()
ADDRESS = "/console/telephone"
Writer = Annotated[Caller, Depends(require("referrals.read", "referrals.write"))]
_PREFIX = "q."


@router.get(ADDRESS, name="telephone.read")
async def show_form(request: Request, caller: Writer) -> Response:
    async with audited(request, caller):
        examiner_of(request).prepare()
        return _draw(request, caller, {}, {}, new_id(), {})


@router.post(f"{ADDRESS}/questions", name="telephone.ask")
async def post_questions(request: Request, caller: Writer) -> Response:  # noqa: ARG001 - being let in is enough
    """Say which questions make sense after what was chosen so far; nothing is kept."""
    read = await examiner_of(request).ask(ReadCall(_typed(await request.form())))
    return draw(request, "_telephone_asks.html", None, asks=_asked(read.answers))


@router.post(ADDRESS, name="telephone.open")
async def post_form(request: Request, caller: Writer) -> Response:
    runtime: Runtime = request.app.state.runtime
    form = await request.form()
    typed, fields = _typed(form), {name: _field(form, name) for name in ("text", "number", "code_word")}
    form_id, read = new_id(), CallRead({})
    try:
        async with audited(request, caller) as session:
            read = await examiner_of(request).ask(ReadCall(typed, fields["text"][:LONGEST_STORY]))
            form_id = _form_id(form)
            if read.unread:
                raise UnreadAnswerError(read.unread)
            call = Call(read.answers, fields["text"], fields["number"], fields["code_word"], read.heard)
            await open_by_phone(
                session, runtime.keys, account_id=caller.account_id, call=call, form_id=form_id
            )
            standing = await opened_lately(session, form_id, caller.account_id)
    except AppError as error:
        return _draw(request, caller, typed, fields, form_id, read.answers, error)
    if standing is None:
        return RedirectResponse(ADDRESS, 303)
    code = receipt_of(runtime.keys, form_id)
    fours = [code[start : start + 4] for start in range(0, len(code), 4)]
    return draw(request, "telephone_done.html", caller, referral_id=standing, fours=fours)


def _form_id(form: FormData) -> UUID:
    try:
        return UUID(_field(form, "form_id"))
    except ValueError:
        raise InvalidInputError("open the form again") from None


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _typed(form: FormData) -> dict[str, list[str]]:
    """What was chosen or written for each question."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if name.startswith(_PREFIX) and isinstance(value, str) and value:
            found.setdefault(name.removeprefix(_PREFIX), []).append(value)
    return found


def _asked(answers: Answers) -> dict[str, str]:
    """The questions that apply, each in the words for this caller."""
    asked = load_questionnaire()
    return {one.id: wording(asked, one, answers)[spoken.get()] for one in questions_for(answers)}


def _all_questions() -> tuple[Question, ...]:
    return tuple(one for one in load_questionnaire().questions if one.id not in CHAT_ONLY)


def _draw(
    request: Request,
    caller: Caller,
    typed: Mapping[str, Sequence[str]],
    fields: Mapping[str, str],
    form_id: UUID,
    answers: Answers,
    problem: AppError | None = None,
) -> Response:
    asked = _asked(answers)
    if isinstance(problem, UnreadAnswerError):
        problem.holder = asked.get(problem.holder, problem.holder)
    return draw(
        request,
        "telephone.html",
        caller,
        status=problem.status if problem else 200,
        questions=_all_questions(),
        asked=asked,
        asks=asked,
        language=spoken.get(),
        typed=typed,
        fields={"text": "", "number": "", "code_word": ""} | dict(fields),
        form_id=form_id,
        problem=problem,
        longest_story=LONGEST_STORY,
        longest_word=LONGEST_CODE_WORD,
    )
