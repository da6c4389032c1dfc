"""The supervisors who keep the directory, and a directory that is laid away again after each test."""

from collections.abc import Iterator
from datetime import date

import pytest

from core.accounts.models import Account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from referrals.directory.hotlines import Hotline, lay_open
from tests.screening.conftest import Ground


@pytest.fixture(autouse=True)
def _laid_away() -> Iterator[None]:
    yield
    lay_open(None)


@pytest.fixture
async def keeper(database: Database, keys: DataKeys) -> Account:
    return await Ground(database, keys).member("supervisor")


@pytest.fixture
async def other_keeper(database: Database, keys: DataKeys) -> Account:
    return await Ground(database, keys).member("supervisor")


@pytest.fixture
async def officer(database: Database, keys: DataKeys) -> Account:
    return await Ground(database, keys).member("hotline_officer")


@pytest.fixture
def foundation() -> Hotline:
    """A number that staff found themselves."""
    return Hotline(
        number="02-123-4567", name={"th": "มูลนิธิทดสอบ", "en": "Test foundation"},
        purpose={"th": "คนทำงานในเรือ", "en": "People who work at sea"}, kinds=frozenset({"forced_labour"}),
        languages=("th", "my"), source="letter of the foundation", verified_at=date(2020, 1, 1), always=True,
    )  # fmt: skip
