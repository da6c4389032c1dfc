"""People who write while officers work: a plea or a wish for staff first, then more and more of it."""

import asyncio
import random

from simulator.client import SimulatorClient

_FIRST = (
    "ช่วยด้วย ถูกขังอยู่ในตึก เขายึดพาสปอร์ต กลับบ้านไม่ได้ครับ",
    "คุยกับเจ้าหน้าที่",
)
_ON = ("ยังอยู่ที่เดิมค่ะ ข้อความที่ {n}", "มีอะไรให้ทำอีกไหมคะ {n}", "รอคำตอบอยู่นะคะ {n}")


class Citizens:
    """Bounded in people and in time; each writes at their own pace."""

    def __init__(self, phones: SimulatorClient, seed: int, pause: float) -> None:
        self._phones = phones
        self._random = random.Random(seed)
        self._pause = pause
        self.people: list[str] = []
        self.said = 0

    async def gather(self, count: int) -> None:
        for platform in ("line", "telegram"):
            made = await self._phones.create_people(platform, "คน", count=count // 2)
            self.people += [person.id for person in made]

    async def begin(self) -> None:
        """Everybody asks for help."""
        for place, person in enumerate(self.people):
            await self._say(person, _FIRST[place % len(_FIRST)])

    async def go_on(self, stop: asyncio.Event) -> None:
        await asyncio.gather(*(self._live(person, stop) for person in self.people))

    async def _live(self, person: str, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.sleep(self._random.uniform(0.3, 1.7) * self._pause)
            await self._say(person, self._random.choice(_ON).format(n=self.said))

    async def _say(self, person: str, text: str) -> None:
        self.said += 1
        await self._phones.say(person, text)
