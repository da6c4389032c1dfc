"""Rated offers as training reads them (`nlp.training.real.read_rated`): masked, and only what may be kept.

A text leaves the thirty days of `screening_text` only where its sender agreed that we keep it (topic `keep_text`), or left
it to us on the public page. Two people rated it, and their newest ratings are the same: what raters differ about teaches
nothing. Each export is whole, so that what was withdrawn since is missing from the next.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.db.database import driver_connection
from nlp.redaction import redact
from screening.labels.listing import ENOUGH_RATERS, open_words

# What training calls them. An offer in which staff see nothing deceptive counts as genuine there.
KINDS_OF_BANDS: Mapping[str, str] = {
    "danger": "scam_offer",
    "caution": "scam_offer",
    "unclear": "genuine_offer",
    "not_an_offer": "other",
}
_RATED = """
WITH newest AS (
  SELECT DISTINCT ON (screening_id, account_id) screening_id, band, kind FROM screening_label
  WHERE author = 'staff' AND screening_id IS NOT NULL ORDER BY screening_id, account_id, id DESC),
alike AS (
  SELECT screening_id, min(band) AS band, CASE WHEN count(DISTINCT kind) = 1 THEN min(kind) END AS kind, count(*) AS raters
  FROM newest GROUP BY screening_id HAVING count(*) >= $1 AND count(DISTINCT band) = 1)
SELECT s.id, s.contact_id, t.text, k.id AS key_id, k.wrapped, a.band, coalesce(a.kind, s.kind) AS kind
FROM alike a JOIN screening s ON s.id = a.screening_id JOIN screening_text t ON t.screening_id = s.id
LEFT JOIN contact c ON c.id = s.contact_id LEFT JOIN data_key k ON k.id = c.data_key_id
WHERE s.contact_id IS NULL
   OR EXISTS (SELECT FROM consent o WHERE o.contact_id = s.contact_id AND o.topic = 'keep_text' AND o.granted)
ORDER BY s.id
"""


class RatedOffer(msgspec.Struct, frozen=True):
    """A line of the file: nothing in it leads back to a person or a row."""

    text: str
    kind: str
    subtype: str


async def rated_offers(session: AsyncSession, keys: DataKeys) -> list[RatedOffer]:
    """Return the offers that may be kept and that raters agree about, each different text once."""
    rows: list[Any] = await (await driver_connection(session)).fetch(_RATED, ENOUGH_RATERS)
    found: dict[str, RatedOffer] = {}
    for row in rows:
        if words := await open_words(session, keys, row):
            masked = redact(words)
            found[masked] = RatedOffer(masked, KINDS_OF_BANDS[row["band"]], row["kind"])
    return list(found.values())
