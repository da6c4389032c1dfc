"""Every scenario that belongs on LINE: simulated phone, signed webhook, stored event, turn, SDK, phone."""

import pytest

from tests.scenarios.playing import cases, play
from tests.scenarios.stage import Stage
from tests.scenarios.telling import Scenario


@pytest.mark.parametrize("scenario", cases("line"))
async def test_it_is_kept(stage: Stage, scenario: Scenario) -> None:
    await play(stage, scenario, "line")
