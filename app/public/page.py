"""`/check`: paste an offer or send its picture, read the verdict. No account, nothing in the address, nothing kept."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.auth import network_address
from app.public.answer import answer_reply, answer_text, say_problem
from app.public.drawing import draw, say_trouble
from app.public.edits import Edits
from app.public.forms import MOST_CHARACTERS, Sent, is_binary, read_form
from app.public.headers import ADDRESS
from app.public.keeping import KeepText, keep_agreed
from app.public.pace import (
    PICTURES,
    PICTURES_PER_MINUTE,
    TEXTS,
    TEXTS_PER_MINUTE,
    Pace,
    address_key,
)
from app.public.reading import PictureDesk, Read
from app.public.record import record_offer
from app.runtime import Runtime
from bots.engine.steps import Language
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError, TooLargeError
from core.logs import get_logger
from nlp.judgement import judge

router = APIRouter()
_log = get_logger()


class EmptyError(InvalidInputError):
    code = "empty"


class TooLongError(TooLargeError):
    code = "too_long"


class BinaryError(InvalidInputError):
    code = "binary"


class WaitError(AppError):
    """This address asked too often; `seconds` says when it may again."""

    code = "wait"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


class WaitSimilarError(WaitError):
    """Edit after edit of one text."""

    code = "wait_similar"


class FailedError(AppError):
    code = "failed"
    status = 500


@dataclass(slots=True)
class CheckDesk:
    """What one web process remembers of those who check: paces, sketches of texts, the line for pictures."""

    texts: Pace = field(default_factory=lambda: Pace(TEXTS, TEXTS_PER_MINUTE))
    pictures: Pace = field(default_factory=lambda: Pace(PICTURES, PICTURES_PER_MINUTE))
    edits: Edits = field(default_factory=Edits)
    reader: PictureDesk = field(default_factory=PictureDesk)
    # Where a text goes that somebody let us keep; None where there is no place for it, and then nobody is asked.
    keep: KeepText | None = None


class Gathered(msgspec.Struct, frozen=True):
    """One offer: what was typed and what was read in its pictures."""

    text: str
    in_picture: bool = False
    notes: tuple[str, ...] = ()


@router.api_route(ADDRESS, methods=["GET", "HEAD"], name="check.page")
async def show(request: Request, lang: str = "th") -> HTMLResponse:
    return _page(request, "en" if lang == "en" else "th")


@router.post(ADDRESS, name="check.offer")
async def check(request: Request) -> HTMLResponse:
    sent, trouble = await read_form(request)
    if trouble is not None:
        return _trouble_page(request, sent, trouble)
    try:
        return await _answer(request, sent)
    except AppError as error:
        return _trouble_page(request, sent, error)
    except Exception as error:  # noqa: BLE001 - whatever it is, what was typed is given back
        _log.error("request_failed", error=error, status=500, route=ADDRESS, method="POST")
        return _trouble_page(request, sent, FailedError("failed"))
    finally:
        await sent.pictures.close()


def _page(request: Request, language: Language, *, status: int = 200, **values: Any) -> HTMLResponse:
    can_keep = _desk(request).keep is not None
    return HTMLResponse(draw(language, can_keep=can_keep, **values), status)


def _trouble_page(request: Request, sent: Sent, error: AppError) -> HTMLResponse:
    problems = (say_trouble(sent.language, error),)
    response = _page(request, sent.language, status=error.status, sent=sent, problems=problems)
    if seconds := getattr(error, "seconds", 0):
        response.headers["Retry-After"] = str(seconds)
    return response


def _desk(request: Request) -> CheckDesk:
    desk: CheckDesk = request.app.state.check_desk
    return desk


async def _answer(request: Request, sent: Sent) -> HTMLResponse:
    desk, who = _desk(request), address_key(network_address(request))
    if sent.switches and not sent.text:
        return _page(request, sent.language)
    if wait := desk.texts.take(who, utc_now().timestamp()):
        raise WaitError(wait)
    if sent.question and sent.reply:
        data = {"abroad": sent.abroad, "money": sent.money}
        result = answer_reply(sent.language, sent.question, sent.reply, data, bangkok(utc_now()))
        return _page(request, sent.language, result=result)
    gathered = await _gather(desk, who, sent)
    if not gathered.text:
        return _page(request, sent.language, status=422, sent=sent, problems=gathered.notes)
    if wait := desk.edits.take(who, gathered.text, utc_now().timestamp()):
        raise WaitSimilarError(wait)
    return await _judge(request, sent, gathered)


async def _judge(request: Request, sent: Sent, gathered: Gathered) -> HTMLResponse:
    runtime: Runtime = request.app.state.runtime
    judgement = judge(gathered.text)
    similar, kept = None, None
    if judgement.band != "not_an_offer" and judgement.crisis.level != "urgent":
        similar = await record_offer(runtime, gathered.text, judgement)
        if (keep := _desk(request).keep) and sent.agrees:
            kept = await keep_agreed(keep, runtime, gathered.text, judgement)
    result = answer_text(
        sent.language,
        gathered.text,
        judgement,
        now=bangkok(utc_now()),
        similar=similar,
        in_picture=gathered.in_picture,
        notes=gathered.notes,
    )
    sent.text = gathered.text
    in_picture = gathered.in_picture
    return _page(request, sent.language, sent=sent, result=result, in_picture=in_picture, kept=kept)


async def _gather(desk: CheckDesk, who: bytes, sent: Sent) -> Gathered:
    """Return the typed text and what the pictures say; raises where there is neither, or more than we read."""
    if len(sent.text) > MOST_CHARACTERS:
        raise TooLongError("text")
    if sent.text and is_binary(sent.text):
        raise BinaryError("text")
    if not sent.pictures:
        if not sent.text:
            raise EmptyError("nothing was sent")
        return Gathered(sent.text)
    if wait := desk.pictures.take(who, utc_now().timestamp(), len(sent.pictures)):
        raise WaitError(wait)
    found = await desk.reader.read(sent.pictures)
    words = "\n".join([*([sent.text] if sent.text else []), *(one.text for one in found if one.text)])
    return Gathered(words[:MOST_CHARACTERS], not sent.text, _notes(sent.language, found))


def _notes(language: Language, found: list[Read]) -> tuple[str, ...]:
    """Say of each picture that gave no words why."""
    return tuple(
        say_problem(language, number, len(found), one.problem or "no_words")
        for number, one in enumerate(found, 1)
        if not one.text
    )
