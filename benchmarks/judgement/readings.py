"""How well pictures of offers are read: wrong characters by style, drawn by script, with what reading was not made on."""

import numpy as np

from benchmarks.judgement.figures import median
from benchmarks.judgement.page import Goal, Page, tell
from benchmarks.pictures import typefaces
from benchmarks.pictures.measuring import SECONDS, STYLES, Measured, measure


def read_styles(count: int) -> dict[str, Measured]:
    """Read `count` pictures of each style; empty where the typefaces are absent. Runs in a process of its own."""
    if not typefaces.are_installed():
        return {}
    read = {}
    for number, style in enumerate(STYLES, start=1):
        tell(f"pictures: style {number} of {len(STYLES)}, {style.name}")
        read[style.name] = measure(style, "held_out", count)
    return read


def report_pictures(page: Page, read: dict[str, Measured]) -> None:
    page.section(
        "Pictures: character error rate by style, in %",
        "Authored offers that reading was not made on, drawn in typefaces that it was not made on, then read with Tesseract and what "
        "stands around it: how many letters must be put in, taken out or changed, for each letter that stands there.",
    )
    if not read:
        page.say("The typefaces are not here (run `make setup`): not measured.")
        return
    rows, seconds = [], []
    for style in STYLES:
        measured = read[style.name]
        seconds += measured.seconds
        rows.append(_row(page, style.name, measured, style.goal))
    page.table(("style", "pictures", "median", "mean", "worst", "without spaces", "s", "goal"), rows)
    p95 = float(np.quantile(seconds, 0.95))
    held = page.hold("seconds a picture, p95", p95, Goal(SECONDS, at_least=False, unit=" s"), f"{p95:.1f} s")
    page.say(
        f"\nSeconds a picture, beside other work: median {np.median(seconds):.1f}, p95 {p95:.1f} ({held})"
    )


def _row(page: Page, name: str, measured: Measured, goal: float | None) -> tuple[str, ...]:
    figure = median(np.array(measured.errors))
    shown = f"{100 * figure.value:.1f} ({100 * figure.low:.1f}–{100 * figure.high:.1f})"
    held = "" if goal is None else page.hold(f"pictures, {name}: median error", figure, Goal(goal, at_least=False, unit="%"), f"{shown} %")  # fmt: skip
    return (
        name,
        str(len(measured.errors)),
        shown,
        f"{100 * np.mean(measured.errors):.1f}",
        f"{100 * max(measured.errors):.1f}",
        f"{100 * np.median(measured.errors_unspaced):.1f}",
        f"{np.median(measured.seconds):.2f}",
        held,
    )
