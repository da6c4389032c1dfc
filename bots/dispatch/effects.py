"""What a turn does beyond answering, each by the room that owns it, in the turn's own transaction."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bots.dispatch import evidence, groups, hiding, receipts, reporting, rights
from bots.dispatch.campaign_answers import keep_answers
from bots.dispatch.entering import note_entries
from bots.dispatch.ground import Ground
from bots.dispatch.handing_over import hand_over_offer
from bots.dispatch.menus import ask_for_menus
from bots.dispatch.tallying import tally_quizzes
from bots.dispatch.turn import Arrived, Turn, screened
from bots.engine.steps import (
    AddWordsEffect,
    AgencyConsentEffect,
    AskKeeperEffect,
    BotDoneEffect,
    CancelReferralEffect,
    ClearChatEffect,
    CodeWordEffect,
    ConsentEffect,
    ContactRuleEffect,
    CopyEffect,
    DoubtEffect,
    Effect,
    EraseReportEffect,
    EvidenceEffect,
    ForgetEffect,
    GroupWarnsEffect,
    HandOverEffect,
    HandWordsEffect,
    HidingEffect,
    HoldNewsEffect,
    KeepReportEffect,
    LanguageEffect,
    MinorEffect,
    MoveReportEffect,
    OpenReferralEffect,
    PrivateEffect,
    ReadPictureEffect,
    ReceiptEffect,
    ReportAgencyEffect,
    ReportRuleEffect,
    StayEffect,
    StoreAnswersEffect,
)
from core.clock import utc_now
from core.consent import record_consent
from core.contacts.models import ChannelIdentity
from core.crypto.data_keys import DataKeys
from core.db.database import driver_connection
from core.jobs.queue import enqueue
from referrals.evidence import take_back_evidence
from referrals.intake import append_citizen_words, cancel_referral, open_referral, take_back_words
from referrals.reports import take_back_answers
from screening.labels.doubts import note_doubt
from screening.offers import Screened, store_screenings, take_back_texts

Runner = Callable[[Ground, Any], Awaitable[None]]
# The wording that a person sees when they unfollow is the platform's own.
_PLATFORM_WORDING = "platform"


async def run_effects(session: AsyncSession, connection: Any, keys: DataKeys, turns: list[Turn]) -> None:
    """Run every effect of every turn; rare ones one by one, screenings of the whole batch together."""
    judged = [
        Screened(
            judgement,
            item.event.text,
            turn.person.channel,
            turn.person.contact_id,
            turn.person.key,
            turn.places.get(item.row_id),
            item.row_id,
        )
        for turn in turns
        for item, judgement in screened(turn)
    ]
    await store_screenings(connection, keys.keyset, judged, utc_now())
    for turn in turns:
        for item, effect in turn.effects:
            if run := _RUNNERS.get(type(effect)):
                await run(Ground(session, keys, turn.person, item), effect)
    await keep_answers(connection, turns)
    await note_entries(session, connection, turns)
    await ask_for_menus(connection, turns)
    # Last: its rows are everybody's, and are locked until the commit.
    await tally_quizzes(connection, turns)


async def _open_referral(ground: Ground, effect: OpenReferralEffect) -> None:
    person = ground.person
    await open_referral(
        ground.session,
        ground.keys,
        contact_id=person.contact_id,
        identity_id=person.identity_id,
        channel=person.channel,
        source=effect.source,
        priority=effect.priority,
        kinds=effect.kinds,
        reasons=effect.reasons,
        receipt=effect.receipt,
    )


async def _cancel_referral(ground: Ground, _effect: CancelReferralEffect) -> None:
    await cancel_referral(ground.session, ground.person.identity_id)


async def _record_consent(ground: Ground, effect: ConsentEffect) -> None:
    await record_consent(
        ground.session, ground.person.contact_id, effect.topic, granted=effect.granted, wording=effect.wording,
        source=effect.source,
    )  # fmt: skip


async def _hand_over(ground: Ground, _effect: HandOverEffect) -> None:
    await hand_over_offer(ground.session, ground.keys, ground.person)


async def _note_doubt(ground: Ground, _effect: DoubtEffect) -> None:
    await note_doubt(await driver_connection(ground.session), ground.person.contact_id, utc_now())


async def _read_picture(ground: Ground, _effect: ReadPictureEffect) -> None:
    await enqueue(ground.session, "read_picture", [ground.item.row_id])


# Screenings, campaigns, quizzes and menus are seen to for the whole batch at once, and typing is shown after the commit.
_RUNNERS: Mapping[type[Effect], Runner] = {
    OpenReferralEffect: _open_referral,
    CancelReferralEffect: _cancel_referral,
    ConsentEffect: _record_consent,
    HandOverEffect: _hand_over,
    DoubtEffect: _note_doubt,
    ReadPictureEffect: _read_picture,
    ClearChatEffect: hiding.clear_chat,
    HidingEffect: hiding.note_for_staff,
    AddWordsEffect: rights.add_to_report,
    ReportAgencyEffect: rights.set_agency,
    ReportRuleEffect: rights.set_report_rule,
    EraseReportEffect: rights.erase,
    KeepReportEffect: rights.keep,
    MoveReportEffect: rights.move_here,
    ReceiptEffect: receipts.note_receipt,
    LanguageEffect: rights.set_language,
    CopyEffect: rights.send_copy,
    ForgetEffect: rights.forget,
    StayEffect: rights.stay,
    CodeWordEffect: hiding.keep_code_word,
    StoreAnswersEffect: reporting.keep_answers,
    HandWordsEffect: reporting.hand_words,
    AgencyConsentEffect: reporting.record_agency,
    ContactRuleEffect: reporting.set_rule,
    HoldNewsEffect: reporting.hold_news,
    MinorEffect: reporting.note_minor,
    BotDoneEffect: reporting.end_bot,
    EvidenceEffect: evidence.note,
    AskKeeperEffect: groups.ask_keeper,
    GroupWarnsEffect: groups.set_warns,
}


async def keep_words(session: AsyncSession, keys: DataKeys, turn: Turn, arrived: list[Arrived]) -> None:
    """While a referral is open (or was opened just now), what the person writes belongs to its thread."""
    opened = turn.person.open_referral is not None or any(
        isinstance(e, OpenReferralEffect) for _, e in turn.effects
    )
    # What was taken back before its turn came (LINE unsend) is not kept at all.
    taken_back = {item.event.message for item in arrived if item.event.kind == "unsend"}
    private = {item.row_id for item, effect in turn.effects if isinstance(effect, PrivateEffect)}
    kept = [item for item in arrived if item.event.message not in taken_back and item.row_id not in private]
    words = [(item.row_id, said) for item in kept if (said := _said(item))]
    if opened and words:
        await append_citizen_words(session, keys, identity_id=turn.person.identity_id, words=words)


def _said(item: Arrived) -> str:
    """What of an event belongs to a thread: words, and a place as a geo address (RFC 5870)."""
    event = item.event
    if event.place != "direct":
        return ""
    if event.kind == "location" and event.latitude is not None and event.longitude is not None:
        return f"geo:{event.latitude:.5f},{event.longitude:.5f}"
    return event.text if event.kind in ("text", "picture", "audio", "file") else ""


async def follow_memberships(session: AsyncSession, turn: Turn, arrived: list[Arrived]) -> None:
    """Follow and unfollow (block and unblock) change whether and what we may send."""
    person = turn.person
    for item in arrived:
        if item.event.kind == "unfollow":
            await _set_blocked(session, turn, blocked=True)
            await record_consent(
                session,
                person.contact_id,
                "campaigns",
                granted=False,
                wording=_PLATFORM_WORDING,
                source="unfollow",
            )
        elif item.event.kind == "leave":
            await groups.forget_group(session, person)
        elif person.blocked and item.event.kind not in ("unsend", "other"):
            # Whoever writes or follows again can be reached again; news they must ask for anew.
            await _set_blocked(session, turn, blocked=False)


async def _set_blocked(session: AsyncSession, turn: Turn, *, blocked: bool) -> None:
    turn.person.blocked = blocked
    await session.execute(
        sa.update(ChannelIdentity)
        .where(ChannelIdentity.id == turn.person.identity_id)
        .values(blocked_at=utc_now() if blocked else None)
    )


async def take_back(
    session: AsyncSession, connection: Any, keys: DataKeys, turn: Turn, arrived: list[Arrived]
) -> None:
    """LINE unsend: what was taken back is purged from the inbox, the thread and the screenings, handled or not."""
    channel, index = turn.person.channel, keys.keyset.index
    targets = [index(f"{channel}-message", i.event.message) for i in arrived if i.event.kind == "unsend"]
    if not targets:
        return
    rows = await connection.fetch(
        "UPDATE inbound_event SET body = NULL WHERE message_key = ANY($1) AND address_key = $2"
        " AND NOT id = ANY($3) RETURNING id",
        targets,
        turn.person.address_key,
        [i.row_id for i in arrived if i.event.kind == "unsend"],
    )
    events = [row["id"] for row in rows]
    await take_back_words(session, events)
    await take_back_answers(session, keys, events)
    await take_back_evidence(session, events)
    await take_back_texts(connection, events)
