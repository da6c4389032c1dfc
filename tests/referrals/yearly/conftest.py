from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from core.db.database import Database
from core.ids import new_id
from referrals.models import Referral
from referrals.tracks.models import CaseEvent, CasePerson
from tests.referrals.conftest import Refer

Tell = Callable[..., Awaitable[UUID]]
MakeCase = Callable[..., Awaitable[UUID]]
# When everything in these tests is recorded, unless they say otherwise.
RECORDED = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def tell(database: Database) -> Tell:
    """Put an event as it lies after it was recorded; `step` is "track.code"."""

    async def put(case: UUID, step: str, on: str, **more: Any) -> UUID:
        track, _, code = step.partition(".")
        event_id = new_id()
        async with database.unit_of_work() as session:
            session.add(
                CaseEvent(
                    id=event_id, referral_id=case, track=track, step=code, happened_on=date.fromisoformat(on),
                    **({"recorded_at": RECORDED, "source": "manual"} | more),
                )
            )  # fmt: skip
        return event_id

    return put


@pytest.fixture
def make_case(database: Database, refer: Refer) -> MakeCase:
    """A report with a place and what is known of its people."""

    async def make(name: str, place: str = "province:TH-10", *people: dict[str, Any]) -> UUID:
        case = await refer(name)
        async with database.unit_of_work() as session:
            (await session.get_one(Referral, case)).place = place
            for number, person in enumerate(people, 1):
                session.add(CasePerson(referral_id=case, number=number, changed_at=RECORDED, **person))
        return case

    return make
