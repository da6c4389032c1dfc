"""Fixtures that every test may ask for: a real database, a keyset, settings, and a clock that stands; the tests' order."""

import functools
import gc
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings as examples

from core import clock
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset, new_keyset
from core.db.database import Database
from core.settings import Settings
from tests.support.order import ByWhatIsShared, put_longest_first
from tests.support.postgres import TestCluster, make_cluster

# A busy machine takes its time; how long something may take is told by benchmarks.
examples.register_profile("patient", deadline=None)
examples.load_profile("patient")
# The same texts and histories each time: what decides whether something lands must not depend on luck. `make test` searches.
examples.register_profile("repeatable", deadline=None, derandomize=True)
SHARED = Path(__file__).parents[2] / "shared"

# What is imported and collected stays till the end; looking through it for rubbish, again and again, took a third of the
# time until the first test.
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first; what is longer still runs only where it is asked for by its marker."""
    if "soak" not in config.getoption("markexpr"):
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="the long form: make soak"))
    put_longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWhatIsShared:
    return ByWhatIsShared(config, log)


@pytest.fixture(scope="session", autouse=True)
def _certificates_are_read_once() -> Iterator[None]:
    """Reading the system's certificates, for clients that never speak TLS here, took a fifth of the time of a house."""
    with mock.patch.object(ssl, "create_default_context", functools.cache(ssl.create_default_context)):
        yield


@pytest.fixture(scope="session")
async def cluster() -> AsyncIterator[TestCluster]:
    cluster = await make_cluster()
    yield cluster
    await cluster.close()


@pytest.fixture
async def database(cluster: TestCluster) -> AsyncIterator[Database]:
    database = await cluster.lend()
    yield database
    await cluster.take_back(database)


@pytest.fixture
def keyset() -> Keyset:
    return new_keyset()


@pytest.fixture
def keys(keyset: Keyset) -> DataKeys:
    return DataKeys(keyset)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path / "var", env="development")


class MovableClock:
    """A clock that moves only when told."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **step: float) -> None:
        self.moment += timedelta(**step)


@pytest.fixture
def standing_clock() -> Iterator[MovableClock]:
    """Monday 23 November 2026, 10.00 in Bangkok, until the test moves it."""
    movable = MovableClock(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))
    clock.set_now(movable)
    yield movable
    clock.set_now(None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of specifications and data beside the project; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is not here")
    return SHARED
