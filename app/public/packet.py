"""`/packet/…`: where an agency without accounts fetches a sealed packet, with the code that it was told apart.

Opening the address shows the same page for every address and touches nothing. The code opens it once; the packet is a PDF
under that same code, and is kept here no longer.
"""

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.auth import network_address
from app.faces.headers import HIDDEN_HEADERS
from app.public.drawing import draw_packet_page
from app.public.pace import Pace, address_key
from app.runtime import Runtime
from core.audit.chain import record_audit
from core.clock import utc_now
from referrals.referring.links import ADDRESS, open_link

router = APIRouter()
# Of one network: an office has few packets to fetch, and a code is typed wrong a few times.
_TRIES, _TRIES_PER_MINUTE = 20, 6
# A code in a form, with what a browser adds.
_MOST_BYTES = 2_000


class PacketPace:
    """How often one network may try, in one web process; each link counts wrong codes by itself besides."""

    def __init__(self) -> None:
        self.tries = Pace(_TRIES, _TRIES_PER_MINUTE)


@router.get(ADDRESS + "{token}", name="packet.page")
async def show() -> HTMLResponse:
    """The same page for every address: it tells nobody which are ours."""
    return _page()


@router.post(ADDRESS + "{token}", name="packet.open")
async def open_it(request: Request, token: str) -> Response:
    """Hand the packet over for the right code, once."""
    runtime: Runtime = request.app.state.runtime
    pace: PacketPace = request.app.state.packet_pace
    now = utc_now()
    if wait := pace.tries.take(address_key(network_address(request)), now.timestamp()):
        return _page("wait", 429, wait)
    code = await _code(request)
    if code is None:
        return _page("wrong", 400)
    async with runtime.database.unit_of_work() as session:
        opened = await open_link(session, runtime.keys, token, code, now=now)
        if opened.link_id is not None:
            await record_audit(
                session,
                actor_id=None,
                action="packet.open",
                object_kind="packet_link",
                object_id=opened.link_id,
            )
    if opened.wait:
        return _page("wait", 429, opened.wait)
    if opened.packet is None or opened.link_id is None:
        return _page("wrong", 403)
    name = f'attachment; filename="packet-{opened.link_id.hex[-8:]}.pdf"'
    return Response(
        opened.packet, media_type="application/pdf", headers=HIDDEN_HEADERS | {"content-disposition": name}
    )


async def _code(request: Request) -> str | None:
    """Read the form's one field; None for anything else."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=5)
    except ValueError:
        return None
    return fields.get("code", [""])[0].strip() or None


def _page(problem: str = "", status: int = 200, seconds: int = 0) -> HTMLResponse:
    headers = HIDDEN_HEADERS | ({"retry-after": str(seconds)} if seconds else {})
    return HTMLResponse(draw_packet_page(problem, seconds), status, headers)
