"""Of which kinds of crisis pleas are, and which were named."""

from collections import Counter
from collections.abc import Sequence

from benchmarks.judgement.page import Page
from nlp.judgement import Crisis
from nlp.training.teaching import KINDS

_UNHEARD = "unheard"
_SHORT = 8  # letters of a column's head


def print_kinds(page: Page, pleas: Sequence[tuple[list[str], Crisis]]) -> None:
    """Print each true kind with how many of its pleas were heard and named so, then which kinds were named of it."""
    rows = [_row(kind, pleas) for kind in KINDS]
    page.table(("kind", "pleas", "heard", "named", "named wrongly"), [row for row in rows if row[1] != "0"])
    heard = [(true, crisis.kinds) for true, crisis in pleas if crisis.level != "none"]
    right = sum(bool(set(true) & set(named)) for true, named in heard)
    page.say(f"\nOf {len(heard)} pleas heard a right kind was named for {right} ({100 * right / max(1, len(heard)):.0f} %)")  # fmt: skip
    page.say("\nKinds named (across) of pleas of a kind (down); a plea may be given several")
    _print_named(page, pleas)


def _row(kind: str, pleas: Sequence[tuple[list[str], Crisis]]) -> tuple[str, str, str, str, str]:
    of_kind = [crisis for true, crisis in pleas if kind in true]
    heard = [crisis for crisis in of_kind if crisis.level != "none"]
    named = sum(kind in crisis.kinds for crisis in heard)
    wrongly = sum(kind in crisis.kinds and kind not in true for true, crisis in pleas)
    return (
        kind,
        str(len(of_kind)),
        f"{100 * len(heard) / max(1, len(of_kind)):.0f} %",
        f"{100 * named / max(1, len(heard)):.0f} %",
        str(wrongly),
    )


def _print_named(page: Page, pleas: Sequence[tuple[list[str], Crisis]]) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    for true, crisis in pleas:
        named = crisis.kinds if crisis.level != "none" else (_UNHEARD,)
        counts.update((kind, name) for kind in true for name in named)
    columns = (*KINDS, _UNHEARD)
    rows = [(kind, *(str(counts[kind, name] or "·") for name in columns)) for kind in KINDS]
    page.table(("", *(name[:_SHORT] for name in columns)), rows)
