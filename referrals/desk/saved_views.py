"""Filters of the queue that somebody keeps under a name, for themselves or for everybody."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from referrals.desk.models import SavedView

LONGEST_NAME = 40
MOST = 12


class ViewNameError(InvalidInputError):
    code = "view_name"


class TooManyViewsError(ConflictError):
    code = "too_many_views"


async def list_saved(session: AsyncSession, account_id: UUID) -> list[SavedView]:
    """Return one's own views and those that others share, one's own first."""
    found = await session.scalars(
        sa.select(SavedView)
        .where(sa.or_(SavedView.account_id == account_id, SavedView.is_shared))
        .order_by(SavedView.account_id != account_id, SavedView.name, SavedView.id)
        .limit(2 * MOST)
    )
    return list(found)


async def keep_view(
    session: AsyncSession,
    account_id: UUID,
    *,
    name: str,
    filters: Mapping[str, Any],
    is_shared: bool,
    form_id: UUID,
) -> UUID:
    """Keep filters under a name; the same form keeps them once. Raises ViewNameError, TooManyViewsError."""
    if await session.get(SavedView, form_id) is not None:
        return form_id
    own = await session.scalar(
        sa.select(sa.func.count()).select_from(SavedView).where(SavedView.account_id == account_id)
    )
    if (own or 0) >= MOST:
        raise TooManyViewsError(f"nobody keeps more than {MOST} views")
    session.add(
        SavedView(
            id=form_id, account_id=account_id, name=_name(name), filters=dict(filters), is_shared=is_shared,
            created_at=utc_now(),
        )
    )  # fmt: skip
    await session.flush()
    return form_id


async def rename_view(session: AsyncSession, view_id: UUID, account_id: UUID, name: str) -> None:
    """Give one's own view another name. Raises ViewNameError, NotFoundError."""
    (await _own(session, view_id, account_id)).name = _name(name)
    await session.flush()


async def drop_view(session: AsyncSession, view_id: UUID, account_id: UUID) -> None:
    """Throw one's own view away. Raises NotFoundError."""
    await session.delete(await _own(session, view_id, account_id))
    await session.flush()


async def _own(session: AsyncSession, view_id: UUID, account_id: UUID) -> SavedView:
    view = await session.get(SavedView, view_id, with_for_update=True)
    if view is None or view.account_id != account_id:
        raise NotFoundError("no such view of yours")
    return view


def _name(typed: str) -> str:
    name = " ".join(typed.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ViewNameError(f"a view's name has 1 to {LONGEST_NAME} characters")
    return name
