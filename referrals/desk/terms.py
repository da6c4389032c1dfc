"""By what exact things a referral can be found again: keyed hashes, never words of what was told.

Handles and names are read from the person's words, single words from staff's titles and labels. Terms follow the report:
a chore reads them anew whenever it changed, and they go with it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.crypto.sealing import context
from nlp.entities.everything import find_entities
from nlp.findings import Entity
from nlp.normalize import normal_word
from nlp.prepared import Prepared
from nlp.segment import words
from referrals.desk.models import SearchTerm
from referrals.desk.names import names_in
from referrals.desk.sealed import key_or_none
from referrals.desk.tags import read_tags
from referrals.desk.term_keys import HANDLES, STAFFS, Term, term_key
from referrals.desk.titles import read_title
from referrals.models import Referral, ReferralEntry, ReportAnswer

_MOST = 300
_AT_ONCE = 20
# By so much clocks of hosts may differ.
_OVERLAP = timedelta(minutes=1)
_DUE = sa.text("referral.terms_of IS DISTINCT FROM referral.last_entry_at")
_LETTER = re.compile(r"\w")
_codes = msgspec.json.Decoder(tuple[str, ...])


def terms_in(text: str) -> set[Term]:
    """Return the handles and names that a person's words hold."""
    found = {Term("name", name) for name in names_in(text)}
    for kind, entities in find_entities(Prepared(text)).items():
        for entity in entities:
            found.update(_of_entity(kind, entity))
    return found


def _of_entity(kind: str, entity: Entity) -> Iterator[Term]:
    value = entity.value
    if kind == "promptpay" and entity.detail.get("kind") == "mobile":
        yield Term("phone", f"+66{value[1:]}")
    elif kind in {"line_id", "telegram"}:
        yield Term(kind, value.lstrip("@ ").casefold())
    elif kind == "url":
        yield Term(kind, value.rstrip("/"))
        domain = str(entity.detail.get("domain", ""))
        if domain and entity.detail.get("kind") != "shortener":
            yield Term(kind, domain)
    elif kind == "employer":
        yield Term("name", normal_word(value))
    elif kind in HANDLES:
        yield Term(kind, value.casefold())


def words_of(text: str) -> set[str]:
    """Return the words of something staff wrote, in normal form; Thai is segmented."""
    every = (word.strip() for word in words(normal_word(text)))
    return {word for word in every if len(word) > 1 and _LETTER.search(word)}


async def fill_due_terms(session: AsyncSession, keys: DataKeys, limit: int = _AT_ONCE) -> int:
    """Read the terms of referrals that changed since they were last read, newest first; return how many. For a chore."""
    due = await session.scalars(
        sa.select(Referral)
        .where(_DUE)
        .order_by(Referral.last_entry_at.desc())
        .limit(sa.literal_column(str(limit)))
        .with_for_update(skip_locked=True)
    )
    count = 0
    for referral in due.all():
        await fill_terms(session, keys, referral)
        count += 1
    return count


async def fill_terms(session: AsyncSession, keys: DataKeys, referral: Referral) -> None:
    """Read a locked referral's terms: only newer entries, or everything anew where `terms_of` is None."""
    since = referral.terms_of
    key = await key_or_none(session, keys, referral)
    gone = sa.delete(SearchTerm).where(SearchTerm.referral_id == referral.id)
    await session.execute(gone if since is None or key is None else gone.where(SearchTerm.kind.in_(STAFFS)))
    if key is not None:
        terms = await _staffs_terms(session, keys, referral)
        for text in await _told(session, referral, key, since):
            terms |= terms_in(text)
        await _store(session, keys.keyset, referral, terms)
    await session.execute(
        sa.update(Referral).where(Referral.id == referral.id).values(terms_of=referral.last_entry_at)
    )


async def _staffs_terms(session: AsyncSession, keys: DataKeys, referral: Referral) -> set[Term]:
    title = await read_title(session, keys, referral)
    tags = await read_tags(session, keys, referral)
    terms = {Term("title", word) for word in words_of(title)}
    return terms | {Term("tag", word) for tag in tags for word in (normal_word(tag), *words_of(tag))}


async def _told(session: AsyncSession, referral: Referral, key: bytes, since: datetime | None) -> list[str]:
    """What the person wrote, in the thread and in answers of their own words."""
    entries = sa.select(ReferralEntry.id, ReferralEntry.body).where(
        ReferralEntry.referral_id == referral.id,
        ReferralEntry.author == "citizen",
        ReferralEntry.body.is_not(None),
    )
    answers = sa.select(ReportAnswer.id, ReportAnswer.answer).where(
        ReportAnswer.referral_id == referral.id, ReportAnswer.answer.is_not(None)
    )
    if since is not None:
        since -= _OVERLAP
        entries, answers = entries.where(ReferralEntry.at > since), answers.where(ReportAnswer.at > since)
    said = [
        body.open(key, context("referral_entry", "body", entry_id)).decode("utf-8", "replace")
        for entry_id, body in await session.execute(entries)
        if body is not None
    ]
    for answer_id, answer in await session.execute(answers):
        if answer is not None:
            codes = _codes.decode(answer.open(key, context("report_answer", "answer", answer_id)))
            said += [code.removeprefix("text:") for code in codes if code.startswith("text:")]
    return said


async def _store(session: AsyncSession, keyset: Keyset, referral: Referral, terms: set[Term]) -> None:
    rows = [
        {"referral_id": referral.id, "kind": term.kind, "term_key": term_key(keyset, term)}
        for term in sorted(terms)[:_MOST]
    ]
    if rows:
        await session.execute(insert(SearchTerm).on_conflict_do_nothing(), rows)
