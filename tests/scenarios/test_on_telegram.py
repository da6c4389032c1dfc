"""Every scenario that belongs on Telegram: simulated phone, signed webhook, stored event, turn, SDK, phone."""

import pytest

from tests.scenarios.playing import play
from tests.scenarios.stage import Stage
from tests.scenarios.telling import Scenario, all_scenarios

SCENARIOS = [one for one in all_scenarios() if "telegram" in one.platforms]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
async def test_it_is_kept(stage: Stage, scenario: Scenario) -> None:
    await play(stage, scenario, "telegram")
