"""One house for all scenarios of a platform."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from simulator.client import SimulatorClient
from tests.scenarios.stage import Stage, open_stage
from tests.support.house import Front
from tests.support.housing import front as front
from tests.support.housing import phones as phones
from tests.support.postgres import TestCluster


@pytest.fixture(scope="module")
async def stage(
    front: Front, phones: SimulatorClient, cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("stage")
    async with open_stage(front, phones, cluster, folder) as stage:
        yield stage
