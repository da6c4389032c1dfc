"""Finding referrals by something exact: a receipt, a handle, a name, or words of staff's own. Guessing is slowed."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.keyset import Keyset
from core.errors import AppError, InvalidInputError
from referrals.desk.models import SearchPace, SearchTerm
from referrals.desk.term_keys import Term, term_key
from referrals.models import Referral

SHORTEST, LONGEST = 2, 100
MOST_FOUND = 100
# Whoever looks for something tries a few spellings; whoever tries numbers one after the other is slowed.
FREE = 20
ONE_EVERY = timedelta(seconds=3)
RECEIPT = "receipt"
_RECEIPT = re.compile(r"\d{16}")


class SearchLengthError(InvalidInputError):
    code = "search_length"


class SearchPaceError(AppError):
    """Too many searches of one account; `seconds` until the next."""

    code = "search_pace"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


def read_query(typed: str) -> str:
    """Return what is looked for, in one line; raises SearchLengthError."""
    if len(typed) > 10 * LONGEST:
        raise SearchLengthError(f"search for {SHORTEST} to {LONGEST} characters")
    query = " ".join(unicodedata.normalize("NFKC", typed).replace("\0", "").split())
    if not SHORTEST <= len(query) <= LONGEST:
        raise SearchLengthError(f"search for {SHORTEST} to {LONGEST} characters")
    return query


async def spend_search(session: AsyncSession, account_id: UUID) -> None:
    """Count one search of this account; commit it whatever the search finds. Raises SearchPaceError."""
    now = utc_now()
    left = sa.func.greatest(
        0, SearchPace.spent - sa.extract("epoch", sa.literal(now) - SearchPace.at) / ONE_EVERY.total_seconds()
    )
    new = insert(SearchPace).values(account_id=account_id, spent=1, at=now)
    spent = await session.scalar(
        new.on_conflict_do_update(
            index_elements=["account_id"], set_={"spent": left + 1, "at": now}, where=left + 1 <= FREE
        ).returning(SearchPace.spent)
    )
    if spent is None:
        over = await session.scalar(sa.select(left + 1 - FREE).where(SearchPace.account_id == account_id))
        raise SearchPaceError(max(1, -int(-float(over or 1) * ONE_EVERY.total_seconds() // 1)))


async def find_referrals(
    session: AsyncSession, keyset: Keyset, query: str, terms: Collection[Term], words: Collection[str]
) -> Mapping[UUID, list[str]]:
    """Return referrals that the query names exactly, with the kinds of what fitted, the newest first.

    `terms` and `words` are what the query may mean (`referrals.desk.meaning`).
    """
    found: dict[UUID, set[str]] = {}
    receipt = re.sub(r"[\s-]", "", query)
    if _RECEIPT.fullmatch(receipt):
        by_receipt = await session.scalar(
            sa.select(Referral.id).where(Referral.receipt_key == keyset.index(RECEIPT, receipt))
        )
        if by_receipt is not None:
            found[by_receipt] = {RECEIPT}
    for referral_id, kind in await _by_terms(session, keyset, terms):
        found.setdefault(referral_id, set()).add(kind)
    for referral_id in await _by_words(session, keyset, words):
        found.setdefault(referral_id, set()).add("title")
    newest = sorted(found, reverse=True)[:MOST_FOUND]
    return {referral_id: sorted(found[referral_id]) for referral_id in newest}


async def _by_terms(session: AsyncSession, keyset: Keyset, terms: Collection[Term]) -> list[tuple[UUID, str]]:
    pairs = [(term_key(keyset, term), term.kind) for term in terms]
    rows = await session.execute(
        sa.select(SearchTerm.referral_id, SearchTerm.kind)
        .where(sa.tuple_(SearchTerm.term_key, SearchTerm.kind).in_(pairs))
        .order_by(SearchTerm.referral_id.desc())
        .limit(sa.literal_column(str(2 * MOST_FOUND)))
    )
    return [(referral_id, kind) for referral_id, kind in rows]


async def _by_words(session: AsyncSession, keyset: Keyset, words: Collection[str]) -> list[UUID]:
    """Referrals whose title has all of these words."""
    if not words:
        return []
    of_each = [
        sa.select(SearchTerm.referral_id).where(
            SearchTerm.kind == "title", SearchTerm.term_key == term_key(keyset, Term("title", word))
        )
        for word in sorted(words)
    ]
    every = sa.intersect(*of_each).subquery() if len(of_each) > 1 else of_each[0].subquery()
    rows = await session.scalars(
        sa.select(every.c.referral_id)
        .order_by(every.c.referral_id.desc())
        .limit(sa.literal_column(str(MOST_FOUND)))
    )
    return list(rows)
