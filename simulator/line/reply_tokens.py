"""Reply tokens: used once, within a minute of (re)delivery, twenty minutes in all.

Source: LINE reference, "Send reply message" → "Reply token".
"""

from __future__ import annotations

import msgspec

from simulator.line.offline_tokens import read_offline_token
from simulator.world import World

LIFE_S = 60.0
LIFE_IN_ALL_S = 20 * 60.0
_SWEEP_ABOVE = 50_000


class ReplyToken(msgspec.Struct, kw_only=True):
    chat: str
    issued_at: float
    delivered_at: float
    used: bool = False


class ReplyTokens:
    def __init__(self, world: World) -> None:
        self._world = world
        self._tokens: dict[str, ReplyToken] = {}

    def issue(self, chat: str) -> str:
        token = self._world.ids.hexadecimal(32)
        now = self._world.clock.now()
        self._keep(token, ReplyToken(chat=chat, issued_at=now, delivered_at=now))
        return token

    def redeliver(self, token: str) -> None:
        """A redelivered webhook gives an unused token a new minute."""
        found = self._tokens.get(token)
        if found is not None:
            found.delivered_at = self._world.clock.now()

    def chat_of(self, token: str) -> str | None:
        found = self._find(token)
        return found.chat if found else None

    def use(self, token: str) -> str | None:
        """The chat the token answers, and the token is spent; None when it is unknown, spent or expired."""
        found = self._find(token)
        now = self._world.clock.now()
        if found is None or found.used:
            return None
        if now - found.delivered_at > LIFE_S or now - found.issued_at > LIFE_IN_ALL_S:
            return None
        found.used = True
        return found.chat

    def clear(self) -> None:
        self._tokens.clear()

    def _find(self, token: str) -> ReplyToken | None:
        found = self._tokens.get(token)
        if found is None:
            offline = read_offline_token(self._world.options.line_secret, token)
            if offline is not None:
                found = ReplyToken(chat=offline[0], issued_at=offline[1], delivered_at=offline[1])
                self._keep(token, found)
        return found

    def _keep(self, token: str, fresh: ReplyToken) -> None:
        self._tokens[token] = fresh
        if len(self._tokens) % _SWEEP_ABOVE == 0:
            oldest = self._world.clock.now() - LIFE_IN_ALL_S
            self._tokens = {name: kept for name, kept in self._tokens.items() if kept.issued_at >= oldest}
