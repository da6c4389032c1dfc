"""Offers judged a second on one core."""

from benchmarks.judgement.page import Goal, Page, tell
from benchmarks.screening import Screening, measure_screening


def measure_speed() -> Screening:
    """Before anything else runs beside it."""
    tell("speed: judging 3 × 1,000 offers on one core")
    return measure_screening(texts=1_000, rounds=3)


def report_speed(page: Page, speed: Screening) -> None:
    page.section(
        "Speed of text judgement, one core, no database",
        "Only a quiet machine gives figures to publish: its load stands at the top.",
    )
    rows = [
        ("offers a second", f"{speed.per_second:,.0f}", page.hold("speed: offers a second", speed.per_second, Goal(1_000), f"{speed.per_second:,.0f}")),
        ("99th percentile, ms", f"{speed.p99:.2f}", page.hold("speed: p99", speed.p99, Goal(5, at_least=False, unit=" ms"), f"{speed.p99:.2f} ms")),
    ]  # fmt: skip
    page.table(("", "measured", "goal"), rows)
    page.say("\nLook-ups among 5,000,000 stored offers and handles: `make bench`.")
