"""Reports that somebody tells on the telephone: the same questions, triage and receipt as in a chat, but no chat.

The caller is a contact with an address of the channel "phone": the number where they gave one to be called back, else
nothing that leads anywhere. Nothing can be sent there; staff call, and the receipt shows the rest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args
from uuid import UUID, uuid5

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.contacts.models import ChannelIdentity, Contact
from core.contacts.wishes import mark_minor, set_contact_rule
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import ConflictError, InvalidInputError
from core.ids import new_id
from nlp.findings import CrisisKind
from referrals.code_words import as_code_word, code_word_key
from referrals.desk.sealed import plain
from referrals.intake import append_citizen_words, find_open, open_referral
from referrals.models import Referral, ReferralEntry
from referrals.questionnaires.asking import applies, hotline_kinds
from referrals.questionnaires.questionnaire import Answers, Question, Questionnaire
from referrals.questionnaires.reading import load_questionnaire
from referrals.queue import claim
from referrals.reaching import PHONE
from referrals.reports import Given, record_agency_consent, store_answers
from referrals.triage.assessment import judge

LONGEST_STORY = 8_000
# So long a form that was sent twice shows its code again.
READ_OUT = timedelta(minutes=10)
LONGEST_CODE_WORD = 40
# Asked in a chat alone: that the code was noted down, and to add what is told here as the story.
CHAT_ONLY = frozenset({"C4", "X1"})
_CRISES: frozenset[str] = frozenset(get_args(CrisisKind))


class NothingToldError(InvalidInputError):
    """Neither an answer nor a word."""

    code = "nothing_told"


class StoryLengthError(InvalidInputError):
    code = "story_length"


class UnreadAnswerError(InvalidInputError):
    """An answer that is no place, no time or no choice of its question; `holder` is the question's id."""

    code = "unread_answer"

    def __init__(self, question: str) -> None:
        super().__init__("an answer can't be read")
        self.holder = question


class NumberError(InvalidInputError):
    """No telephone number."""

    code = "phone_number"


class PhoneOpenError(ConflictError):
    """Somebody with this number has an open report."""

    code = "phone_open"


@dataclass(frozen=True, slots=True)
class Call:
    """What was told on the telephone; `answers` by question, `number` to be called back where it was given.

    `heard` are kinds of danger in the story (`referrals.telephone_reading.hear`).
    """

    answers: Answers
    story: str = ""
    number: str = ""
    code_word: str = ""
    heard: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The new referral and its receipt code (16 digits), to be read out once."""

    referral_id: UUID
    receipt: str


def questions_for(answers: Answers) -> tuple[Question, ...]:
    """Return the questions that make sense after these answers, in their order."""
    asked = load_questionnaire()
    return tuple(one for one in asked.questions if one.id not in CHAT_ONLY and applies(asked, one, answers))


async def open_by_phone(
    session: AsyncSession, keys: DataKeys, *, account_id: UUID, call: Call, form_id: UUID
) -> Opened | None:
    """Open a report that the caller tells and let whoever takes the call hold it; None where this form did so before.

    Raises NothingToldError, StoryLengthError, NumberError, PhoneOpenError.
    """
    story = plain(call.story)
    if not story and not call.answers:
        raise NothingToldError("write what was told, or answer a question")
    if len(story) > LONGEST_STORY or len(call.code_word) > LONGEST_CODE_WORD:
        raise StoryLengthError(f"a story has at most {LONGEST_STORY} characters")
    number = _number(call.number)
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(str(form_id), 0))))
    if await opened_before(session, form_id) is not None:
        return None
    contact_id, identity_id = await _caller(session, keys, number)
    opened = Opened(
        await _open(
            session, keys, contact_id, identity_id, call.answers, call.heard, receipt_of(keys, form_id)
        ),
        receipt_of(keys, form_id),
    )
    session.add(
        ReferralEntry(
            id=new_id(), referral_id=opened.referral_id, author="system", account_id=account_id, mark="called",
            event_id=uuid5(form_id, PHONE), at=utc_now(),
        )
    )  # fmt: skip
    if story:
        words = [(uuid5(form_id, "story"), story)]
        await append_citizen_words(session, keys, identity_id=identity_id, words=words)
    await _keep_answers(session, keys, contact_id, identity_id, call.answers, form_id)
    referral = await session.get_one(Referral, opened.referral_id)
    # They were answered while they spoke.
    referral.awaits_since = None
    if as_code_word(call.code_word):
        referral.code_word_key = code_word_key(keys.keyset, referral.id, call.code_word)
    await claim(session, opened.referral_id, account_id)
    return opened


async def opened_before(session: AsyncSession, form_id: UUID) -> UUID | None:
    """Return the referral that this form opened."""
    return await session.scalar(
        sa.select(ReferralEntry.referral_id).where(ReferralEntry.event_id == uuid5(form_id, PHONE))
    )


async def opened_lately(session: AsyncSession, form_id: UUID, account_id: UUID) -> UUID | None:
    """Return the referral that this form opened by somebody's own hand while its code may still be read out."""
    return await session.scalar(
        sa.select(ReferralEntry.referral_id).where(
            ReferralEntry.event_id == uuid5(form_id, PHONE),
            ReferralEntry.account_id == account_id,
            ReferralEntry.at > utc_now() - READ_OUT,
        )
    )


def receipt_of(keys: DataKeys, form_id: UUID) -> str:
    """Return the code of the report that a form opens: a form pressed twice reads out the same one."""
    drawn = int.from_bytes(keys.keyset.index("phone_receipt", str(form_id))[:16])
    return f"{drawn % 10**16:016d}"


async def read_number(session: AsyncSession, keys: DataKeys, referral: Referral) -> str:
    """Return the number to call back; empty where none was given or the person is forgotten."""
    identity = await session.get_one(ChannelIdentity, referral.identity_id)
    contact = await session.get_one(Contact, identity.contact_id)
    key = await keys.load(session, contact.data_key_id)
    address = identity.address.open(key, context("channel_identity", "address", identity.id)).decode()
    return address if address.startswith("+") else ""


def _number(typed: str) -> str:
    """The number in E.164, "" where none was given."""
    if not plain(typed):
        return ""
    try:
        number = phonenumbers.parse(typed, "TH")
    except phonenumbers.NumberParseException:
        raise NumberError("this is no telephone number") from None
    if not phonenumbers.is_possible_number(number):
        raise NumberError("this is no telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


async def _caller(session: AsyncSession, keys: DataKeys, number: str) -> tuple[UUID, UUID]:
    """The contact and address of this number, made where they are new; without one always new."""
    contact_id, identity_id, now = new_id(), new_id(), utc_now()
    address = number or f"unknown:{identity_id}"
    address_key = keys.keyset.index("phone-address", address)
    standing = await session.scalar(
        sa.select(ChannelIdentity).where(
            ChannelIdentity.channel == PHONE, ChannelIdentity.address_key == address_key
        )
    )
    if standing is not None:
        if await find_open(session, standing.id) is not None:
            raise PhoneOpenError("this number has an open report")
        return standing.contact_id, standing.id
    key_row, key = keys.row("contact")
    session.add(key_row)
    await session.flush()
    session.add(Contact(id=contact_id, data_key_id=key_row.id, created_at=now))
    await session.flush()
    sealed = seal(key, address.encode(), context("channel_identity", "address", identity_id))
    session.add(
        ChannelIdentity(
            id=identity_id, contact_id=contact_id, channel=PHONE, address_key=address_key, address=Box(sealed),
            created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    return contact_id, identity_id


async def _open(
    session: AsyncSession,
    keys: DataKeys,
    contact_id: UUID,
    identity_id: UUID,
    answers: Answers,
    heard: Collection[str],
    receipt: str,
) -> UUID:
    asked = load_questionnaire()
    kinds = sorted({*hotline_kinds(asked, answers), *heard} & _CRISES)
    found = judge(asked, answers, kinds)
    return await open_referral(
        session, keys, contact_id=contact_id, identity_id=identity_id, channel=PHONE, source="report",
        priority=found.priority, kinds=tuple(kinds), reasons=tuple(found.reasons), receipt=receipt,
    )  # fmt: skip


async def _keep_answers(
    session: AsyncSession,
    keys: DataKeys,
    contact_id: UUID,
    identity_id: UUID,
    answers: Answers,
    form_id: UUID,
) -> None:
    asked = load_questionnaire()
    given = [Given(question, codes, uuid5(form_id, question)) for question, codes in answers.items()]
    await store_answers(session, keys, identity_id=identity_id, questionnaire=asked, answers=given)
    await _keep_wishes(session, asked, contact_id, identity_id, answers)
    if "self" in answers.get("G2", ()) and "G3" in answers:
        await mark_minor(session, contact_id, minor="yes" in answers["G3"])


async def _keep_wishes(
    session: AsyncSession, asked: Questionnaire, contact_id: UUID, identity_id: UUID, answers: Answers
) -> None:
    """Who may learn of it, and whether and when the person may be called."""
    named = "named" in answers.get("C2n", ())
    for agency in answers.get("C2", ()):
        choice = asked.by_id["C2"].choice(agency)
        if choice is not None and not choice.alone:
            await record_agency_consent(
                session, identity_id, agency, granted=True, with_identity=named, wording=asked.hash
            )
    said = answers.get("C3", ())
    hours = next((_minutes(code) for code in answers.get("C3h", ()) if code.startswith("time:")), None)
    if "hours" in said and hours:
        await set_contact_rule(
            session, contact_id, may_write_first=True, from_minute=hours[0], until_minute=hours[1]
        )
    elif said:
        await set_contact_rule(session, contact_id, may_write_first="chat" in said)


def _minutes(code: str) -> tuple[int, int]:
    """Minutes after midnight of "time:18:00-21:00", both by Bangkok's clock."""
    first, _, last = code.removeprefix("time:").partition("-")
    return _minute(first), _minute(last)


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)
