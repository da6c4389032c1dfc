"""Who stands at an agency's desk: a partner officer, and the one agency whose requests they may see."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from app.auditing import audited
from app.auth import Caller, require
from app.console.pages import draw
from core.errors import NotFoundError
from referrals.agencies.directory import ListedAgency
from referrals.agencies.officers import agency_of
from referrals.referring.finding import ByAgency

HOME = "/console/portal"
CASES = f"{HOME}/cases"
Reader = Annotated[Caller, Depends(require("partner.read"))]
# What a page asks by itself does not count as being there.
PassiveReader = Annotated[Caller, Depends(require("partner.read", passive=True))]
Writer = Annotated[Caller, Depends(require("partner.read", "partner.write"))]


@dataclass(frozen=True, slots=True)
class Desk:
    """The agency of the caller, and the transaction in which they look or write."""

    session: AsyncSession
    agency: ListedAgency
    party: ByAgency


@contextlib.asynccontextmanager
async def at_desk(request: Request, caller: Caller, action: str = "") -> AsyncIterator[Desk]:
    """Open the audited transaction of an officer; raises NotFoundError where they work for no open agency."""
    async with audited(request, caller, action) as session:
        desk = await desk_of(session, caller)
        if desk is None:
            raise NotFoundError("this account works for no agency: for it, no request exists")
        yield desk


async def desk_of(session: AsyncSession, caller: Caller) -> Desk | None:
    """Return the caller's desk; None where nobody named them, or their agency was closed."""
    agency = await agency_of(session, caller.account_id)
    if agency is None:
        return None
    return Desk(session, agency, ByAgency(agency.id, account_id=caller.account_id))


def draw_no_desk(request: Request, caller: Caller) -> Response:
    """Say whom to ask; nothing of anybody is shown."""
    return draw(request, "portal_none.html", caller)


def ref_of(request_id: UUID) -> str:
    """Return how people name a request to each other: the end of its id."""
    tail = request_id.hex[-8:]
    return f"{tail[:4]}-{tail[4:]}"
