"""Telling owners of a verification that runs out, once thirty days before and once when it has."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import bangkok, utc_now
from referrals.hotline_desk.book import Entry, Standing, read_book
from referrals.hotline_desk.changing import keepers
from referrals.hotline_desk.models import HotlineWarning
from referrals.teams.alerts import raise_alerts

ALERT = "hotline_expires"


async def warn_owners(session: AsyncSession) -> int:
    """Raise an alert for the owner of each entry that asks to be verified, or for all who may; return how many entries."""
    today = bangkok(utc_now()).date()
    asking = [
        (entry, entry.standing(today))
        for entry in await read_book(session)
        if not entry.is_withdrawn and entry.standing(today) != "current"
    ]
    new = [entry for entry, standing in asking if await _is_first(session, entry, standing)]
    if new:
        everybody = {account.id for account in await keepers(session)}
        # Whoever left, or may no longer keep the directory, is nobody's owner.
        owners = {entry.owner_id for entry in new}
        told = {owner for owner in owners if owner in everybody}
        await raise_alerts(session, told if owners <= told else everybody, ALERT)
    return len(new)


async def _is_first(session: AsyncSession, entry: Entry, standing: Standing) -> bool:
    written = await session.scalar(
        insert(HotlineWarning)
        .values(key=entry.hotline.key, verified_at=entry.hotline.verified_at, stage=standing, at=utc_now())
        .on_conflict_do_nothing()
        .returning(HotlineWarning.key)
    )
    return written is not None
