"""Keeping filters of the queue under a name."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.auditing import audited
from app.auth import Caller, require
from app.console.queue_asked import QUEUE, address_of
from referrals.desk.saved_views import drop_view, keep_view, rename_view
from referrals.listing.filters import NAMES, read_filters, to_store

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]


@router.post(f"{QUEUE}/views", name="queue.keep_view")
async def post_view(
    request: Request,
    caller: Reader,
    form_id: Annotated[UUID, Form()],
    name: Annotated[str, Form(max_length=200)] = "",
    is_shared: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    form = await request.form()
    pairs = [(key, value) for key, value in form.multi_items() if key in NAMES and isinstance(value, str)]
    async with audited(request, caller) as session:
        filters = read_filters(pairs)
        view_id = await keep_view(
            session, caller.account_id, name=name, filters=to_store(filters), is_shared=is_shared == "yes",
            form_id=form_id,
        )  # fmt: skip
    return RedirectResponse(address_of(filters, saved=view_id), 303)


@router.post(f"{QUEUE}/views/{{view_id}}/name", name="queue.rename_view")
async def post_name(
    request: Request, view_id: UUID, caller: Reader, name: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    async with audited(request, caller) as session:
        await rename_view(session, view_id, caller.account_id, name)
    return RedirectResponse(QUEUE, 303)


@router.post(f"{QUEUE}/views/{{view_id}}/drop", name="queue.drop_view")
async def post_drop(request: Request, view_id: UUID, caller: Reader) -> Response:
    async with audited(request, caller) as session:
        await drop_view(session, view_id, caller.account_id)
    return RedirectResponse(QUEUE, 303)
