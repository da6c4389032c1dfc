"""What the page asks of and leaves in `screening`: what is known of an offer, and its judgement without a person.

The text stays only where somebody agreed, under the key of the screening desk, for staff to make a warning of.

What comes through the page is never counted among those "others" (invariant 15): it has no contact.
"""

import asyncio

from app.runtime import Runtime
from core.clock import utc_now
from core.db.database import driver_connection, is_connection_error
from core.logs import get_logger
from nlp.findings import Judgement
from screening.desk import desk_key
from screening.offers import Screened, consult, offer_of, store_screenings
from screening.standing import Standing

CHANNEL = "check"
_SECONDS = 1.5

_log = get_logger()


async def record_offer(runtime: Runtime, text: str, judgement: Judgement, *, keep: bool) -> Standing | None:
    """Store a judgement and return what is known of the offer beside its words.

    None while the database is away: a verdict needs none.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            return await _record(runtime, text, judgement, keep=keep)
    except Exception as error:
        if not (isinstance(error, TimeoutError) or is_connection_error(error)):
            raise
        _log.warning("check_not_recorded", error=error)
        return None


async def _record(runtime: Runtime, text: str, judgement: Judgement, *, keep: bool) -> Standing:
    now, keyset = utc_now(), runtime.keys.keyset
    async with runtime.database.unit_of_work() as session:
        connection = await driver_connection(session)
        [found] = await consult(connection, keyset, [offer_of(text, judgement)], now)
        key = (await desk_key(session, runtime.keys))[1] if keep else None
        await store_screenings(
            connection, keyset, [Screened(judgement, text, CHANNEL, key=key, place=found.place)], now
        )
    return found.standing
