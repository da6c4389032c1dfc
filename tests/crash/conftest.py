"""A service of its own for each crash test: a killable database, the simulator, web and worker processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.killable import KillablePostgres
from tests.support.stand import Stand


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
