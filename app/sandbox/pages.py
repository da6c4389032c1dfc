"""What is looked at: the page, its live channel, pictures people sent."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sse_starlette import EventSourceResponse

from app.faces.headers import HIDDEN_HEADERS
from app.sandbox.answers import page, trouble
from app.sandbox.desk import Away, DeskHere, SettingsHere
from app.sandbox.drawing import draw, draw_chat, draw_controls, draw_journeys
from app.sandbox.journey import make_journeys
from app.sandbox.live import stream_changes
from app.sandbox.people import gather_people
from app.sandbox.words import PEOPLE
from simulator.client import SimulatorError
from simulator.faults import Platform
from simulator.phone import Person

router = APIRouter(prefix="/sandbox", include_in_schema=False)
_KEPT_ALIVE_S = 15
_PICTURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


@router.get("")
async def show(desk: DeskHere, left: str = "", right: str = "") -> Response:
    """Two phones side by side and the journey of the last message."""
    try:
        people = await gather_people(desk.simulator)
        phones = [await desk.screen(person) for person in _chosen(people, left, right)]
        journeys = make_journeys(await desk.simulator.traffic(60))
    except (*Away, SimulatorError):
        return page(draw("away.html"), 503)
    about = {(one.platform, one.name): one.about for one in PEOPLE}
    return page(
        draw(
            "sandbox.html",
            people=people,
            about=about,
            phones=phones,
            chats=[draw_chat(screen) for screen in phones],
            controls=[draw_controls(screen) for screen in phones],
            journey=draw_journeys(journeys),
        )
    )


@router.get("/changes")
async def follow(
    settings: SettingsHere, phone: Annotated[list[str], Query(max_length=2)]
) -> EventSourceResponse:
    """The page's live channel."""
    return EventSourceResponse(
        stream_changes(settings, phone), ping=_KEPT_ALIVE_S, headers={"x-accel-buffering": "no"}
    )


@router.get("/media/{platform}/{key}")
async def show_media(desk: DeskHere, platform: Platform, key: str) -> Response:
    """A picture of a chat; anything that is no picture is not shown."""
    try:
        body = await desk.simulator.media(platform, key)
    except SimulatorError:
        return trouble("not_a_picture", 404)
    except Away:
        return trouble("away", 503)
    kind = next((kind for mark, kind in _PICTURES.items() if body.startswith(mark)), None)
    return Response(body, media_type=kind, headers=HIDDEN_HEADERS) if kind else trouble("not_a_picture", 404)


def _chosen(people: list[Person], left: str, right: str) -> list[Person]:
    """The two asked for; else the first on LINE and the first on Telegram."""
    by_id = {person.id: person for person in people}
    first = by_id.get(left) or _first(people, "line", None)
    return [first, by_id.get(right) or _first(people, "telegram", first)]


def _first(people: list[Person], platform: Platform, other: Person | None) -> Person:
    rest = [person for person in people if person is not other]
    return next((person for person in rest if person.platform == platform), rest[0])
