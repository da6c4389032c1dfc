"""Entry points: a keyword or a code in a link, which brings the first step of a campaign to whoever uses it.

What is answered was approved: campaigns that are scheduled, under way or done. A use is counted by day, of nobody in
particular; who used it is found again by the entry's tag. Routes write the audit rows (app.auditing).
"""

import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import regex
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.audience.traits import add_tag, read_name, tidy_tag
from campaigns.composer.rendering import media_of, render
from campaigns.drafting import lock_campaign
from campaigns.figures import floored
from campaigns.links import links_of
from campaigns.media import read_media
from campaigns.models import Campaign, ContactTrait, EntryDay, EntryPoint
from campaigns.plans.hours import begins_on
from campaigns.plans.plan import Plan, decode_plan, hash_plan
from campaigns.plans.times import Drip
from core.clock import bangkok, utc_now
from core.errors import ConflictError, InvalidInputError, NotFoundError
from core.ids import new_id
from core.languages import Language
from core.messages.content import Content
from core.messages.wording import count_graphemes
from referrals.questionnaires.places import say_place

SHORTEST_KEYWORD, LONGEST_KEYWORD = 2, 30  # graphemes, characters
# The campaigns whose words people may be shown: approved, and not stopped.
SHOWN = ("scheduled", "running", "done")
_OVER = ("cancelled", "expired")
_CODE_BYTES = 9
_WORD = regex.compile(r"[\p{L}\p{M}\p{N} ]+")


class KeywordError(InvalidInputError):
    """Nobody could use this keyword, or it means something else to the bot."""

    code = "keyword"


class KeywordTakenError(ConflictError):
    code = "keyword_taken"


class EntryOverError(ConflictError):
    """The campaign has ended without going out, or the entry was closed."""

    code = "entry_over"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry point as managers see it; `used` is floored, None for fewer than 20."""

    id: UUID
    code: str
    keyword: str
    campaign_id: UUID
    tag: str
    used: int | None
    created_at: datetime
    closed_at: datetime | None


class Reader(NamedTuple):
    """Who is to read what an entry opens, with the key that opens what is known of them."""

    contact_id: UUID
    language: Language
    key: bytes


class Opened(NamedTuple):
    """What an entry opens for a reader."""

    entry_id: UUID
    content: Content


class Use(NamedTuple):
    """One use of an entry. Of who is under 18 by their own word it is counted, and nothing else kept."""

    entry_id: UUID
    contact_id: UUID
    minor: bool = False


async def open_entry(
    session: AsyncSession, *, campaign_id: UUID, keyword: str, tag: str = "", by: UUID
) -> UUID:
    """Let a keyword, and links with a code of our making, begin a campaign, as soon as that is scheduled.

    `keyword` in the form in which the bot compares whole messages (`bots.dialogues.entry.as_keyword`), or only upper case,
    spaces and marks apart. Raises NotFoundError, EntryOverError, KeywordError, KeywordTakenError, TagError.
    """
    keyword = tidy_keyword(keyword)
    tag = tidy_tag(tag) if tag.strip() else ""
    campaign = await lock_campaign(session, campaign_id)
    if campaign.state in _OVER:
        raise EntryOverError("this campaign has ended: copy it, and let the copy be begun")
    # Two who want the same word at once wait for each other.
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"keyword {keyword}"))))
    taken = sa.exists().where(EntryPoint.keyword == keyword, EntryPoint.closed_at.is_(None))
    if await session.scalar(sa.select(taken)):
        raise KeywordTakenError(
            "another campaign begins with this word: close that entry, or take another word"
        )
    entry_id = new_id()
    session.add(
        EntryPoint(
            id=entry_id,
            code=secrets.token_urlsafe(_CODE_BYTES),
            keyword=keyword,
            campaign_id=campaign_id,
            tag=tag,
            created_by=by,
            created_at=utc_now(),
        )
    )
    await session.flush()
    return entry_id


async def close_entry(session: AsyncSession, entry_id: UUID) -> None:
    """Let it begin nothing any more: its keyword is free, its links greet. Raises NotFoundError."""
    entry = await session.get(EntryPoint, entry_id, with_for_update=True)
    if entry is None:
        raise NotFoundError("no such entry")
    entry.closed_at = entry.closed_at or utc_now()
    await session.flush()


async def list_entries(session: AsyncSession, campaign_id: UUID) -> Sequence[Entry]:
    """The entry points of a campaign, newest first, closed ones too."""
    used = sa.select(sa.func.sum(EntryDay.used)).where(EntryDay.entry_id == EntryPoint.id).scalar_subquery()
    wanted = sa.select(EntryPoint, used).where(EntryPoint.campaign_id == campaign_id)
    rows = (await session.execute(wanted.order_by(EntryPoint.id.desc()))).all()
    return [_seen(entry, count or 0) for entry, count in rows]


async def read_entry(session: AsyncSession, entry_id: UUID) -> Entry:
    """Raises NotFoundError."""
    entry = await session.get(EntryPoint, entry_id)
    if entry is None:
        raise NotFoundError("no such entry")
    used = await session.scalar(sa.select(sa.func.sum(EntryDay.used)).where(EntryDay.entry_id == entry_id))
    return _seen(entry, used or 0)


def _seen(entry: EntryPoint, used: int) -> Entry:
    return Entry(
        id=entry.id,
        code=entry.code,
        keyword=entry.keyword,
        campaign_id=entry.campaign_id,
        tag=entry.tag,
        used=floored(used),
        created_at=entry.created_at,
        closed_at=entry.closed_at,
    )


def line_link(our_id: str, keyword: str) -> str:
    """LINE opens our chat with the keyword typed; `our_id` is "@…" (LINE, "LINE URL scheme": oaMessage)."""
    return f"https://line.me/R/oaMessage/{quote(our_id, safe='')}/?{quote(keyword, safe='')}"


def telegram_link(our_id: str, code: str) -> str:
    """Telegram opens our chat with a button that sends the code; `our_id` is the bot's name (Telegram, "deep links")."""
    return f"https://t.me/{quote(our_id.removeprefix('@'), safe='')}?start={quote(code, safe='')}"


def tidy_keyword(keyword: str) -> str:
    """Raises KeywordError for what nobody would type. What means something else is for the bot to say (`as_keyword`)."""
    tidy = " ".join(unicodedata.normalize("NFC", keyword).casefold().split())
    if count_graphemes(tidy) < SHORTEST_KEYWORD or len(tidy) > LONGEST_KEYWORD:
        raise KeywordError(f"a keyword has {SHORTEST_KEYWORD} to {LONGEST_KEYWORD} letters")
    if not _WORD.fullmatch(tidy) or not any(letter.isalpha() for letter in tidy):
        raise KeywordError("a keyword is of letters and digits, without marks or links")
    return tidy


async def find_opened(
    session: AsyncSession, base_url: str, asked: Sequence[tuple[str, str, Reader]]
) -> list[Opened | None]:
    """What codes and keywords open: `asked` is ("code" or "word", what was sent, who reads the answer).

    None where there is no such entry, or its campaign may not be shown.
    """
    entries = await _find_entries(session, asked)
    plans = {campaign.id: decode_plan(campaign.plan) for _, campaign in entries.values()}
    people = await _people(session, [reader for _, _, reader in asked])
    opened: list[Opened | None] = []
    for kind, sent, reader in asked:
        found = entries.get((kind, sent))
        plan = plans[found[1].id] if found else None
        if found is None or plan is None or hash_plan(found[1].title, plan) != found[1].plan_hash:
            opened.append(None)
            continue
        person = _person(people.get(reader.contact_id), reader)
        content = await _content(session, base_url, found[1].id, plan, reader.language, person)
        opened.append(Opened(found[0].id, content))
    return opened


async def _find_entries(
    session: AsyncSession, asked: Iterable[tuple[str, str, Reader]]
) -> Mapping[tuple[str, str], tuple[EntryPoint, Campaign]]:
    sent = {"code": set[str](), "word": set[str]()}
    for kind, words, _ in asked:
        sent[kind].add(words)
    rows = await session.execute(
        sa.select(EntryPoint, Campaign)
        .join(Campaign, Campaign.id == EntryPoint.campaign_id)
        .where(
            sa.or_(EntryPoint.code.in_(sent["code"]), EntryPoint.keyword.in_(sent["word"])),
            EntryPoint.closed_at.is_(None),
            Campaign.state.in_(SHOWN),
        )
    )
    found = rows.all()
    return {("code", entry.code): (entry, campaign) for entry, campaign in found} | {
        ("word", entry.keyword): (entry, campaign) for entry, campaign in found
    }


async def _people(session: AsyncSession, readers: Iterable[Reader]) -> Mapping[UUID, ContactTrait]:
    wanted = sa.select(ContactTrait).where(ContactTrait.contact_id.in_([one.contact_id for one in readers]))
    return {trait.contact_id: trait for trait in await session.scalars(wanted)}


def _person(trait: ContactTrait | None, reader: Reader) -> dict[str, str]:
    """The variables that are known of a reader."""
    if trait is None:
        return {}
    known = {"name": read_name(trait, reader.key) or ""}
    if trait.province:
        known["province"] = say_place(f"province:TH-{trait.province}", reader.language)
    return known


async def _content(
    session: AsyncSession,
    base_url: str,
    campaign_id: UUID,
    plan: Plan,
    language: Language,
    person: Mapping[str, str],
) -> Content:
    """The first step in its first wording: whoever comes by themselves is in no trial."""
    wording = plan.steps[0].wordings[0]
    media = await read_media(session, media_of(plan), base_url)
    links = await links_of(session, campaign_id, wording.variant, base_url)
    return render(wording, language, person=person, links=links, campaign_id=campaign_id, media=media)


_COUNT = """
INSERT INTO entry_day (entry_id, day, used) SELECT * FROM unnest($1::uuid[], $2::date[], $3::int[])
ON CONFLICT (entry_id, day) DO UPDATE SET used = entry_day.used + excluded.used
"""
_BEGIN = """
INSERT INTO drip_start (campaign_id, contact_id, began_on, steps_done) VALUES ($1, $2, $3, 1)
ON CONFLICT DO NOTHING
"""


async def note_uses(session: AsyncSession, connection: Any, uses: Sequence[Use], now: datetime) -> None:
    """Count uses, tag who used them, and begin the drips that begin so; their first step was the answer.

    `connection` is the session's own, asyncpg's.
    """
    rows = await session.execute(
        sa.select(EntryPoint, Campaign)
        .join(Campaign, Campaign.id == EntryPoint.campaign_id)
        .where(EntryPoint.id.in_({use.entry_id for use in uses}))
    )
    entries = {entry.id: (entry, campaign) for entry, campaign in rows}
    for use in uses:
        if use.minor or use.entry_id not in entries:
            continue
        entry, campaign = entries[use.entry_id]
        if entry.tag:
            await add_tag(session, [use.contact_id], entry.tag)
        drip = decode_plan(campaign.plan).schedule
        if isinstance(drip, Drip) and drip.begins == "entered" and campaign.state in ("scheduled", "running"):
            await connection.execute(_BEGIN, campaign.id, use.contact_id, begins_on(drip, now))
    # The sums are everybody's: in one order, so that no two turns wait for each other.
    counted = sorted(Counter(use.entry_id for use in uses if use.entry_id in entries).items())
    today = bangkok(now).date()
    await connection.execute(
        _COUNT, [entry_id for entry_id, _ in counted], [today] * len(counted), [count for _, count in counted]
    )
