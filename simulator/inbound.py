"""How webhooks misbehave on their way in."""

from __future__ import annotations

import asyncio
import random

import msgspec


class Inbound(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Settings of one platform.

    LINE redelivers `redeliveries` times what got no 2xx (0: off, as in LINE's console), Telegram until it gets
    one. `duplicates`: that many of the next webhooks arrive twice; `duplicate_probability` draws beside it.
    `reorder`: that many of the next webhooks are held back and then sent last first. `standby` (LINE): events say
    that another system answers. `lost`: that many of the next webhooks never arrive at all.
    """

    standby: bool = False
    redeliveries: int = 0
    retry_delay_s: float = 1.0
    duplicates: int = 0
    duplicate_probability: float = 0.0
    reorder: int = 0
    lost: int = 0
    seed: int = 0


class Mischief:
    """Applies the settings to one webhook after the other."""

    def __init__(self) -> None:
        self.settings = Inbound()
        self._random = random.Random(0)
        self._held: list[asyncio.Event] = []

    def set(self, settings: Inbound) -> None:
        self.settings = settings
        self._random = random.Random(settings.seed)

    def loses(self) -> bool:
        if self.settings.lost == 0:
            return False
        self.settings.lost -= 1
        return True

    def doubles(self) -> bool:
        if self.settings.duplicates > 0:
            self.settings.duplicates -= 1
            return True
        return self._random.random() < self.settings.duplicate_probability

    async def wait_for_turn(self) -> None:
        """Holds a webhook back until the others of its group are here, then lets them go last first."""
        if self.settings.reorder == 0:
            return
        turn = asyncio.Event()
        self._held.append(turn)
        if len(self._held) >= self.settings.reorder:
            self.settings.reorder = 0
            self.pass_turn()
        await turn.wait()

    def pass_turn(self) -> None:
        """Lets the webhook go that was held back last; called again after each post."""
        if self._held and self.settings.reorder == 0:
            self._held.pop().set()

    def release(self) -> None:
        for turn in self._held:
            turn.set()
        self._held.clear()
