"""Scripted trouble: which call of which platform fails, how, how often."""

from __future__ import annotations

import random
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

Platform = Literal["line", "telegram"]
Kind = Literal[
    "rate_limited",
    "concurrency",
    "quota_exhausted",
    "conflict",
    "server_error",
    "server_error_after_effect",
    "timeout",
    "timeout_after_effect",
    "slow",
    "disconnect",
    "disconnect_after_effect",
    "retry_after",
    "blocked",
]
_LINE_ONLY = {"concurrency", "quota_exhausted", "conflict"}
_TELEGRAM_ONLY = {"retry_after"}


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One rule. `value` is milliseconds for `slow`, seconds for `retry_after`.

    `method` is LINE's last path part (`reply`, `push`, `info`, …) or Telegram's method, as a glob. `blocked` blocks
    the person for good. `count` is how often it strikes (None: always); `probability` draws from a generator seeded by `seed`.
    """

    platform: Platform
    method: str
    kind: Kind
    person: str | None = None
    count: int | None = None
    probability: float = 1.0
    value: float = 0.0
    seed: int = 0
    id: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        if self.platform == "telegram" and self.kind in _LINE_ONLY:
            raise ValueError(f"Telegram has no {self.kind}: use rate_limited, retry_after or server_error.")
        if self.platform == "line" and self.kind in _TELEGRAM_ONLY:
            raise ValueError("LINE sends no retry_after: use rate_limited.")
        if not 0 <= self.probability <= 1:
            raise ValueError("A probability lies between 0 and 1.")


class Faults:
    """The rules in force, oldest first."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._draws: dict[int, random.Random] = {}
        self._next_id = 1

    def add(self, fault: Fault) -> Fault:
        rule = msgspec.structs.replace(fault, id=self._next_id, struck=0)
        self._next_id += 1
        self._rules.append(rule)
        self._draws[rule.id] = random.Random(rule.seed)
        return rule

    def clear(self, fault_id: int | None = None) -> None:
        self._rules = [rule for rule in self._rules if fault_id is not None and rule.id != fault_id]

    def rules(self) -> list[Fault]:
        return list(self._rules)

    def take(self, platform: Platform, method: str, people: Iterable[str]) -> list[Fault]:
        """The rules that strike this call; each strike is counted."""
        if not self._rules:
            return []
        concerned = set(people)
        struck = [rule for rule in self._rules if self._strikes(rule, platform, method, concerned)]
        for rule in struck:
            rule.struck += 1
        return struck

    def _strikes(self, rule: Fault, platform: Platform, method: str, people: set[str]) -> bool:
        if rule.platform != platform or not fnmatchcase(method, rule.method):
            return False
        if rule.person is not None and rule.person not in people:
            return False
        if rule.count is not None and rule.struck >= rule.count:
            return False
        return rule.probability >= 1 or self._draws[rule.id].random() < rule.probability
