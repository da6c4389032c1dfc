"""A report that was erased after the backup comes back with it in the clear, and is erased again by the chores. Guards 18."""

from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from app.chores import Chores
from app.cli.backup.dump import back_up
from app.cli.backup.restore import restore
from app.runtime import Runtime
from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, seal
from core.db.database import Database
from core.ids import new_id
from core.settings import Settings
from referrals.desk.models import SearchTerm
from referrals.hiding import set_code_word
from referrals.intake import append_citizen_words, open_referral
from referrals.models import AgencyConsent, Referral, ReferralEntry
from referrals.report_erasure import ask_report_erasure
from referrals.reports import write_consent
from tests.support.cast import make_person


def say(_line: str) -> None:
    """Nobody reads along."""


async def _report(runtime: Runtime, name: str) -> UUID:
    """A report with words, a title, a code word, an agency and something it is found by."""
    keys = runtime.keys
    async with runtime.database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="staff_request", priority="P2", kinds=(), reasons=(), receipt=name,
        )  # fmt: skip
        await append_citizen_words(session, keys, identity_id=person.identity_id, words=[(new_id(), "words")])
        await set_code_word(session, keys.keyset, person.identity_id, "mango")
        await write_consent(session, referral_id, "police", granted=True, with_identity=True, wording="w1")
        session.add(SearchTerm(referral_id=referral_id, kind="phone", term_key=b"hash"))
        referral = await session.get_one(Referral, referral_id)
        key = await keys.load(session, referral.data_key_id)
        referral.title = Box(seal(key, b"title", context("referral", "title", referral_id)))
    return referral_id


async def _left(runtime: Runtime) -> dict[str, set[UUID]]:
    """Of which reports there is what."""
    async with runtime.database.unit_of_work() as session:
        titled = sa.select(Referral.id).where(
            Referral.title.is_not(None), Referral.code_word_key.is_not(None)
        )
        worded = sa.select(ReferralEntry.referral_id).where(ReferralEntry.body.is_not(None))
        return {
            "title": set(await session.scalars(titled)),
            "words": set(await session.scalars(worded)),
            "agencies": set(await session.scalars(sa.select(AgencyConsent.referral_id))),
            "terms": set(await session.scalars(sa.select(SearchTerm.referral_id))),
        }


async def test_what_was_erased_after_the_backup_is_erased_again(
    settings: Settings, database: Database, keys: DataKeys, tmp_path: Path
) -> None:
    runtime = Runtime(settings, database, keys)
    gone, stays = await _report(runtime, "Dao"), await _report(runtime, "Ek")
    await back_up(runtime, tmp_path / "old", say)
    async with database.unit_of_work() as session:
        await ask_report_erasure(session, gone)
    await back_up(runtime, tmp_path / "new", say)
    await database.engine.dispose()
    await restore(runtime, tmp_path / "old", say, replace=True)
    assert all(gone in there for there in (await _left(runtime)).values())
    await Chores(runtime, None)._look_after_reports()
    assert all(there == {stays} for there in (await _left(runtime)).values())
    async with database.unit_of_work() as session:
        erased = await session.get_one(Referral, gone)
        assert erased.state == "closed"
        assert erased.words_gone_at is not None
        assert erased.words_gone_at <= utc_now()
