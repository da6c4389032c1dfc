"""Identifiers in the true form of each platform, from one seeded source."""

from __future__ import annotations

import itertools
import random
import re
import time

LINE_USER = re.compile(r"U[0-9a-f]{32}")
LINE_CHAT = re.compile(r"[UCR][0-9a-f]{32}")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Ids:
    def __init__(self, seed: int | None) -> None:
        """Without a seed, numbers that count up start from the clock, so that no two runs share one."""
        self._random = random.Random(seed)
        since_2025 = 0 if seed is not None else int(time.time()) - 1_735_689_600
        self._line_messages = itertools.count(600_000_000_000_000_000 + since_2025 * 100_000_000)
        self._telegram_people = itertools.count(5_100_000_000 + self._random.getrandbits(24))
        self._telegram_updates = itertools.count(1_000_000 + since_2025 * 10)
        self.first_telegram_message = 1 + since_2025

    def hexadecimal(self, digits: int) -> str:
        return f"{self._random.getrandbits(digits * 4):0{digits}x}"

    def uuid(self) -> str:
        bits = self.hexadecimal(32)
        return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-a{bits[17:20]}-{bits[20:]}"

    def ulid(self, at_ms: int) -> str:
        """26 letters: 48 bits of time, 80 of chance, as `webhookEventId` has them."""
        value = (at_ms << 80) | self._random.getrandbits(80)
        return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))

    def line_user(self) -> str:
        return "U" + self.hexadecimal(32)

    def line_group(self) -> str:
        return "C" + self.hexadecimal(32)

    def line_message(self) -> str:
        return str(next(self._line_messages))

    def telegram_person(self) -> int:
        return next(self._telegram_people)

    def telegram_group(self, *, supergroup: bool) -> int:
        number = self._random.randrange(1_000_000_000, 4_000_000_000)
        return -1_000_000_000_000 - number if supergroup else -number

    def telegram_update(self) -> int:
        return next(self._telegram_updates)
