"""The demo's environment holds nothing of a real account."""

from app.cli.demo.wiring import Wiring
from core.settings import Settings

REAL = {
    "ROOTAN_DATABASE_URL": "postgresql://db.example/real",
    "ROOTAN_KEYS_FILE": "/run/secrets/real",
    "ROOTAN_LINE_CHANNEL_SECRET": "real-secret",
    "ROOTAN_LINE_CHANNEL_ACCESS_TOKEN": "real-token",
    "ROOTAN_LINE_API_BASE": "https://line.example",
    "ROOTAN_TELEGRAM_BOT_TOKEN": "real-bot",
    "ROOTAN_SMTP_URL": "smtp://real.example",
    "PATH": "/bin",
}


def test_it_replaces_every_real_setting() -> None:
    environment = Wiring(8000).environment(REAL, "http://127.0.0.1:9")
    assert [name for name, value in environment.items() if "real" in value] == []
    assert environment["PATH"] == "/bin"


def test_it_names_settings_that_exist() -> None:
    known = {f"ROOTAN_{name.upper()}" for name in Settings.model_fields}
    given = {
        name for name in Wiring(8000).environment({}, "http://127.0.0.1:9") if name.startswith("ROOTAN_")
    }
    assert given <= known


def test_it_makes_up_secrets_anew() -> None:
    assert Wiring(8000) != Wiring(8000)
