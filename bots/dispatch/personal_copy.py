"""A copy of everything that is held about one person and still opens, made when it is fetched and kept nowhere."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bots.dispatch.case_copy import collect_cases
from bots.dispatch.news_copy import collect_news
from bots.engine.steps import State
from bots.models import Conversation
from core.clock import bangkok, utc_now
from core.consent import ConsentEvent
from core.contacts.models import ChannelIdentity, Contact, ContactRule, ErasureRequest
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context
from core.errors import CryptoError, KeyDestroyedError
from core.languages import in_language
from core.messages.content import Card, Carousel, Text, decode_envelope
from core.messages.models import Message
from core.retention.classes import shipped
from referrals.models import Evidence, Referral, ReferralEntry
from referrals.reports import Told, read_report
from screening.models import Screening, ScreeningText
from screening.offers import open_text

# One line of a section: field → value, all of it plain JSON.
Record = Mapping[str, str | int | bool | list[str] | None]
Copy = Mapping[str, list[Record]]


async def collect_copy(session: AsyncSession, keys: DataKeys, contact_id: UUID) -> Copy:
    """Gather the person's data by section; raises KeyDestroyedError once the person was forgotten."""
    contact = await session.get_one(Contact, contact_id)
    key = await keys.load(session, contact.data_key_id)
    reports: list[Record] = []
    thread: list[Record] = []
    answers: list[Record] = []
    agencies: list[Record] = []
    evidence: list[Record] = []
    rows = await session.scalars(
        sa.select(Referral).where(Referral.contact_id == contact_id).order_by(Referral.opened_at)
    )
    found = rows.all()
    for referral in found:
        reports.append(_report(referral))
        thread += await _thread(session, keys, referral)
        told = await read_report(session, keys, referral)
        answers += [_answer(one, contact.language) for one in told.answers.values()]
        agencies += [
            {
                "agency": one.agency,
                "granted": one.granted,
                "with_identity": one.with_identity,
                "at": _at(one.at),
            }
            for one in told.consents
        ]
        evidence += await _evidence(session, referral.id)
    return {
        "about": [{"since": _at(contact.created_at), "language": contact.language, "minor": contact.minor}],
        "addresses": await _addresses(session, key, contact_id),
        "consents": await _consents(session, contact_id),
        "wishes": await _wishes(session, contact_id),
        "offers": await _offers(session, key, contact_id),
        "reports": reports,
        "thread": thread,
        "answers": answers,
        "agencies": agencies,
        "evidence": evidence,
        **await collect_cases(
            session, keys, [one.id for one in found], contact.language, bangkok(utc_now()).date()
        ),
        "messages": await _messages(session, key, contact_id),
        "conversation": await _conversations(session, key, contact_id),
        "requests": await _requests(session, contact_id),
        **await collect_news(session, key, contact_id, contact.language),
    }


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else bangkok(moment).isoformat(timespec="seconds")


def _open(box: Box | None, key: bytes, bound_to: bytes) -> bytes | None:
    """Return what is sealed; None for what is gone."""
    if box is None:
        return None
    try:
        return box.open(key, bound_to)
    except CryptoError:
        return None


def _text(opened: bytes | None) -> str | None:
    return None if opened is None else opened.decode("utf-8", "replace")


async def _addresses(session: AsyncSession, key: bytes, contact_id: UUID) -> list[Record]:
    rows = await session.scalars(sa.select(ChannelIdentity).where(ChannelIdentity.contact_id == contact_id))
    return [
        {
            "channel": row.channel,
            "address": _text(_open(row.address, key, context("channel_identity", "address", row.id))),
            "since": _at(row.created_at),
        }
        for row in rows
    ]


async def _consents(session: AsyncSession, contact_id: UUID) -> list[Record]:
    rows = await session.scalars(
        sa.select(ConsentEvent).where(ConsentEvent.contact_id == contact_id).order_by(ConsentEvent.id)
    )
    return [
        {"topic": row.topic, "granted": row.granted, "wording": row.wording, "at": _at(row.at)}
        for row in rows
    ]


async def _wishes(session: AsyncSession, contact_id: UUID) -> list[Record]:
    rule = await session.get(ContactRule, contact_id)
    if rule is None:
        return []
    return [
        {
            "may_write_first": rule.may_write_first,
            "from_minute": rule.from_minute,
            "until_minute": rule.until_minute,
            "at": _at(rule.changed_at),
        }
    ]


async def _offers(session: AsyncSession, key: bytes, contact_id: UUID) -> list[Record]:
    rows = await session.execute(
        sa.select(Screening, ScreeningText.text)
        .outerjoin(ScreeningText, ScreeningText.screening_id == Screening.id)
        .where(Screening.contact_id == contact_id)
        .order_by(Screening.id)
    )
    return [
        {
            "at": _at(row.created_at), "band": row.band, "kind": row.kind, "province": row.province,
            "signs": row.indicators, "text": None if text is None else open_text(key, row.id, text.sealed),
        }
        for row, text in rows
    ]  # fmt: skip


def _report(referral: Referral) -> Record:
    return {
        "opened_at": _at(referral.opened_at), "channel": referral.channel, "state": referral.state,
        "priority": referral.priority, "kinds": referral.kinds, "bands": referral.bands, "place": referral.place,
        "closed_at": _at(referral.closed_at), "erase_at": _at(referral.erase_at),
    }  # fmt: skip


async def _thread(session: AsyncSession, keys: DataKeys, referral: Referral) -> list[Record]:
    try:
        key = await keys.load(session, referral.data_key_id)
    except KeyDestroyedError:
        return []
    rows = await session.scalars(
        sa.select(ReferralEntry)
        .where(ReferralEntry.referral_id == referral.id, ReferralEntry.author != "system")
        .order_by(ReferralEntry.id)
    )
    return [
        {
            "at": _at(row.at),
            "author": row.author,
            "text": _text(_open(row.body, key, context("referral_entry", "body", row.id))),
        }
        for row in rows
    ]


def _answer(told: Told, language: str) -> Record:
    """The question as it was asked and what was answered, in words."""
    question = told.questionnaire.by_id.get(told.question)
    if question is None:
        return {"at": _at(told.at), "question": told.question, "said": list(told.codes)}
    chosen = [(code, question.choice(code)) for code in told.codes]
    said = [in_language(choice.label, language) if choice else code for code, choice in chosen]
    return {"at": _at(told.at), "question": in_language(question.says, language), "said": said}


async def _evidence(session: AsyncSession, referral_id: UUID) -> list[Record]:
    rows = await session.scalars(
        sa.select(Evidence).where(Evidence.referral_id == referral_id).order_by(Evidence.id)
    )
    return [{"at": _at(row.at), "kind": row.kind, "media_type": row.media_type} for row in rows]


async def _messages(session: AsyncSession, key: bytes, contact_id: UUID) -> list[Record]:
    """What we wrote and still have; looked for among the newest, for older words are gone."""
    rows = await session.scalars(
        sa.select(Message)
        .join(ChannelIdentity, ChannelIdentity.id == Message.identity_id)
        .where(
            ChannelIdentity.contact_id == contact_id,
            Message.content.is_not(None),
            sa.or_(
                Message.finished_at.is_(None), Message.finished_at > utc_now() - 2 * shipped("message_words")
            ),
        )
        .order_by(Message.id)
    )
    found: list[Record] = []
    for row in rows:
        opened = _open(row.content, key, context("message", "content", row.id))
        if opened is not None:
            found.append({"at": _at(row.created_at), "text": _words(opened)})
    return found


def _words(envelope: bytes) -> str:
    lines: list[str] = []
    for bubble in decode_envelope(envelope).content.bubbles:
        if isinstance(bubble, Text):
            lines.append(bubble.text)
        elif isinstance(bubble, Card):
            lines += [bubble.title, bubble.lead, *bubble.facts, *bubble.steps]
        elif isinstance(bubble, Carousel):
            lines += [words for slide in bubble.slides for words in (slide.title, slide.text) if words]
    return "\n".join(lines)


async def _conversations(session: AsyncSession, key: bytes, contact_id: UUID) -> list[Record]:
    rows = await session.scalars(
        sa.select(Conversation)
        .join(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id)
        .where(ChannelIdentity.contact_id == contact_id)
    )
    found: list[Record] = []
    for row in rows:
        opened = _open(row.state, key, context("conversation", "state", row.id))
        state = _state(opened)
        found.append(
            {
                "last_wrote": _at(row.last_inbound_at),
                "language": state.language,
                "minor": state.minor,
                "learned": sorted(state.progress),
            }
        )
    return found


def _state(opened: bytes | None) -> State:
    """A state of an older form says nothing any more, as in a turn."""
    try:
        return msgspec.json.decode(opened, type=State) if opened else State()
    except msgspec.MsgspecError:
        return State()


async def _requests(session: AsyncSession, contact_id: UUID) -> list[Record]:
    rows = await session.scalars(
        sa.select(ErasureRequest).where(ErasureRequest.contact_id == contact_id).order_by(ErasureRequest.id)
    )
    return [
        {"requested_at": _at(r.requested_at), "due_at": _at(r.due_at), "taken_back_at": _at(r.taken_back_at)}
        for r in rows
    ]
