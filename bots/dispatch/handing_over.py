"""Giving staff the offer that a person had judged, so that nobody has to send it twice."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bots.dispatch.people import Person
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import driver_connection
from core.errors import CryptoError
from core.logs import get_logger
from referrals.intake import append_citizen_words
from screening.offers import open_text

# The card under which the button was pressed speaks of the last judgement; an older one is about something else by now.
WITHIN = timedelta(days=2)
_LAST = """
SELECT s.id, t.text FROM screening s JOIN screening_text t ON t.screening_id = s.id
WHERE s.contact_id = $1 AND s.created_at > $2 ORDER BY s.id DESC LIMIT 1
"""
_log = get_logger()


async def hand_over_offer(session: AsyncSession, keys: DataKeys, person: Person) -> None:
    """Add the text of the person's last judged offer to their open referral; once, and nothing where it is gone."""
    connection = await driver_connection(session)
    row = await connection.fetchrow(_LAST, person.contact_id, utc_now() - WITHIN)
    if row is None:
        return
    try:
        words = open_text(person.key, row["id"], row["text"])
    except CryptoError as error:
        _log.error("offer_unreadable", error=error, screening_id=str(row["id"]))
        return
    # The screening's id is the event's: a second press adds nothing, and an unsend takes this copy back too.
    await append_citizen_words(session, keys, identity_id=person.identity_id, words=[(row["id"], words)])
