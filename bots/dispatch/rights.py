"""What receipts and a person's rights change in the turn itself; longer work is left to jobs and chores."""

import sqlalchemy as sa

from bots.dispatch.ground import Ground
from bots.engine.steps import (
    AddWordsEffect,
    CopyEffect,
    EraseReportEffect,
    ForgetEffect,
    KeepReportEffect,
    Language,
    LanguageEffect,
    MoveReportEffect,
    ReportAgencyEffect,
    ReportRuleEffect,
    StayEffect,
)
from core.clock import utc_now
from core.contacts.copy_links import ask_for_link
from core.contacts.erasure import ask_to_be_forgotten, take_wish_back
from core.contacts.models import Contact
from core.jobs.queue import enqueue
from referrals.receipt_changes import add_words, change_agency, change_contact_rule, move_report
from referrals.report_erasure import ask_report_erasure, erases_anything_late, keep_report, note_wish

COPY_JOB = "send_copy_link"


async def add_to_report(ground: Ground, effect: AddWordsEffect) -> None:
    item = ground.item
    await add_words(ground.session, ground.keys, effect.report, item.row_id, item.event.text)


async def set_agency(ground: Ground, effect: ReportAgencyEffect) -> None:
    await change_agency(
        ground.session, effect.report, effect.agency, granted=effect.granted, wording=effect.wording
    )


async def set_report_rule(ground: Ground, effect: ReportRuleEffect) -> None:
    await change_contact_rule(
        ground.session,
        effect.report,
        may_write_first=effect.may_write_first,
        from_minute=effect.from_minute,
        until_minute=effect.until_minute,
    )


async def erase(ground: Ground, effect: EraseReportEffect) -> None:
    await ask_report_erasure(ground.session, effect.report)


async def keep(ground: Ground, effect: KeepReportEffect) -> None:
    await keep_report(ground.session, effect.report)


async def move_here(ground: Ground, effect: MoveReportEffect) -> None:
    person = ground.person
    await move_report(
        ground.session,
        effect.report,
        contact_id=person.contact_id,
        identity_id=person.identity_id,
        channel=person.channel,
    )


async def set_language(ground: Ground, effect: LanguageEffect) -> None:
    await _note_language(ground, effect.language)


async def send_copy(ground: Ground, effect: CopyEffect) -> None:
    await _note_language(ground, effect.language)
    link_id = await ask_for_link(ground.session, ground.person.contact_id)
    if link_id is not None:
        await enqueue(ground.session, COPY_JOB, [link_id])


async def forget(ground: Ground, effect: ForgetEffect) -> None:
    """Write the wish down; `bots.dispatch.forgetting` carries it out when it is due."""
    await _note_language(ground, effect.language)
    contact_id = ground.person.contact_id
    late = await erases_anything_late(ground.session, contact_id)
    await note_wish(ground.session, contact_id, forgotten=True)
    await ask_to_be_forgotten(ground.session, contact_id, late or utc_now())


async def stay(ground: Ground, _effect: StayEffect) -> None:
    if await take_wish_back(ground.session, ground.person.contact_id):
        await note_wish(ground.session, ground.person.contact_id, forgotten=False)


async def _note_language(ground: Ground, language: Language) -> None:
    """What is written to the person outside of a turn is in this language."""
    await ground.session.execute(
        sa.update(Contact).where(Contact.id == ground.person.contact_id).values(language=language)
    )
