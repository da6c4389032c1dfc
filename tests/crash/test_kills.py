"""Nothing is lost and nothing is hidden while processes and the database are killed under load."""

import itertools
import os
import random
import secrets
from typing import NamedTuple

import pytest

from simulator.faults import Kind, Platform
from simulator.inbound import Inbound
from tests.crash.chaos import WEBS, WORKERS, Chaos, Supervisor
from tests.crash.checks import check_effects, check_events, check_ledger, check_order, seconds_to_answer
from tests.crash.load import Crowd
from tests.crash.quiet import tell, wait_until_quiet
from tests.crash.truth import Truth, read_truth
from tests.support.killable import KillablePostgres
from tests.support.stand import Stand

_RECOVERY_SECONDS = 60.0
# Of all calls, with a process killed every other second; on a busy machine there are few calls, then one for each kill.
_MOST_DOUBLES = 0.05


class Form(NamedTuple):
    """How much of it: kills, seconds between two, people, texts a second."""

    kills: int
    every: float
    people: int
    a_second: float


# What the platforms do to our calls meanwhile: kind, probability, value.
_FAULTS: dict[tuple[Platform, str], tuple[tuple[Kind, float, float], ...]] = {
    ("line", "reply"): (
        ("slow", 0.05, 300), ("server_error", 0.01, 0), ("server_error_after_effect", 0.01, 0),
        ("disconnect", 0.005, 0), ("disconnect_after_effect", 0.01, 0), ("timeout", 0.002, 0),
        ("timeout_after_effect", 0.004, 0), ("rate_limited", 0.01, 0),
    ),
    ("line", "push"): (
        ("slow", 0.05, 300), ("server_error", 0.02, 0), ("server_error_after_effect", 0.02, 0),
        ("disconnect_after_effect", 0.02, 0), ("rate_limited", 0.02, 0),
    ),
    ("telegram", "sendMessage"): (
        ("slow", 0.05, 300), ("server_error", 0.005, 0), ("server_error_after_effect", 0.002, 0),
        ("disconnect", 0.003, 0), ("disconnect_after_effect", 0.002, 0), ("timeout_after_effect", 0.001, 0),
        ("retry_after", 0.004, 1),
    ),
}  # fmt: skip


@pytest.mark.timeout(300)
async def test_it_loses_nothing_and_hides_no_double_while_everything_is_killed(
    stand: Stand, postgres: KillablePostgres
) -> None:
    await _run(stand, postgres, Form(kills=7, every=0.8, people=28, a_second=20))


@pytest.mark.soak
@pytest.mark.timeout(1500)
async def test_it_loses_nothing_and_hides_no_double_through_two_hundred_kills(
    stand: Stand, postgres: KillablePostgres
) -> None:
    await _run(stand, postgres, Form(kills=200, every=2.5, people=40, a_second=25))


async def _run(stand: Stand, postgres: KillablePostgres, form: Form) -> None:
    seed = int(os.environ.get("ROOTAN_CRASH_SEED", "0")) or secrets.randbelow(10**6)
    tell(f"crash test: seed {seed} (repeat with ROOTAN_CRASH_SEED={seed})")
    draw = random.Random(seed)
    await stand.start(workers=len(WORKERS), webs=WEBS)
    await _trouble(stand, seed)
    supervisor = Supervisor(stand, draw)
    chaos = Chaos(stand, postgres, supervisor, draw, form.every)
    supervisor.begin()
    try:
        async with Crowd(stand.simulator, seed=seed, people=form.people, a_second=form.a_second) as crowd:
            await chaos.rage(form.kills)
        await stand.simulator.clear_faults()
        await stand.wait_until_up()
        quiet = await wait_until_quiet(stand, postgres.address, _RECOVERY_SECONDS)
    finally:
        await supervisor.end()
    truth = await read_truth(stand.simulator, postgres.address, stand.keyset)
    _judge(truth, list(crowd.people), chaos, quiet)


async def _trouble(stand: Stand, seed: int) -> None:
    await stand.simulator.set_inbound("telegram", Inbound(retry_delay_s=0.3))
    # Each rule draws from a sequence of its own, else the first of a method would always strike for all.
    own_seed = itertools.count(seed)
    for (platform, method), kinds in _FAULTS.items():
        for kind, probability, value in kinds:
            await stand.simulator.add_fault(
                platform, method, kind, probability=probability, value=value, seed=next(own_seed)
            )


def _judge(truth: Truth, people: list[str], chaos: Chaos, quiet: float) -> None:
    walk = check_order(truth, people)
    waits = seconds_to_answer(truth, walk.shown_at)
    accepted = sum(event.accepted_at is not None for event in truth.events)
    calls = [a["outcome"] for m in truth.messages.values() for a in m.attempts]
    doubtful = sum(outcome in (None, "unclear") for outcome in calls)
    tell(
        f"kills {chaos.done.total()} {dict(chaos.done)}; events {len(truth.events)}, accepted {accepted};"
        f" messages {len(truth.messages)}, resent {sum(m.state == 'resent' for m in truth.messages.values())};"
        f" calls {len(calls)}, of these in doubt {doubtful}; doubles marked {walk.marked}, unmarked {len(walk.unmarked)}; answered after"
        f" {waits[len(waits) // 2][0]:.2f} s in the middle, {waits[-1][0]:.1f} s at the most; quiet after {quiet:.1f} s;"
        f" the slowest: {waits[-1][1].history()}"
    )
    wrong = (
        check_events(truth) + walk.wrong + walk.unmarked + check_ledger(truth) + check_effects(truth, people)
    )
    assert not wrong, "\n".join([f"{len(wrong)} wrong:", *wrong[:30]])
    # Only a call in doubt can double (its caller died, or the platform kept silent), and few do.
    assert walk.marked <= doubtful
    assert walk.marked <= max(_MOST_DOUBLES * len(calls), chaos.done.total())
    assert accepted > 5 * chaos.done.total()
