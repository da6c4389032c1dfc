from uuid import UUID

import pytest

from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.conftest import MovableClock
from tests.referrals.conftest import Refer
from tests.referrals.tracks.office import Office


@pytest.fixture
async def office(
    database: Database, keys: DataKeys, refer: Refer, boon: UUID, standing_clock: MovableClock
) -> Office:
    """A case of today, and those who tell how it goes on."""
    return Office(database, keys, await refer("Dao"), boon)
