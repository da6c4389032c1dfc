"""The page where a person fetches a copy of their data: the link is theirs alone, and opens once.

Opening the address shows a button and touches nothing, for chats fetch every link that is sent through them; pressing
it uses the link up. The copy is made then, shown, offered as a file inside the page, and kept nowhere.
"""

import base64

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.faces.headers import CONTENT_POLICY, HIDDEN_HEADERS
from app.public.drawing import draw_copy
from app.runtime import Runtime
from bots.dispatch.copies import ADDRESS
from bots.dispatch.forgetting import known_language
from bots.dispatch.personal_copy import Copy, collect_copy
from core.audit.chain import record_audit
from core.contacts.copy_links import use_token
from core.contacts.models import Contact
from core.errors import KeyDestroyedError

router = APIRouter()
# No search engine, no cache, no frame, no script.
_HEADERS = HIDDEN_HEADERS | {"content-security-policy": CONTENT_POLICY}


@router.get(ADDRESS + "{token}", name="copy.page")
async def show() -> HTMLResponse:
    """The same page for every token: it tells nobody which are ours."""
    return _page(draw_copy("th", copy=None))


@router.post(ADDRESS + "{token}", name="copy.fetch")
async def fetch(request: Request, token: str) -> HTMLResponse:
    runtime: Runtime = request.app.state.runtime
    async with runtime.database.unit_of_work() as session:
        used = await use_token(session, runtime.keys.keyset, token)
        if used is None:
            return _gone()
        link_id, contact_id = used
        try:
            copy = await collect_copy(session, runtime.keys, contact_id)
        except KeyDestroyedError:
            return _gone()
        language = known_language((await session.get_one(Contact, contact_id)).language)
        await record_audit(
            session, actor_id=None, action="contact.copy", object_kind="copy_link", object_id=link_id
        )
    return _page(draw_copy(language, copy=copy, file=_as_file(copy)))


def _gone() -> HTMLResponse:
    """Unknown, used and too old look the same."""
    return _page(draw_copy("th", copy=None, gone=True), status=404)


def _page(html: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(html, status, _HEADERS)


def _as_file(copy: Copy) -> str:
    """The copy as JSON in an address of its own, so that saving it asks the server for nothing."""
    written: bytes = orjson.dumps(copy, option=orjson.OPT_INDENT_2)
    return f"data:application/json;base64,{base64.b64encode(written).decode()}"
