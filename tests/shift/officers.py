"""Officers at their browsers: each takes what waits, answers it, puts it back, closes it, and sometimes answers what is
a colleague's. What each did and what came of it is written down, to be held against the books."""

import asyncio
import random
import re
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from core.ids import new_id
from tests.app.conftest import Browser

_WAITING = re.compile(r'action="/console/referrals/([0-9a-f-]{36})/claim"')
_LINK = re.compile(r'href="/console/referrals/([0-9a-f-]{36})"')
_REFUSED = (403, 404, 409)
# A process without a free connection to the database says so; whoever works there tries again.
_BUSY = 503


@dataclass(slots=True)
class Diary:
    """What the officers of a shift were told by the console."""

    # Text of each answer that was taken → whose report, by whom.
    answers: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)
    claims: int = 0
    beaten: int = 0
    refused: int = 0
    closed: int = 0
    busy: int = 0
    # Anything that no page should answer.
    odd: list[str] = field(default_factory=list)


class Officer:
    """One member of staff, signed in; works until told to stop."""

    def __init__(self, browser: Browser, diary: Diary, seed: int, pause: float) -> None:
        self._browser = browser
        self._diary = diary
        self._random = random.Random(seed)
        self._pause = pause
        self._mine: list[UUID] = []
        # A closing that waits for a supervisor leaves the report with its holder.
        self._taken: set[UUID] = set()
        self._number = 0

    async def work(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.sleep(self._random.uniform(0.5, 1.5) * self._pause)
            act = self._random.random()
            if not self._mine or (act < 0.2 and len(self._mine) < 3):
                await self._take()
            elif act < 0.7:
                await self._answer(self._random.choice(self._mine))
            elif act < 0.8:
                await self._meddle()
            elif act < 0.88:
                await self._leave(self._mine.pop(), "release")
            else:
                await self._leave(self._mine.pop(), "close", outcome="advised", text="ขอบคุณที่ติดต่อมา")
        # Whoever had no time for it before does it once.
        await self._meddle()

    async def _take(self) -> None:
        """Everybody reaches for the first few, as people do."""
        page = await self._get("/console/referrals?view=waiting")
        waiting = list(dict.fromkeys(_WAITING.findall(page.text)))
        if not waiting:
            return
        chosen = UUID(self._random.choice(waiting[:4]))
        answer = await self._post(f"/console/referrals/{chosen}/claim")
        if answer.status_code == 303:
            self._diary.claims += 1
            self._mine.append(chosen)
            self._taken.add(chosen)
        elif answer.status_code == 409:
            self._diary.beaten += 1
        else:
            self._note("claim", answer)

    async def _answer(self, referral_id: UUID) -> None:
        await self._get(f"/console/referrals/{referral_id}")
        self._number += 1
        text = f"รับเรื่องแล้ว {self._browser.account_id.hex[-6:]}-{self._number}"
        answer = await self._post(f"/console/referrals/{referral_id}/answers", form_id=new_id(), text=text)
        if answer.status_code == 303:
            self._diary.answers[text] = (referral_id, self._browser.account_id)
        elif answer.status_code in _REFUSED:
            self._diary.refused += 1
            self._mine.remove(referral_id)
        else:
            self._note("answer", answer)

    async def _meddle(self) -> None:
        """Answer a report that is somebody else's; it must not go out."""
        page = await self._get("/console/referrals?view=held")
        others = [UUID(one) for one in _LINK.findall(page.text) if UUID(one) not in self._taken]
        if not others:
            return
        answer = await self._post(
            f"/console/referrals/{self._random.choice(others)}/answers", form_id=new_id(), text="แทรก"
        )
        if answer.status_code in _REFUSED:
            self._diary.refused += 1
        else:
            self._note("meddle", answer)

    async def _leave(self, referral_id: UUID, how: str, **fields: str) -> None:
        answer = await self._post(f"/console/referrals/{referral_id}/{how}", **fields)
        if answer.status_code == 303:
            self._diary.closed += how == "close"
        elif answer.status_code not in _REFUSED:
            self._note(how, answer)

    async def _get(self, path: str) -> httpx.Response:
        answer = await self._browser.get(path)
        if answer.status_code != 200:
            self._note(path.partition("?")[0].rpartition("/")[0], answer)
        return answer

    async def _post(self, path: str, **fields: object) -> httpx.Response:
        return await self._browser.post(path, **fields)

    def _note(self, what: str, answer: httpx.Response) -> None:
        if answer.status_code == _BUSY:
            self._diary.busy += 1
            return
        self._diary.odd.append(f"{what} answered {answer.status_code}")
