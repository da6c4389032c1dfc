"""`make eval`: how the judgement does on the development texts beside the project, per kind.

The texts are read where they lie and are for development only: these figures are "dev" figures, not an evaluation.
"""

import collections
import random
from pathlib import Path
from typing import Any

import orjson

from nlp.judgement import Judgement, judge

DATA = Path(__file__).parents[2] / "shared" / "data"
_FLAGGED = ("danger", "caution")
_SAMPLE = 3_000


def main() -> None:
    if not DATA.is_dir():
        print("the development texts (../shared/data) are not here; nothing to measure")
        return
    texts = [orjson.loads(line) for line in (DATA / "offers_dev.jsonl").read_bytes().splitlines()]
    judged = [(text, judge(text["text"])) for text in texts]
    version = judged[0][1]
    print(f"rules {version.rules}, model {version.model}; development texts, {len(judged)} lines\n")
    _print_bands(judged)
    _print_false_alarms(
        "government items", [i["title"] + "\n" + i["text"] for i in _read("government_items.jsonl")]
    )
    everyday = (DATA / "everyday_messages.txt").read_text("utf-8").splitlines()
    _print_false_alarms("everyday messages", everyday)


def _read(name: str) -> list[Any]:
    return [orjson.loads(line) for line in (DATA / name).read_bytes().splitlines()]


def _print_bands(judged: list[tuple[Any, Judgement]]) -> None:
    kinds = collections.defaultdict(list)
    for text, judgement in judged:
        kinds[text["kind"]].append(judgement)
    print(
        f"{'kind':<20}{'n':>5}{'danger':>8}{'caution':>9}{'unclear':>9}{'no offer':>10}{'concern':>9}{'urgent':>8}"
    )
    for kind, judgements in sorted(kinds.items()):
        bands = collections.Counter(j.band for j in judgements)
        levels = collections.Counter(j.crisis.level for j in judgements)
        print(
            f"{kind:<20}{len(judgements):>5}{bands['danger']:>8}{bands['caution']:>9}{bands['unclear']:>9}"
            f"{bands['not_an_offer']:>10}{levels['concern']:>9}{levels['urgent']:>8}"
        )


def _print_false_alarms(name: str, texts: list[str]) -> None:
    """Texts that are hardly ever offers or pleas: what is flagged here is mostly wrong, though not always."""
    sample = random.Random(2569).sample(texts, min(_SAMPLE, len(texts)))
    judged = [judge(text) for text in sample]
    flagged = sum(j.band in _FLAGGED for j in judged)
    levels = collections.Counter(j.crisis.level for j in judged)
    print(
        f"\n{name}: {len(judged)} sampled; flagged danger or caution {flagged}"
        f" ({100 * flagged / len(judged):.2f} %), crisis urgent {levels['urgent']}, concern {levels['concern']}"
    )


if __name__ == "__main__":
    main()
