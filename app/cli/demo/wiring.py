"""The environment of the demo's processes: our own simulator, made-up secrets, nothing of a real account."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"


def _made_up() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the demo's processes must agree on; made anew at every start."""

    port: int
    line_secret: str = field(default_factory=_made_up)
    line_token: str = field(default_factory=_made_up)
    telegram_secret: str = field(default_factory=_made_up)
    telegram_token: str = field(default_factory=lambda: f"123456789:{secrets.token_hex(17)}x")

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def simulator_arguments(self, simulator_port: int) -> list[str]:
        return [
            "--port", str(simulator_port),
            "--line-webhook", f"{self.address}/webhooks/line",
            "--line-secret", self.line_secret, "--line-token", self.line_token,
            "--telegram-webhook", f"{self.address}/webhooks/telegram",
            "--telegram-secret", self.telegram_secret, "--telegram-token", self.telegram_token,
        ]  # fmt: skip

    def own_settings(self) -> dict[str, str]:
        """Return the settings that hold before the simulator runs.

        Empty ones keep what `.env` says of a real database, real keys and real accounts out of the demo.
        """
        return {
            "ROOTAN_ENV": "demo",
            "ROOTAN_BASE_URL": self.address,
            "ROOTAN_DATABASE_URL": "",
            "ROOTAN_KEYS": "",
            "ROOTAN_KEYS_FILE": "",
            "ROOTAN_SMTP_URL": "",
            "ROOTAN_TRUSTED_PROXIES": "",
            "ROOTAN_LINE_CHANNEL_SECRET": self.line_secret,
            "ROOTAN_LINE_CHANNEL_ACCESS_TOKEN": self.line_token,
            "ROOTAN_TELEGRAM_BOT_TOKEN": self.telegram_token,
            "ROOTAN_TELEGRAM_WEBHOOK_SECRET": self.telegram_secret,
        }

    def environment(self, base: Mapping[str, str], simulator: str) -> dict[str, str]:
        """Return the environment of the web and worker processes; `simulator` is its address."""
        return {
            **base,
            **self.own_settings(),
            "ROOTAN_LINE_API_BASE": f"{simulator}/line",
            "ROOTAN_LINE_DATA_API_BASE": f"{simulator}/line-data",
            "ROOTAN_TELEGRAM_API_BASE": f"{simulator}/telegram",
            "ROOTAN_SIMULATOR_URL": simulator,
            "PYTHONUNBUFFERED": "1",
        }
