"""Texts and webhooks for load: offers of the usual length, authored here."""

import time
import tomllib
from pathlib import Path

from benchmarks.load import Requests
from benchmarks.processes import SECRET
from simulator.webhooks import line_text_body, sign_line

OFFERS: tuple[str, ...] = tuple(
    tomllib.loads(Path(__file__).with_name("offers.toml").read_text("utf-8"))["offers"]
)


def people(count: int, start: int = 0) -> list[str]:
    return [f"U{start + n:032x}" for n in range(1, count + 1)]


def webhooks(user_ids: list[str]) -> Requests:
    """One signed webhook a person, with a reply token that lives for a minute from now."""
    now = int(time.time() * 1000)
    bodies = [
        line_text_body(SECRET, user, OFFERS[n % len(OFFERS)], now + n) for n, user in enumerate(user_ids)
    ]
    return Requests(
        "/webhooks/line", "X-Line-Signature", bodies, [sign_line(SECRET, body) for body in bodies]
    )
