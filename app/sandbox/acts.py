"""What a person does with a phone, handed to the simulator."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response

from app.sandbox.answers import done, refuse_foreign, trouble
from app.sandbox.desk import Away, Desk, DeskHere
from app.sandbox.words import WORDS
from simulator.client import SimulatorError
from simulator.control.shapes import Say

router = APIRouter(
    prefix="/sandbox/people/{person}", include_in_schema=False, dependencies=[Depends(refuse_foreign)]
)
MOST_PICTURE_BYTES = 10 * 1024 * 1024
_PLACE = (13.6633, 102.5503)
_PHONE = "0800000000"


@router.post("/say")
async def say(desk: DeskHere, person: str, text: Annotated[str, Form()] = "") -> Response:
    if not text.strip():
        return trouble("nothing_said", 422)
    return await _do(desk.simulator.say(person, text.strip(), wait=False))


@router.post("/picture")
async def send_picture(desk: DeskHere, person: str, picture: Annotated[UploadFile, File()]) -> Response:
    body = await picture.read(MOST_PICTURE_BYTES + 1)
    if len(body) > MOST_PICTURE_BYTES:
        return trouble("too_big", 413)
    kind = picture.content_type or ""
    if not kind.startswith("image/"):
        return trouble("not_a_picture", 415)
    message = Say(person=person, kind="picture", data=body, media_type=kind)
    return await _do(desk.simulator.say_many([message], wait=False))


@router.post("/sticker")
async def send_sticker(desk: DeskHere, person: str) -> Response:
    return await _do(desk.simulator.say_many([Say(person=person, kind="sticker")], wait=False))


@router.post("/location")
async def send_location(desk: DeskHere, person: str) -> Response:
    """A market at the border, where many offers lead."""
    words = WORDS["act"]
    here = Say(
        person=person,
        kind="location",
        latitude=_PLACE[0],
        longitude=_PLACE[1],
        title=words["place_title"],
        address=words["place_address"],
    )
    return await _do(desk.simulator.say_many([here], wait=False))


@router.post("/contact")
async def send_contact(desk: DeskHere, person: str) -> Response:
    return await _do(_share_contact(desk, person))


@router.post("/press")
async def press(
    desk: DeskHere,
    person: str,
    message: Annotated[str, Form()] = "",
    label: Annotated[str, Form()] = "",
    data: Annotated[str, Form()] = "",
    value: Annotated[str, Form()] = "",
    *,
    menu: Annotated[bool, Form()] = False,
) -> Response:
    """A button of a message, or without `message` a chip or key shown now, or a tile: by its data, else by its label."""
    by_label = None if data else label
    pressed = desk.simulator.press(person, message, data=data or None, label=by_label, value=value, menu=menu)
    return await _do(pressed)


@router.post("/follow")
async def follow(desk: DeskHere, person: str) -> Response:
    return await _do(desk.simulator.follow(person))


@router.post("/block")
async def block(desk: DeskHere, person: str) -> Response:
    return await _do(desk.simulator.unfollow(person))


@router.post("/unblock")
async def unblock(desk: DeskHere, person: str) -> Response:
    return await _do(desk.simulator.unblock(person))


@router.post("/unsend")
async def unsend(desk: DeskHere, person: str, message: Annotated[str, Form()]) -> Response:
    return await _do(desk.simulator.unsend(person, message))


async def _share_contact(desk: Desk, person: str) -> None:
    names = {one.id: one.name for one in await desk.simulator.people()}
    await desk.simulator.send_contact(person, _PHONE, names.get(person, ""))


async def _do(act: Awaitable[object]) -> Response:
    """Nothing to show where it went well: the live channel brings what changed."""
    try:
        await act
    except SimulatorError as refusal:
        return trouble("refused", 409, str(refusal))
    except Away:
        return trouble("away", 503)
    return done()
