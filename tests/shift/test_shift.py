"""A shift of officers at one queue: no double answer, no lost message, no missed clock unnoticed."""

import asyncio
import contextlib
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import httpx
import pytest

from core import clock
from core.accounts.invitations import add_account
from core.accounts.sessions import start_session
from tests.app.conftest import ORIGIN, Browser
from tests.crash.quiet import tell
from tests.shift.books import (
    all_of,
    check_answers,
    check_clocks,
    check_heard,
    check_holders,
    check_phones,
    read_book,
)
from tests.shift.citizens import Citizens
from tests.shift.officers import Diary, Officer
from tests.support.house import House, shown_text

# Of fifteen seconds each: what is to go out may be much on a busy machine.
_PATIENCE = 4
# The clock to claim a P0 runs out meanwhile.
_NOBODY_THERE = timedelta(minutes=6)
# The chore that looks at the clocks comes every ten seconds; a busy machine may take longer. In seconds.
_SLOW = 40


class Form(NamedTuple):
    """How much of it: officers, people who write, minutes of the shift at most and how much faster they pass.

    Devices are signed out after half an hour, so a pace of 20 bears a minute and a half without a request; a sender's claim
    holds for 15 seconds, so where many wait to be sent the pace must leave it a few of the machine's.
    """

    officers: int
    people: int
    minutes: float
    faster: float
    pause: float

    @property
    def seconds(self) -> float:
        return self.minutes * 60 / self.faster


class ShiftClock:
    """Begins so long ago that it reaches the real time when the shift is over; never runs ahead of the database's."""

    def __init__(self, form: Form) -> None:
        self._began = datetime.now(UTC)
        self._faster = form.faster
        self._behind = _NOBODY_THERE + timedelta(seconds=(form.seconds + 2 * _SLOW) * form.faster)

    def __call__(self) -> datetime:
        real = datetime.now(UTC)
        return min(self._began - self._behind + (real - self._began) * self._faster, real)

    def leap(self, over: timedelta) -> None:
        self._behind -= over


@pytest.fixture
def _real_clock_again() -> Iterator[None]:
    yield
    clock.set_now(None)


@pytest.mark.usefixtures("_real_clock_again")
async def test_a_small_shift_answers_nobody_twice_and_loses_nothing(house: House) -> None:
    await _run(house, Form(officers=5, people=6, minutes=20, faster=20, pause=0.4), _tried_all)


@pytest.mark.soak
@pytest.mark.timeout(1_200)
@pytest.mark.usefixtures("_real_clock_again")
async def test_fifty_officers_answer_nobody_twice_and_lose_nothing(house: House) -> None:
    await _run(house, Form(officers=50, people=80, minutes=30, faster=4, pause=15.0))


def _tried_all(diary: Diary) -> bool:
    return bool(diary.claims and diary.beaten and diary.refused and len(diary.answers) > 5 and diary.closed)


async def _run(house: House, form: Form, enough: Callable[[Diary], bool] = lambda _: False) -> None:
    seed = int(os.environ.get("ROOTAN_SHIFT_SEED", "0")) or secrets.randbelow(10**6)
    tell(f"shift: seed {seed} (repeat with ROOTAN_SHIFT_SEED={seed})")
    passing = ShiftClock(form)
    clock.set_now(passing)
    diary, stop = Diary(), asyncio.Event()
    citizens = Citizens(house.phones, seed, form.pause * 3)
    await citizens.gather(form.people)
    async with _worker(house):
        await citizens.begin()
        await _let_clocks_run_out(house, passing)
        async with _officers(house, form, diary, seed) as officers:
            working = [asyncio.create_task(one.work(stop)) for one in officers]
            writing = asyncio.create_task(citizens.go_on(stop))
            await _until(lambda: enough(diary), form.seconds)
            stop.set()
            await asyncio.gather(writing, *working)
    await house.turn()
    for _ in range(_PATIENCE):
        with contextlib.suppress(TimeoutError):
            await house.settle()
            break
    await _check(house, form, diary)
    tell(
        f"shift: {citizens.said} messages, {diary.claims} claims, {diary.beaten} beaten to it,"
        f" {len(diary.answers)} answers, {diary.refused} refused, {diary.closed} closed,"
        f" {diary.busy} times the console was too busy"
    )


async def _let_clocks_run_out(house: House, passing: ShiftClock) -> None:
    while await house.value("SELECT count(*) FROM referral WHERE priority = 'P0'") == 0:
        await asyncio.sleep(0.1)
    passing.leap(_NOBODY_THERE)
    while await house.value("SELECT count(*) FROM clock_miss") == 0:
        await asyncio.sleep(0.5)


async def _until(reached: Callable[[], bool], seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not reached():
                await asyncio.sleep(0.2)


async def _check(house: House, form: Form, diary: Diary) -> None:
    book = await read_book(house.database, house.keys)
    slack = timedelta(seconds=_SLOW * form.faster)
    untold = await check_clocks(house.database, book, clock.utc_now(), slack)
    assert not all_of(
        diary.odd,
        check_holders(book),
        check_answers(book, diary),
        check_phones(diary, await _shown(house), await _states(house, book.words)),
        await check_heard(house.database),
        untold,
    )
    # Else nothing was put to the test.
    assert diary.claims > diary.busy
    assert diary.beaten
    assert diary.answers
    assert diary.refused


async def _shown(house: House) -> dict[str, int]:
    """How often each text of staff shows on a phone."""
    seen: dict[str, int] = {}
    for person in await house.phones.people():
        for item in (await house.phones.timeline(person.id)).items:
            if item.author == "bot":
                for line in shown_text(item).splitlines():
                    seen[line] = seen.get(line, 0) + 1
    return seen


async def _states(house: House, words: dict[object, str]) -> dict[str, str]:
    rows = await house.rows(
        "SELECT e.id, m.state, m.reason FROM referral_entry e JOIN message m ON m.id = e.message_id"
        " WHERE e.author = 'staff'"
    )
    ends = Counter((row.state, row.reason) for row in rows)
    tell(f"shift: answers ended as {dict(ends)}")
    return {words[row.id]: row.state for row in rows if row.id in words}


@contextlib.asynccontextmanager
async def _officers(house: House, form: Form, diary: Diary, seed: int) -> AsyncIterator[list[Officer]]:
    async with contextlib.AsyncExitStack() as stack:
        officers = []
        for number in range(form.officers):
            async with house.database.unit_of_work() as session:
                account = await add_account(
                    session,
                    house.keys,
                    email=f"o{number}@rootan.test",
                    name=f"O{number}",
                    role="hotline_officer",
                )
                account.role_confirmed_by = account.id
                token = await start_session(session, account.id, confirmed=True)
            client = await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app=house.service, raise_app_exceptions=False),
                    base_url=ORIGIN,
                )
            )
            client.cookies.set("rootan", token)
            browser = Browser(client)
            browser.account_id = account.id
            await browser.get("/console/account")
            officers.append(Officer(browser, diary, seed + number, form.pause))
        yield officers


@contextlib.asynccontextmanager
async def _worker(house: House) -> AsyncIterator[None]:
    """Turns as they come; the house delivers by itself."""

    async def turns() -> None:
        while True:
            await house.turn()
            await asyncio.sleep(0.05)

    running = asyncio.create_task(turns())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_the_clock_of_a_shift_never_runs_ahead() -> None:
    passing = ShiftClock(Form(officers=1, people=1, minutes=10, faster=1000, pause=1))
    assert passing() <= datetime.now(UTC)
    passing.leap(timedelta(days=365))
    assert passing() <= datetime.now(UTC)
