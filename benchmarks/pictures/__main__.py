"""`python -m benchmarks.pictures`: how well pictures of Thai offers are read, by style.

The offers are authored, the pictures drawn by script. The held-out half has texts and typefaces that reading was not
developed on; figures to publish are taken from it.
"""

import argparse
import statistics

from benchmarks.pictures import typefaces
from benchmarks.pictures.measuring import SECONDS, STYLES, Measured, Style, measure
from benchmarks.pictures.texts import Half


def report(half: Half, count: int) -> bool:
    """Print the table; tell whether every goal was met."""
    print(
        f"pictures, {half.replace('_', ' ')} texts and typefaces, {count} a style; character error rates in %"
    )
    print(
        f"{'style':<16}{'median':>8}{'mean':>7}{'quartiles':>14}{'worst':>7}{'unspaced':>10}{'goal':>6}{'s':>7}{'s worst':>9}"
    )
    met, seconds = True, []
    for style in STYLES:
        measured = measure(style, half, count)
        seconds += measured.seconds
        met &= style.goal is None or statistics.median(measured.errors) <= style.goal
        print(_row(style, measured), flush=True)
    p95 = sorted(seconds)[int(len(seconds) * 0.95)]
    print(f"seconds a picture: median {statistics.median(seconds):.2f}, p95 {p95:.2f} (goal ≤ {SECONDS:.0f})")
    return met and p95 <= SECONDS


def _row(style: Style, measured: Measured) -> str:
    errors = [100 * error for error in measured.errors]
    low, _, high = statistics.quantiles(errors, n=4)
    goal = "–" if style.goal is None else f"{100 * style.goal:.0f}"
    return (
        f"{style.name:<16}{statistics.median(errors):>8.1f}{statistics.mean(errors):>7.1f}"
        f"{f'{low:.1f} to {high:.1f}':>14}{max(errors):>7.1f}"
        f"{100 * statistics.median(measured.errors_unspaced):>10.1f}{goal:>6}"
        f"{statistics.median(measured.seconds):>7.2f}{max(measured.seconds):>9.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Read drawn pictures of Thai offers and count wrong characters."
    )
    parser.add_argument("--half", choices=("held_out", "development"), default="held_out")
    parser.add_argument("--count", type=int, default=12, help="pictures of each style")
    chosen = parser.parse_args()
    if not typefaces.are_installed():
        print("the typefaces are not here (run `make setup`); pictures are not measured")
        return
    if not report(chosen.half, max(2, chosen.count)):
        print("a goal was missed")


if __name__ == "__main__":
    main()
