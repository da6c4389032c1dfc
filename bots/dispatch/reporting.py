"""What a report writes down in the turn that tells it: answers, words from before, consent, wishes, age."""

from collections.abc import Iterable
from uuid import UUID, uuid5

import sqlalchemy as sa

from bots.dispatch.ground import Ground
from bots.engine.steps import (
    AgencyConsentEffect,
    BotDoneEffect,
    ContactRuleEffect,
    HandWordsEffect,
    HoldNewsEffect,
    MinorEffect,
    StoreAnswersEffect,
)
from bots.models import InboundEvent
from core.clock import utc_now
from core.contacts.holds import hold_broadcasts_at_least
from core.contacts.wishes import mark_minor, set_contact_rule
from referrals.handing_back import end_bot_task
from referrals.intake import HELD_AFTER_CLOSING, append_citizen_words, find_open
from referrals.questionnaires.reading import load_questionnaire
from referrals.reports import Given, record_agency_consent, store_answers


async def keep_answers(ground: Ground, effect: StoreAnswersEffect) -> None:
    events = await _events_of(ground, (given.message for given in effect.answers))
    await store_answers(
        ground.session,
        ground.keys,
        identity_id=ground.person.identity_id,
        questionnaire=load_questionnaire(effect.questionnaire),
        answers=[
            Given(given.question, given.codes, events.get(given.message) or _own_id(ground, given.question))
            for given in effect.answers
        ],
    )


async def hand_words(ground: Ground, effect: HandWordsEffect) -> None:
    """Words keep the id of their own event, so that an unsend still finds them in the thread."""
    events = await _events_of(ground, (message for message, _ in effect.words))
    words = [
        (events.get(message) or _own_id(ground, str(number)), said)
        for number, (message, said) in enumerate(effect.words)
    ]
    await append_citizen_words(
        ground.session, ground.keys, identity_id=ground.person.identity_id, words=words
    )


async def record_agency(ground: Ground, effect: AgencyConsentEffect) -> None:
    await record_agency_consent(
        ground.session, ground.person.identity_id, effect.agency, granted=effect.granted,
        with_identity=effect.with_identity, wording=effect.wording,
    )  # fmt: skip


async def set_rule(ground: Ground, effect: ContactRuleEffect) -> None:
    await set_contact_rule(
        ground.session, ground.person.contact_id, may_write_first=effect.may_write_first,
        from_minute=effect.from_minute, until_minute=effect.until_minute,
    )  # fmt: skip


async def hold_news(ground: Ground, _effect: HoldNewsEffect) -> None:
    until = utc_now() + HELD_AFTER_CLOSING
    await hold_broadcasts_at_least(ground.session, ground.person.contact_id, until)


async def note_minor(ground: Ground, effect: MinorEffect) -> None:
    await mark_minor(ground.session, ground.person.contact_id, minor=effect.minor)


async def end_bot(ground: Ground, _effect: BotDoneEffect) -> None:
    referral = await find_open(ground.session, ground.person.identity_id)
    if referral is not None:
        await end_bot_task(ground.session, referral, "bot_done")


def _own_id(ground: Ground, name: str) -> UUID:
    """The same for a replay of this event, and never found by an unsend, which takes back one message only."""
    return uuid5(ground.item.row_id, name)


async def _events_of(ground: Ground, messages: Iterable[str]) -> dict[str, UUID]:
    """The stored event of each of the person's own messages that is still known."""
    index, channel = ground.keys.keyset.index, ground.person.channel
    wanted = {index(f"{channel}-message", message): message for message in messages if message}
    if not wanted:
        return {}
    found = await ground.session.execute(
        sa.select(InboundEvent.message_key, InboundEvent.id).where(
            InboundEvent.message_key.in_(wanted), InboundEvent.address_key == ground.person.address_key
        )
    )
    return {wanted[bytes(key)]: event_id for key, event_id in found if key is not None}
