"""Random histories of requests, step by step beside a model: what it allows happens, all else changes nothing."""

import contextlib
import random
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.errors import AppError
from referrals.agencies.pairings import pair
from referrals.referring.answering import accept, acknowledge, begin_service, decline, finish, open_request
from referrals.referring.expiring import expire_due
from referrals.referring.identity import ask_identity, give_identity, refuse_identity
from referrals.referring.models import AgencyReferral
from referrals.referring.sending import recall
from tests.conftest import MovableClock
from tests.referrals.referring.conftest import Scene

# Step → the states that it begins from, and the one it leads to. Repeating a step that was made is allowed and nothing.
ALLOWED = {
    "acknowledge": ({"sent"}, "acknowledged"),
    "accept": ({"sent", "acknowledged"}, "accepted"),
    "decline": ({"sent", "acknowledged"}, "declined"),
    "begin": ({"accepted"}, "in_service"),
    "finish": ({"accepted", "in_service"}, "done"),
    "recall": ({"sent", "acknowledged", "accepted", "in_service"}, "recalled"),
}
REPEATED = {"acknowledge": {"acknowledged"}, "accept": {"accepted", "in_service"}, "begin": {"in_service"}}
# What is written of a step that goes past others.
WRITTEN = {
    ("accept", "sent"): ["acknowledged", "accepted"],
    ("decline", "sent"): ["acknowledged", "declined"],
    ("finish", "accepted"): ["in_service", "done"],
}
STEPS = 30
KINDS = ("police", "msdhs")


class History:
    """What the model says of one case."""

    def __init__(self, scene: Scene, clock: MovableClock, seed: int) -> None:
        self.scene, self.clock, self.random = scene, clock, random.Random(seed)
        self.states: dict[UUID, str] = {}
        self.kinds: dict[UUID, str] = {}
        self.steps: list[str] = []

    @property
    def pending(self) -> bool:
        return bool({"sent", "acknowledged"} & set(self.states.values()))

    def works(self, kind: str) -> bool:
        return any(
            self.kinds[one] == kind and state in {"accepted", "in_service"}
            for one, state in self.states.items()
        )

    async def go_on(self) -> None:
        doing = self.random.choice(["send", "send", "send", "expire", "identity", "look", *ALLOWED])
        if doing == "send":
            await self._send(self.random.choice(KINDS))
        elif doing == "expire":
            await self._expire()
        elif self.states:
            # Mostly the newest: the others are over.
            known = list(self.states)
            request_id = known[-1] if self.random.random() < 0.7 else self.random.choice(known)
            if doing in {"identity", "look"}:
                await self._aside(request_id, doing)
            else:
                await self._step(request_id, doing)

    async def _send(self, kind: str) -> None:
        allowed = not self.pending and not self.works(kind)
        request_id = await self._try(lambda: self.scene.send(kind), allowed=allowed)
        if isinstance(request_id, UUID):
            self.states[request_id], self.kinds[request_id] = "sent", kind
            self.steps.append("sent")

    async def _expire(self) -> None:
        self.clock.advance(days=self.random.choice([0, 0, 3]))
        async with self.scene.database.unit_of_work() as session:
            count = await expire_due(session, self.scene.keys, now=self.clock.moment)
            over = list(
                await session.scalars(
                    sa.select(AgencyReferral.id).where(
                        AgencyReferral.state == "expired", AgencyReferral.ended_at == self.clock.moment
                    )
                )
            )
        for request_id in over:
            if self.states[request_id] in {"sent", "acknowledged"}:
                self.states[request_id], count = "expired", count - 1
                self.steps.append("expired")
        assert count == 0

    async def _aside(self, request_id: UUID, doing: str) -> None:
        """What changes no state, whatever comes of it."""
        officer, staff = self.scene.officer(self.kinds[request_id]), self.scene.staff
        steps: list[Callable[[], Awaitable[object]]] = [
            lambda: self.scene.do(ask_identity, request_id, officer, reason="สอบปากคำ"),
            lambda: self.scene.do(refuse_identity, request_id, staff, reason="ยังไม่ถึงเวลา"),
            lambda: self.scene.do(give_identity, request_id, staff, who={"name": "มาลี"}, reason="ตกลง"),
        ]
        with contextlib.suppress(AppError):
            await (
                self.random.choice(steps)()
                if doing == "identity"
                else self.scene.do(open_request, request_id, officer)
            )

    async def _step(self, request_id: UUID, doing: str) -> None:
        state = self.states[request_id]
        begins, to = ALLOWED[doing]
        repeated = state in REPEATED.get(doing, set())
        await self._try(lambda: self._made(request_id, doing), allowed=state in begins or repeated)
        if state in begins:
            self.states[request_id] = to
            self.steps += WRITTEN.get((doing, state), [to])

    async def _made(self, request_id: UUID, doing: str) -> object:
        officer, do = self.scene.officer(self.kinds[request_id]), self.scene.do
        if doing == "recall":
            return await do(recall, request_id, self.scene.overseer, reason="other")
        if doing == "decline":
            return await do(decline, request_id, officer, reason="no_capacity")
        if doing == "finish":
            return await do(finish, request_id, officer, outcome="helped")
        plain = {"acknowledge": acknowledge, "accept": accept, "begin": begin_service}
        return await do(plain[doing], request_id, officer)

    @staticmethod
    async def _try(doing: Callable[[], Awaitable[object]], *, allowed: bool) -> object:
        try:
            done = await doing()
        except AppError:
            assert not allowed
            return None
        assert allowed
        return done

    async def compare(self) -> None:
        async with self.scene.database.unit_of_work() as session:
            rows = await session.execute(sa.select(AgencyReferral.id, AgencyReferral.state))
            found = {row.id: row.state for row in rows}
        assert found == self.states
        assert await self.scene.steps() == self.steps


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_is_tried_only_what_the_rules_allow_happens(
    scene: Scene, standing_clock: MovableClock, seed: int
) -> None:
    async with scene.database.unit_of_work() as session:
        for kind in KINDS:
            await pair(session, None, scene.agencies[kind], by=scene.boon)
    history = History(scene, standing_clock, seed)
    for _ in range(STEPS):
        await history.go_on()
        waiting = [state for state in history.states.values() if state in {"sent", "acknowledged"}]
        assert len(waiting) <= 1
    await history.compare()
    assert len(history.steps) > STEPS // 4
