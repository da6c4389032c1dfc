"""`/check`: paste an offer or send its picture, read the verdict. No account, nothing in the address; a text is kept
only where somebody agrees.
"""

from dataclasses import dataclass, field

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.auth import network_address
from app.examining.apart import examiner_of
from app.examining.asking import Ask, Told
from app.examining.refusals import FailedError
from app.faces.characters import is_binary
from app.public.drawing import draw, draw_trouble
from app.public.forms import Sent, read_form
from app.public.headers import ADDRESS
from app.public.limits import MOST_CHARACTERS
from app.public.pace import PICTURES, PICTURES_PER_MINUTE, TEXTS, TEXTS_PER_MINUTE, Pace, address_key
from app.public.reading import PictureDesk
from app.public.refusals import BinaryError, EmptyError, TooLongError, WaitError
from core.clock import utc_now
from core.errors import AppError
from core.logs import get_logger

router = APIRouter()
_log = get_logger()


@dataclass(slots=True)
class CheckDesk:
    """What one web process has for those who check: paces by address and the line for pictures."""

    texts: Pace = field(default_factory=lambda: Pace(TEXTS, TEXTS_PER_MINUTE))
    pictures: Pace = field(default_factory=lambda: Pace(PICTURES, PICTURES_PER_MINUTE))
    reader: PictureDesk = field(default_factory=PictureDesk)


@router.api_route(ADDRESS, methods=["GET", "HEAD"], name="check.page")
async def show(request: Request, lang: str = "th") -> HTMLResponse:
    examiner_of(request).prepare()
    return HTMLResponse(draw("en" if lang == "en" else "th"))


@router.post(ADDRESS, name="check.offer")
async def check(request: Request) -> HTMLResponse:
    sent, trouble = await read_form(request)
    if trouble is not None:
        return _trouble(sent, trouble)
    try:
        return _page(await _answer(request, sent))
    except AppError as error:
        return _trouble(sent, error)
    except Exception as error:  # noqa: BLE001 - whatever it is, what was typed is given back
        _log.error("request_failed", error=error, status=500, route=ADDRESS, method="POST")
        return _trouble(sent, FailedError("failed"))
    finally:
        await sent.pictures.close()


def _desk(request: Request) -> CheckDesk:
    desk: CheckDesk = request.app.state.check_desk
    return desk


def _page(told: Told) -> HTMLResponse:
    headers = {"Retry-After": str(told.retry)} if told.retry else {}
    return HTMLResponse(told.html, told.status, headers)


def _trouble(sent: Sent, error: AppError) -> HTMLResponse:
    return _page(draw_trouble(sent.language, error, typed=sent.text, agrees=sent.agrees))


async def _answer(request: Request, sent: Sent) -> Told:
    desk, who = _desk(request), address_key(network_address(request))
    if sent.switches and not sent.text:
        return Told(200, draw(sent.language))
    if wait := desk.texts.take(who, utc_now().timestamp()):
        raise WaitError(wait)
    ask = Ask(
        sent.language, who, answer=sent.answer, abroad=sent.abroad, money=sent.money, agrees=sent.agrees
    )
    return await examiner_of(request).ask(ask if sent.answer else await _gather(desk, ask, sent))


async def _gather(desk: CheckDesk, ask: Ask, sent: Sent) -> Ask:
    """Return the typed text and what the pictures say; raises where there is neither, or more than we read."""
    if len(sent.text) > MOST_CHARACTERS:
        raise TooLongError("text")
    if sent.text and is_binary(sent.text):
        raise BinaryError("text")
    if not sent.pictures:
        if not sent.text:
            raise EmptyError("nothing was sent")
        return msgspec.structs.replace(ask, text=sent.text)
    if wait := desk.pictures.take(ask.who, utc_now().timestamp(), len(sent.pictures)):
        raise WaitError(wait)
    found = await desk.reader.read(sent.pictures)
    words = "\n".join([*([sent.text] if sent.text else []), *(one.text for one in found if one.text)])
    return msgspec.structs.replace(
        ask,
        text=words[:MOST_CHARACTERS],
        in_picture=not sent.text,
        unread=tuple("" if one.text else one.problem or "no_words" for one in found),
    )
