"""`python -m benchmarks.attacks`: the share of caught offers that are still caught when disguised.

Takes the deceptive offers of the authored hold-out that are judged danger or caution as they stand, and disguises each by
every attack alone, and by pairs in turn.
"""

import argparse
import collections
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nlp.judgement import judge
from tests.nlp.attacks import Disguise, paired_disguises, single_disguises

HOLDOUT = Path(__file__).parents[1] / "nlp" / "training" / "texts" / "holdout" / "offers.txt"
_CAUGHT = frozenset({"danger", "caution"})
_GOAL = 0.98
_WORST = 12  # pairs printed


class Kept(NamedTuple):
    """Of how many disguised texts how many were still caught."""

    caught: int
    tried: int

    @property
    def share(self) -> float:
        return self.caught / self.tried if self.tried else 0.0


def read_deceptive(path: Path) -> Iterator[str]:
    """The texts of the blocks whose header says `@@ deceptive …`."""
    for block in path.read_text("utf-8").split("@@ ")[1:]:
        header, _, text = block.partition("\n")
        if header.split()[:1] == ["deceptive"]:
            yield text.strip()


def is_caught(text: str) -> bool:
    return judge(text).band in _CAUGHT


def keep_caught(texts: list[str], disguises: list[Disguise], each: int) -> dict[str, Kept]:
    """Disguise → how it fared on `each` texts, taken in turn so that every text meets as many disguises."""
    turn = itertools.cycle(enumerate(texts))
    fared = {}
    for disguise in disguises:
        sample = list(itertools.islice(turn, min(each, len(texts))))
        caught = sum(is_caught(disguise.apply(text, seed)) for seed, text in sample)
        fared[disguise.name] = Kept(caught, len(sample))
    return fared


def _total(fared: dict[str, Kept]) -> Kept:
    return Kept(sum(kept.caught for kept in fared.values()), sum(kept.tried for kept in fared.values()))


def _print(title: str, fared: dict[str, Kept], most: int) -> None:
    total = _total(fared)
    mark = "met   " if total.share >= _GOAL else "MISSED"
    print(f"\n{mark} {title}: {total.share:.4f} of {total.tried:,} still caught (goal {_GOAL})")
    for name, kept in sorted(fared.items(), key=lambda item: item[1].share)[:most]:
        print(f"    {kept.share:.3f}  {name}")
    steps: dict[str, list[Kept]] = collections.defaultdict(list)
    for name, kept in fared.items():
        for step in name.split(" + "):
            steps[step].append(kept)
    if len(steps) < len(fared):
        print("  by attack:")
        for step, parts in sorted(steps.items(), key=lambda item: sum(kept.caught for kept in item[1])):
            share = sum(kept.caught for kept in parts) / sum(kept.tried for kept in parts)
            print(f"    {share:.3f}  {step}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Share of caught offers still caught when disguised.")
    parser.add_argument("files", nargs="*", type=Path, default=[HOLDOUT], help="texts with `@@` headers")
    parser.add_argument("--each", type=int, default=60, help="texts a pair is tried on")
    chosen = parser.parse_args()
    absent = [path.name for path in chosen.files if not path.is_file()]
    if absent:
        raise SystemExit(f"nothing to measure: {', '.join(absent)} is not here")
    texts = [text for path in chosen.files for text in read_deceptive(path)]
    caught = [text for text in texts if is_caught(text)]
    print(f"{len(texts)} deceptive offers, {len(caught)} caught as they stand")
    if caught:
        _print("alone", keep_caught(caught, single_disguises(), len(caught)), 20)
        _print("in pairs", keep_caught(caught, paired_disguises(), chosen.each), _WORST)


if __name__ == "__main__":
    main()
