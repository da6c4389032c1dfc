"""What a simulator is started with."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Options(msgspec.Struct, kw_only=True, frozen=True):
    """Addresses are absolute; an empty webhook address means: no webhook is sent.

    With a `seed` all ids repeat from run to run; without one they never do, so that a service that kept its
    database takes nothing for a repetition.
    """

    line_webhook: str = ""
    line_secret: str = "line-channel-secret"  # noqa: S105  made-up values of a simulator
    line_token: str = "line-channel-access-token"  # noqa: S105
    line_quota: int | None = None
    telegram_webhook: str = ""
    telegram_secret: str = "telegram-webhook-secret"  # noqa: S105
    telegram_token: str = "123456789:simulated-bot-token-of-thirty-five"  # noqa: S105
    telegram_group_privacy: bool = False
    bot_name: str = "รู้ทัน"
    bot_username: str = "rootan_bot"
    record_file: Path | None = None
    seed: int | None = None
    line_timeout_s: float = 2.0
    telegram_timeout_s: float = 30.0
    keep_rows: int = 500_000
    keep_exchanges: int = 500
    keep_items: int = 500
