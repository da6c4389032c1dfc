"""A service of its own for each crash test: a killable database, the simulator, web and worker processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.killable import KillablePostgres
from tests.support.stand import Stand


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long form runs only where it is asked for by its marker."""
    if "soak" in config.getoption("markexpr"):
        return
    for item in items:
        if item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="the long form: make soak"))


@pytest.fixture
async def postgres() -> AsyncIterator[KillablePostgres]:
    server = KillablePostgres()
    try:
        await server.prepare()
        yield server
    finally:
        await server.close()


@pytest.fixture
async def stand(postgres: KillablePostgres, tmp_path: Path) -> AsyncIterator[Stand]:
    """Nothing of it runs yet; what a test starts is ended here."""
    stand = Stand(tmp_path, postgres.address)
    yield stand
    postgres.thaw()
    await stand.stop()
