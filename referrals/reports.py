"""The answers of a report: sealed one by one under the case's key, read with the questions as they were asked.

With each answer the referral is weighed anew on the server: its priority may rise, never sink (invariant 15).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.errors import KeyDestroyedError
from core.ids import new_id
from referrals.intake import find_open, wake_up
from referrals.live import announce_change
from referrals.models import AgencyConsent, Referral, ReportAnswer
from referrals.models import Questionnaire as StoredQuestionnaire
from referrals.questionnaires.asking import hotline_kinds
from referrals.questionnaires.places import place_of
from referrals.questionnaires.questionnaire import Answers, Questionnaire, from_json, to_json
from referrals.teams.routing import raise_priority, route
from referrals.triage.assessment import Assessment, assess

_codes = msgspec.json.Decoder(tuple[str, ...])


class Given(NamedTuple):
    """One answer and the event that brought it, so that a replay adds nothing and an unsend finds it."""

    question: str
    codes: tuple[str, ...]
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it is read; `questionnaire` is the one it was asked by."""

    question: str
    codes: tuple[str, ...]
    questionnaire: Questionnaire
    at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person last said of one agency."""

    agency: str
    granted: bool
    with_identity: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """The answers by question, in the order of the questions, the newest of each; empty once the key is gone."""

    answers: Mapping[str, Told]
    assessment: Assessment | None
    consents: tuple[Consent, ...]


async def store_answers(
    session: AsyncSession,
    keys: DataKeys,
    *,
    identity_id: UUID,
    questionnaire: Questionnaire,
    answers: Sequence[Given],
) -> UUID | None:
    """Add answers to the person's open referral and weigh it anew; return its id, None where none is open."""
    referral = await find_open(session, identity_id)
    if referral is None or not answers:
        return None
    await _keep_questions(session, questionnaire)
    key, now = await keys.load(session, referral.data_key_id), utc_now()
    for given in answers:
        answer_id = new_id()
        sealed = seal(key, msgspec.json.encode(given.codes), context("report_answer", "answer", answer_id))
        await session.execute(
            insert(ReportAnswer)
            .values(
                id=answer_id, referral_id=referral.id, questionnaire=questionnaire.hash, question=given.question,
                answer=Box(sealed), event_id=given.event_id, at=now,
            )
            .on_conflict_do_nothing(index_elements=["event_id", "question", "referral_id"])
        )  # fmt: skip
    wake_up(referral)
    await _weigh(session, keys, referral)
    return referral.id


async def _keep_questions(session: AsyncSession, questionnaire: Questionnaire) -> None:
    await session.execute(
        insert(StoredQuestionnaire)
        .values(hash=questionnaire.hash, body=to_json(questionnaire).decode(), first_used_at=utc_now())
        .on_conflict_do_nothing(index_elements=["hash"])
    )


async def _weigh(session: AsyncSession, keys: DataKeys, referral: Referral) -> None:
    """Priority and reasons only grow; bands and place follow what is told now."""
    told = await _latest(session, keys, referral)
    found = _assess(told, referral)
    if found is None:
        referral.bands, referral.place = [], None
    else:
        raise_priority(referral, found.priority)
        referral.reasons = sorted({*referral.reasons, *found.reasons})
        referral.bands = sorted(found.bands)
        referral.place = place_of(_answers(told))
        referral.rules = found.rules
    await route(session, referral)
    referral.last_entry_at = utc_now()
    await announce_change(session, referral.id)


def _assess(told: Mapping[str, Told], referral: Referral) -> Assessment | None:
    if not told:
        return None
    newest = max(told.values(), key=lambda one: one.at).questionnaire
    answers = _answers(told)
    # What answers tell counts as answered, not as heard in words.
    heard = set(referral.kinds) - set(hotline_kinds(newest, answers))
    return assess(newest, answers, kinds=heard)


def _answers(told: Mapping[str, Told]) -> Answers:
    return {question: one.codes for question, one in told.items()}


async def read_report(session: AsyncSession, keys: DataKeys, referral: Referral) -> Report:
    """Read the answers of a referral, what they come to, and what the person agreed to."""
    told = await _latest(session, keys, referral)
    rows = await session.scalars(
        sa.select(AgencyConsent).where(AgencyConsent.referral_id == referral.id).order_by(AgencyConsent.id)
    )
    newest = {row.agency: Consent(row.agency, row.granted, row.with_identity, row.at) for row in rows}
    return Report(told, _assess(told, referral), tuple(newest.values()))


async def _latest(session: AsyncSession, keys: DataKeys, referral: Referral) -> dict[str, Told]:
    """The newest answer to each question that was not taken back; nothing once the case's key is destroyed."""
    rows = (
        await session.execute(
            sa.select(ReportAnswer, StoredQuestionnaire.body)
            .join(StoredQuestionnaire, StoredQuestionnaire.hash == ReportAnswer.questionnaire)
            .where(ReportAnswer.referral_id == referral.id, ReportAnswer.answer.is_not(None))
            .order_by(ReportAnswer.id)
        )
    ).all()
    if not rows:
        return {}
    try:
        key = await keys.load(session, referral.data_key_id)
    except KeyDestroyedError:
        return {}
    asked = {row.questionnaire: from_json(body) for row, body in rows}
    found: dict[str, Told] = {}
    for row, _ in rows:
        if row.answer is None:
            continue
        codes = _codes.decode(row.answer.open(key, context("report_answer", "answer", row.id)))
        found[row.question] = Told(row.question, codes, asked[row.questionnaire], row.at)
    return found


async def take_back_answers(session: AsyncSession, keys: DataKeys, event_ids: Sequence[UUID]) -> None:
    """An unsend: the answers go, a mark stays, and what was read from them goes too."""
    touched = await session.scalars(
        sa.update(ReportAnswer)
        .where(ReportAnswer.event_id.in_(event_ids))
        .values(answer=None, taken_back_at=utc_now())
        .returning(ReportAnswer.referral_id)
    )
    for referral_id in sorted(set(touched)):
        referral = await session.get_one(Referral, referral_id, with_for_update=True)
        referral.terms_of = None
        await _weigh(session, keys, referral)


async def record_agency_consent(
    session: AsyncSession, identity_id: UUID, agency: str, *, granted: bool, with_identity: bool, wording: str
) -> None:
    """Write down, never over, what the person wants an agency to know."""
    referral = await find_open(session, identity_id)
    if referral is not None:
        await write_consent(
            session, referral.id, agency, granted=granted, with_identity=with_identity, wording=wording
        )


async def write_consent(
    session: AsyncSession, referral_id: UUID, agency: str, *, granted: bool, with_identity: bool, wording: str
) -> None:
    """Write a line of the ledger; who withholds the report withholds the name. The caller holds the report's lock."""
    session.add(
        AgencyConsent(
            id=new_id(), referral_id=referral_id, agency=agency, granted=granted,
            with_identity=granted and with_identity, wording=wording, at=utc_now(),
        )
    )  # fmt: skip
    await session.flush()
    await announce_change(session, referral_id)
