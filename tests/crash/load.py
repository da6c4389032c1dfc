"""People who write: numbered texts at a modest rate, in bursts too, some offers, some pleas, some small talk."""

import asyncio
import contextlib
import random
import re
from dataclasses import dataclass, field
from typing import Self

from simulator.client import SimulatorClient, SimulatorError
from simulator.control.shapes import Done, Say
from simulator.faults import Platform

# An offer names a contact that the answer quotes, so that an answer tells which text it belongs to.
_OFFERS = (
    "รับแอดมินตอบแชต ปอยเปต เงินเดือน 35,000 ไม่ต้องใช้พาสปอร์ต เดินทางฟรี สนใจแอดไลน์ @job{number:05d}",
    "งานคอลเซ็นเตอร์ เมียวดี รายได้ 50,000 ต่อเดือน ออกค่าเดินทางให้ก่อน แอดไลน์ @job{number:05d}",
)
_TALK = ("วันนี้ฝนตก ข้อความที่ {number}", "อยู่ไหน {number}", "กินข้าวหรือยัง {number}")
_PLEA = "ช่วยด้วย ถูกขังอยู่ในตึก เขายึดพาสปอร์ต กลับบ้านไม่ได้ ครั้งที่ {number}"
_OFFER_NUMBER = re.compile(r"@job(\d{5})")
_PRESSED = "m1:menu"
_PATIENT = 0.8
_PATIENCE_SECONDS = 6.0


def an_offer(number: int) -> str:
    return _OFFERS[0].format(number=number)


def is_offer(text: str) -> bool:
    return _OFFER_NUMBER.search(text) is not None


def is_plea(text: str) -> bool:
    return text.startswith(_PLEA[:20])


@dataclass(slots=True)
class Answered:
    """What the platforms got for their webhooks: statuses, and the slowest answer in ms."""

    statuses: list[int] = field(default_factory=list)
    slowest_ms: float = 0.0

    def note(self, done: Done) -> None:
        self.statuses.append(done.status)
        self.slowest_ms = max(self.slowest_ms, done.latency_ms)


class Crowd:
    """Bounded in people, texts and time. Most wait a while for our answer before they write again, some don't."""

    def __init__(
        self, simulator: SimulatorClient, *, seed: int, people: int, a_second: float, most: int = 10_000
    ) -> None:
        self._simulator = simulator
        self._random = random.Random(seed)
        self._size = people
        self._pause = people / a_second
        self._left = most
        self._number = 0
        self._going = False
        self._tasks: list[asyncio.Task[None]] = []
        self._listening: asyncio.Task[None] | None = None
        self._stirred: dict[str, asyncio.Event] = {}
        self.people: dict[str, Platform] = {}
        self.answered = Answered()

    async def __aenter__(self) -> Self:
        """Make the people and let them write. Every fourth will plead at some moment."""
        await self._gather()
        self._begin()
        return self

    async def __aexit__(self, *problem: object) -> None:
        """Let everybody finish the sentence they are at."""
        self._going = False
        try:
            await asyncio.gather(*self._tasks)
        finally:
            if self._listening is not None:
                self._listening.cancel()
                await asyncio.gather(self._listening, return_exceptions=True)

    async def _gather(self) -> None:
        for platform in ("line", "telegram"):
            made = await self._simulator.create_people(platform, "คน", count=self._size // 2)
            self.people |= {person.id: platform for person in made}

    def _begin(self) -> None:
        self._going = True
        self._stirred = {person: asyncio.Event() for person in self.people}
        self._listening = asyncio.create_task(self._listen())
        for place, person in enumerate(self.people):
            self._tasks.append(asyncio.create_task(self._live(person, pleads=place % 4 == 0)))

    async def _listen(self) -> None:
        """Notice whose phone shows something new."""
        async for change in self._simulator.changes():
            if change.kind == "chat_changed" and change.chat in self._stirred:
                self._stirred[change.chat].set()

    async def _live(self, person: str, *, pleads: bool) -> None:
        plea_at = self._random.randint(3, 12) if pleads else -1
        said = 0
        while self._going and self._left > 0:
            await asyncio.sleep(min(self._random.expovariate(1 / self._pause), 3 * self._pause))
            self._left -= 1
            said += 1
            await self._act(person, plea=said == plea_at)
            if self._random.random() < _PATIENT:
                await self._wait_for_answer(person)

    async def _wait_for_answer(self, person: str) -> None:
        self._stirred[person].clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stirred[person].wait(), _PATIENCE_SECONDS)

    async def _act(self, person: str, *, plea: bool) -> None:
        draw = self._random.random()
        if plea:
            await self._say(person, [_PLEA])
        elif draw < 0.06:
            await self._press(person)
        elif draw < 0.16:
            await self._say(person, [self._words() for _ in range(self._random.randint(2, 4))])
        else:
            await self._say(person, [self._words()])

    def _words(self) -> str:
        return self._random.choice(_OFFERS if self._random.random() < 0.6 else _TALK)

    async def _say(self, person: str, forms: list[str]) -> None:
        messages = []
        for form in forms:
            self._number += 1
            messages.append(Say(person=person, text=form.format(number=self._number)))
        self.answered.note(await self._simulator.say_many(messages))

    async def _press(self, person: str) -> None:
        """Press the way back under the last answer, where one is shown."""
        message_id = ""
        if self.people[person] == "telegram":
            items = (await self._simulator.timeline(person)).items
            message_id = next((item.id for item in reversed(items) if item.author == "bot"), "")
            if not message_id:
                return
        try:
            await self._simulator.press(person, message_id, data=_PRESSED)
        except SimulatorError:
            # Nothing to press yet: the first answer is on its way.
            return
