"""Taking in people of whom a list says that they agreed to news.

Only who is known to us already is taken in: no platform lets us write to anybody else, and a made-up id is nobody. Whoever
ever said no stays as they are, and so does who told us to be under 18. Who is held is taken in like everybody, so that a
list says nothing of reports (invariant 8). What the list knows of a person is kept where the person said nothing themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import regex
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.lists import Row
from campaigns.audience.traits import add_tag, seal_name, tidy_tag
from campaigns.models import ContactTrait, ListImport
from core.clock import utc_now
from core.consent import Consent, ConsentEvent
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKey, DataKeys
from core.errors import InvalidInputError
from core.ids import new_id

SHORTEST_PROOF = 20
LONGEST_PROOF = 2_000
# Rows of up to seven values a statement, below PostgreSQL's limit of 32,767 values.
_AT_ONCE = 4_000
_LETTER = regex.compile(r"\p{L}")


class ProofError(InvalidInputError):
    """Says too little, or too much, of how the people of a list agreed."""

    code = "list_proof"


@dataclass(frozen=True, slots=True)
class ListView:
    """A list that was taken in. How many of its rows we knew is said by its tag alone (`counting.list_tags`)."""

    id: UUID
    tag: str
    rows: int
    proof: str
    wording: str
    created_by: UUID
    created_at: datetime


async def take_in(
    session: AsyncSession,
    keys: DataKeys,
    rows: Sequence[Row],
    *,
    list_id: UUID,
    tag: str,
    proof: str,
    wording: str,
    author_id: UUID,
) -> None:
    """Let the people of a list get news, and be found under a tag; the same `list_id` twice is the same as once.

    `proof` says how and where they agreed, `wording` to which words. Raises TagError, ProofError.
    """
    tag, proof, wording = tidy_tag(tag), _tidy(proof), _tidy(wording)
    made = await session.scalar(
        insert(ListImport)
        .values(
            id=list_id, tag=tag, proof=proof, wording=wording, rows=len(rows), taken=0, created_by=author_id,
            created_at=utc_now(),
        )
        .on_conflict_do_nothing()
        .returning(ListImport.id)
    )  # fmt: skip
    if made is None:
        return
    taken = 0
    for some in _pages(rows):
        taken += await _take_page(session, keys, some, list_id, tag)
    await session.execute(sa.update(ListImport).where(ListImport.id == list_id).values(taken=taken))


async def list_lists(session: AsyncSession) -> list[ListView]:
    """Return the lists that were taken in, the newest first."""
    rows = await session.scalars(sa.select(ListImport).order_by(ListImport.created_at.desc()))
    return [
        ListView(row.id, row.tag, row.rows, row.proof, row.wording, row.created_by, row.created_at)
        for row in rows
    ]


def _tidy(words: str) -> str:
    tidy = words.replace("\0", "").strip()
    if not SHORTEST_PROOF <= len(tidy) <= LONGEST_PROOF or len(_LETTER.findall(tidy)) < SHORTEST_PROOF // 2:
        raise ProofError(
            f"say in {SHORTEST_PROOF} to {LONGEST_PROOF} characters how, where and to which words the people agreed"
        )
    return tidy


def _pages(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


async def _take_page(
    session: AsyncSession, keys: DataKeys, rows: Sequence[Row], list_id: UUID, tag: str
) -> int:
    """Take in some of a list; return how many agree now."""
    known = await _find(session, keys, rows)
    if not known:
        return 0
    await _agree(session, list(known), list_id)
    agreed = await session.scalars(
        sa.select(Consent.contact_id).where(
            Consent.contact_id.in_(known), Consent.topic == "campaigns", Consent.granted
        )
    )
    taken = {contact_id: known[contact_id] for contact_id in agreed}
    await add_tag(session, list(taken), tag)
    await _keep_traits(session, keys, taken)
    return len(taken)


async def _find(session: AsyncSession, keys: DataKeys, rows: Sequence[Row]) -> dict[UUID, Row]:
    """Who of the rows is known, is not forgotten and is not under 18, by their contact."""
    by_key: dict[tuple[str, bytes], Row] = {
        (row.source, keys.keyset.index(f"{row.source}-address", row.address)): row
        for row in rows
        if row.source != "ours"
    }
    ours = {UUID(row.address): row for row in rows if row.source == "ours"}
    grown = (Contact.erased_at.is_(None), Contact.minor.is_(False))
    addressed = await session.execute(
        sa.select(Contact.id, ChannelIdentity.channel, ChannelIdentity.address_key)
        .join(ChannelIdentity, ChannelIdentity.contact_id == Contact.id)
        .where(sa.tuple_(ChannelIdentity.channel, ChannelIdentity.address_key).in_(list(by_key)), *grown)
    )
    found = {contact_id: by_key[channel, key] for contact_id, channel, key in addressed}
    direct = await session.scalars(sa.select(Contact.id).where(Contact.id.in_(ours), *grown))
    return found | {contact_id: ours[contact_id] for contact_id in direct}


async def _agree(session: AsyncSession, contact_ids: Sequence[UUID], list_id: UUID) -> None:
    """Note the consent of who never said yes or no; what somebody said themselves stays."""
    now = utc_now()
    new = await session.scalars(
        insert(Consent)
        .values([{"contact_id": one, "topic": "campaigns", "granted": True, "changed_at": now} for one in contact_ids])
        .on_conflict_do_nothing()
        .returning(Consent.contact_id)
    )  # fmt: skip
    events = [
        {
            "id": new_id(), "contact_id": one, "topic": "campaigns", "granted": True, "wording": f"list:{list_id}",
            "source": "import", "at": now,
        }
        for one in new
    ]  # fmt: skip
    if events:
        await session.execute(sa.insert(ConsentEvent), events)


async def _keep_traits(session: AsyncSession, keys: DataKeys, taken: Mapping[UUID, Row]) -> None:
    """Keep province and name of who told us none."""
    told = {contact_id: row for contact_id, row in taken.items() if row.province or row.name}
    if not told:
        return
    found = await session.execute(
        sa.select(Contact.id, DataKey.id, DataKey.wrapped)
        .join(DataKey, DataKey.id == Contact.data_key_id)
        .where(Contact.id.in_(told), DataKey.wrapped.is_not(None))
    )
    now = utc_now()
    values = [
        {
            "contact_id": contact_id,
            "province": told[contact_id].province,
            "name": _seal(keys.open(key_id, wrapped), contact_id, told[contact_id].name),
            "changed_at": now,
        }
        for contact_id, key_id, wrapped in found
    ]
    if not values:
        return
    offered = insert(ContactTrait).values(values)
    await session.execute(
        offered.on_conflict_do_update(
            index_elements=["contact_id"],
            set_={
                "province": sa.func.coalesce(ContactTrait.province, offered.excluded.province),
                "name": sa.func.coalesce(ContactTrait.name, offered.excluded.name),
            },
        )
    )


def _seal(key: bytes, contact_id: UUID, name: str | None) -> Box | None:
    return seal_name(key, contact_id, name) if name else None
