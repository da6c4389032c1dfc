"""Several ways to judge the same texts, measure by measure beside each other."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from benchmarks.judgement import figures
from benchmarks.judgement.figures import Counting, Flags, Floats, difference, with_interval
from benchmarks.judgement.page import Goal, Page

OURS = "this judgement"
_NONE = "–"


class Method(NamedTuple):
    """A way to judge: scores, what it flags, and whether a score is a probability."""

    name: str
    score: Floats
    flagged: Flags
    likely: bool = True


class Measure(NamedTuple):
    name: str
    counting: Counting
    of: Literal["score", "flagged", "likely"]
    goal: Goal | None = None


TOLD_APART = (
    Measure("AUC", figures.auc, "score"),
    Measure("recall at 3 % false alarms", figures.recall_at_false_alarms, "score"),
)
AS_FLAGGED = (
    Measure("precision of what is flagged", figures.precision, "flagged"),
    Measure("recall of what is flagged", figures.recall, "flagged"),
    Measure("F1", figures.f1, "flagged"),
    Measure("flagged for nothing", figures.alarms, "flagged"),
)
CALIBRATED = (Measure("Brier", figures.brier, "likely"),)


def compare(
    page: Page,
    about: str,
    truth: Flags,
    methods: Sequence[Method],
    measures: Sequence[Measure],
) -> None:
    """Print a row a measure; a goal is held against the first method."""
    rows = []
    for measure in measures:
        found = [_figure(measure, truth, method) for method in methods]
        ours = found[0]
        held = "" if measure.goal is None or ours is None else page.hold(f"{about}: {measure.name}", ours, measure.goal)  # fmt: skip
        rows.append((measure.name, *(_NONE if one is None else str(one) for one in found), held))
    goal = "goal" if any(measure.goal for measure in measures) else ""
    page.table(("", *(method.name for method in methods), goal), rows)


def print_difference(page: Page, truth: Flags, ours: Method, other: Method) -> None:
    apart = difference(figures.auc, truth, ours.score, other.score)
    sure = "" if apart.low > 0 or apart.high < 0 else ": no difference that these texts could show"
    page.say(
        f"\nAUC of {ours.name} less {other.name}: {apart.value:+.3f} ({apart.low:+.3f} to {apart.high:+.3f}){sure}"
    )


def print_calibration(page: Page, truth: Flags, score: Floats) -> None:
    always = figures.brier(truth, np.full(len(truth), truth.mean()))
    page.say(
        f"\nCalibration of {OURS} (Brier {figures.brier(truth, score):.3f}; always saying {truth.mean():.2f} has {always:.3f})"
    )
    rows = [
        (f"{mean:.2f}", f"{true:.2f}", str(number))
        for mean, true, number in figures.calibration(truth, score)
    ]
    page.table(("mean score", "truly positive", "texts"), rows)


def _figure(measure: Measure, truth: Flags, method: Method) -> figures.Figure | None:
    if measure.of == "likely" and not method.likely:
        return None
    values = method.flagged.astype(np.float64) if measure.of == "flagged" else method.score
    return with_interval(measure.counting, truth, values)
