"""The few Thai words a platform itself puts on a phone."""

import tomllib
from importlib import resources

_TABLES = tomllib.loads(resources.files("bots.preview").joinpath("phrases.toml").read_text("utf-8"))


def notice(kind: str) -> str:
    """The lock-screen line of a message without words."""
    table: dict[str, str] = _TABLES["notice"]
    return table.get(kind, table["message"])


def label(kind: str) -> str:
    table: dict[str, str] = _TABLES["label"]
    return table.get(kind, kind)
