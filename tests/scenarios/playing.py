"""Plays a scenario line by line."""

from typing import Any

import pytest

from simulator.faults import Platform
from tests.app.public.posters import needs_reading
from tests.scenarios.acting import ACTS
from tests.scenarios.player import Player
from tests.scenarios.seeing import EXPECTED
from tests.scenarios.stage import Stage
from tests.scenarios.telling import Line, Scenario, all_scenarios

_PICTURE = "รูป"


def cases(platform: Platform) -> list[Any]:
    """The scenarios of a platform as parameters of a test; those with pictures need what reads them."""
    return [
        pytest.param(one, id=one.name, marks=[needs_reading] if one.has(_PICTURE) else [])
        for one in all_scenarios()
        if platform in one.platforms
    ]


async def play(stage: Stage, scenario: Scenario, platform: Platform) -> None:
    """Raises AssertionError with the place in the file where the promise is not kept."""
    player = Player(stage, scenario, platform)
    await player.begin()
    for line in scenario.on(platform):
        try:
            await _play(player, line)
        except AssertionError as wrong:
            raise AssertionError(f"{scenario.name}:{line.number} {wrong}") from None
        except Exception as error:
            error.add_note(f"{scenario.name}:{line.number} on {platform}")
            raise
    await player.look()
    player.turn_over()


async def _play(player: Player, line: Line) -> None:
    if not line.together:
        await player.look()
    words = line.words.replace("{เลขติดตาม}", player.receipt)
    if line.key in EXPECTED:
        await EXPECTED[line.key](player, words)
        return
    if line.key not in ACTS:
        raise ValueError(f"no such line: {line.key}")
    if not line.together:
        player.turn_over()
    await ACTS[line.key](player, words)
    player.unsettled = True
