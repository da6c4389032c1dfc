"""Runs of campaigns on a database alone, and in a house with phones around it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from tests.support import housing

front, phones, house = housing.front, housing.phones, housing.house


@pytest.fixture
def daytime() -> Iterator[None]:
    """Time goes on as ever, but it is ten in the morning in Bangkok when the test begins."""
    ahead = datetime(2026, 11, 23, 3, 0, tzinfo=UTC) - datetime.now(UTC)
    clock.set_now(lambda: datetime.now(UTC) + ahead)
    yield
    clock.set_now(None)


@pytest.fixture
def later() -> timedelta:
    """Longer than any run of these tests is kept waiting."""
    return timedelta(hours=4)
