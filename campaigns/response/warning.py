"""From a wave of lures to the draft of a warning: its own words, whom to tell, and a person who edits and approves it.

What goes around is public; who sent it to us is nobody's business. A draft holds words that show a sign and no more, and
names a province only where at least five established people sent offers that name it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.drafting import create_campaign
from campaigns.models import Campaign
from campaigns.plans.audience import Audience, ProvinceRule
from campaigns.plans.plan import Plan, Step
from campaigns.response.wording import WARNED, title_of, word_warning
from core.accounts.models import Account
from core.accounts.roster import scopes_held
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import driver_connection
from core.errors import ConflictError, NotFoundError
from referrals.questionnaires.places import every_place
from screening.desk import MAY_LABEL, Mask
from screening.examples import draft_example, examples_of
from screening.radar import FEWEST_SENDERS, SMALLEST_CELL
from screening.waves import ESTABLISHED

# Offers that name a province tell of it for so long.
_DAYS = 30
_MOST_PROVINCES, _MOST_TEXTS = 5, 5
_PROVINCE = "province:TH-"

_WAVE = """
SELECT r.id, r.band, r.kind, family.senders, family.ids
FROM wave asked JOIN wave r ON r.id = coalesce(asked.merged_into, asked.id),
LATERAL (SELECT sum(f.senders)::int AS senders, array_agg(f.id) AS ids FROM wave f
         WHERE f.id = r.id OR f.merged_into = r.id) family
WHERE asked.id = $1
"""
_PROVINCES = """
SELECT o.province FROM screening o
JOIN wave_sender s ON s.wave_id = o.wave_id AND s.contact_id = o.contact_id AND s.known_since < $3
WHERE o.wave_id = ANY($1) AND o.province IS NOT NULL AND o.created_at >= $2
GROUP BY o.province HAVING count(DISTINCT o.contact_id) >= $4
ORDER BY count(DISTINCT o.contact_id) DESC, o.province LIMIT $5
"""


class WaveNotWarnedError(ConflictError):
    """Nothing speaks against its offers, or too few people sent them: there is nothing to warn of."""

    code = "wave_not_warned"


class WaveFound(msgspec.Struct, frozen=True):
    """What a warning is made of. `texts` are redacted; `provinces` are numbers of ISO 3166-2:TH."""

    id: UUID
    kind: str
    texts: tuple[str, ...]
    provinces: tuple[str, ...]


async def draft_warning(
    session: AsyncSession, keys: DataKeys, wave_id: UUID, *, by: Account, mask: Mask, quote: Mask
) -> UUID:
    """Draft a warning of a wave and return its id; pressed twice, it is the same draft as long as it is one.

    `quote` is `quoting.quotes_in`, wherever the lexicon is at hand. Raises NotFoundError, WaveNotWarnedError.
    """
    found = await _read_wave(session, keys, wave_id, by=by, mask=mask)
    origin = f"wave:{found.id}"
    # Two presses at once wait for each other.
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(found.id.int & (2**63 - 1))))
    standing = await session.scalar(
        sa.select(Campaign.id)
        .where(Campaign.origin == origin, Campaign.state == "draft")
        .order_by(Campaign.id.desc())
        .limit(1)
    )
    if standing is not None:
        return standing
    plan = make_warning(found.kind, await quote(found.texts) if found.texts else (), found.provinces)
    return await create_campaign(
        session, title=title_of(found.kind), plan=plan, author_id=by.id, origin=origin
    )


def make_warning(kind: str, quotes: Sequence[str], provinces: Sequence[str]) -> Plan:
    """The plan of a warning: at once when it is approved, to who takes news of job scams, in the provinces named."""
    where = (ProvinceRule(tuple(provinces)),) if provinces else ()
    return Plan(
        steps=(Step((word_warning(kind, quotes),)),), audience=Audience(include=where), subject="job_scams"
    )


async def _read_wave(
    session: AsyncSession, keys: DataKeys, wave_id: UUID, *, by: Account, mask: Mask
) -> WaveFound:
    """What is known of a wave and all that was merged into it; raises NotFoundError, WaveNotWarnedError.

    Its texts are approved examples; who works on offers gets the newest copy too, as on the desk.
    """
    connection = await driver_connection(session)
    row = await connection.fetchrow(_WAVE, wave_id)
    if row is None:
        raise NotFoundError("no such wave")
    if row["band"] not in WARNED or row["senders"] < FEWEST_SENDERS:
        raise WaveNotWarnedError("a warning is of offers that look like lures, and that several people sent")
    texts = [example.text for example in await examples_of(session, keys, row["ids"])][:_MOST_TEXTS]
    if not texts and MAY_LABEL in scopes_held(by):
        texts = await _newest_copy(session, keys, row["ids"], by, mask)
    return WaveFound(row["id"], row["kind"], tuple(texts), await _provinces(connection, row["ids"]))


async def _newest_copy(
    session: AsyncSession, keys: DataKeys, wave_ids: Sequence[UUID], by: Account, mask: Mask
) -> list[str]:
    for wave_id in wave_ids:
        try:
            return [(await draft_example(session, keys, wave_id, by=by, mask=mask)).text]
        except NotFoundError:
            continue
    return []


async def _provinces(connection: Any, wave_ids: Sequence[UUID]) -> tuple[str, ...]:
    now = utc_now()
    rows = await connection.fetch(
        _PROVINCES,
        list(wave_ids),
        now - timedelta(days=_DAYS),
        now - ESTABLISHED,
        SMALLEST_CELL,
        _MOST_PROVINCES,
    )
    numbers = _numbers()
    return tuple(numbers[row["province"]] for row in rows if row["province"] in numbers)


@cache
def _numbers() -> Mapping[str, str]:
    """Every province's number of ISO 3166-2:TH by its Thai name."""
    return {
        name: code.removeprefix(_PROVINCE) for code, name in every_place("th") if code.startswith(_PROVINCE)
    }
