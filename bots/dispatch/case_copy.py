"""How a person's cases go on, for the copy of their data: what the chat would tell them of each, in the same words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bots.copy import copy
from bots.dialogues.case_screen import say_answer, say_baht, say_state, say_step
from core.crypto.data_keys import DataKeys
from core.languages import Language, in_language
from referrals.progress import AgencyTold, Money, Stop
from referrals.progress_reading import read_progress, read_steps

Record = Mapping[str, str | int | bool | list[str] | None]


async def collect_cases(
    session: AsyncSession, keys: DataKeys, referral_ids: Sequence[UUID], language: Language, today: date
) -> Mapping[str, list[Record]]:
    """Gather by section whom the cases were sent to, what happened in them, and the payments that were told."""
    found = [await read_progress(session, keys, one, today) for one in referral_ids]
    return {
        "sent_to": [_agency(one, language) for case in found for one in case.agencies],
        "steps": [
            _step(stop, language) for one in referral_ids for stop in await read_steps(session, keys, one)
        ],
        "payments": [record for case in found if case.money for record in _payments(case.money, language)],
    }


def _agency(one: AgencyTold, language: Language) -> Record:
    return {
        "agency": in_language(one.name, language),
        "state": say_state(language, one),
        "at": one.on.isoformat(),
        "text": one.text or None,
    }


def _step(stop: Stop, language: Language) -> Record:
    said = copy().say(language, "case.disputed") if stop.is_disputed else None
    return {"step": say_step(language, stop), "at": stop.on.isoformat(), "text": said}


def _payments(money: Money, language: Language) -> Iterator[Record]:
    for one in money.payments:
        yield {
            "amount": say_baht(one.amount),
            "at": one.on.isoformat(),
            "state": say_answer(language, one),
        }
