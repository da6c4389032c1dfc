"""How pleas are heard: on the hold-out, against everyday messages of real people."""

from collections import Counter

import numpy as np

from benchmarks.judgement.figures import FALSE_ALARMS, auc, with_interval
from nlp.crisis import detect_crisis
from nlp.judgement import judge
from nlp.training.corpus import HOLD_OUTS, Example, read_folder
from nlp.training.real import draw, read_everyday
from nlp.training.teaching import PLEAS

_SAMPLE = 3_000


def print_pleas() -> None:
    for folder in HOLD_OUTS:
        _print_hold_out(folder, [example for example in read_folder(folder) if example.source == "crisis"])


def _print_hold_out(name: str, examples: list[Example]) -> None:
    truth = np.array([example.label in PLEAS for example in examples])
    heard = [judge(example.text).crisis for example in examples]
    score = np.array([crisis.score for crisis in heard])
    print(f"\nPleas, {name} by another author: {len(examples)} texts, {truth.sum()} pleas\n")
    print(f"AUC against hard look-alikes {with_interval(auc, truth, score)}")
    levels = Counter((e.label, c.level) for e, c in zip(examples, heard, strict=True))
    print(f"\n{'':<10}" + "".join(f"{name:>10}" for name in ("urgent", "concern", "none")))
    for label in ("urgent", "concern", "none"):
        print(
            f"{label:<10}" + "".join(f"{levels[label, name]:>10}" for name in ("urgent", "concern", "none"))
        )
    by_words = np.array([detect_crisis(example.text).level != "none" for example in examples])
    caught = np.array([crisis.level != "none" for crisis in heard])
    print(f"\n{'':<26}{'recall':>8}{'look-alikes':>13}")
    print(f"{'this judgement':<26}{caught[truth].mean():>8.3f}{caught[~truth].mean():>13.3f}")
    print(f"{'lexicon alone':<26}{by_words[truth].mean():>8.3f}{by_words[~truth].mean():>13.3f}")
    named = [
        bool(set(e.subtype.split(",")) & set(c.kinds))
        for e, c in zip(examples, heard, strict=True)
        if e.label in PLEAS and c.level != "none"
    ]
    print(f"of pleas heard, a right kind named {np.mean(named):.3f}")
    _print_everyday(score[truth])


def _print_everyday(pleas: np.ndarray) -> None:
    """False alarms on messages that no training drew; a few of them are pleas themselves."""
    texts = draw(read_everyday(), 2_000 + _SAMPLE, seed=1)[2_000:]
    if not texts:
        print("the everyday messages (../shared/data) are not here")
        return
    heard = [judge(text).crisis for text in texts]
    levels = Counter(crisis.level for crisis in heard)
    print(
        f"\neveryday messages, {len(texts)}: urgent {levels['urgent']}, concern {levels['concern']}"
        f" ({100 * (1 - levels['none'] / len(texts)):.1f} %)"
    )
    bar = np.quantile([crisis.score for crisis in heard], 1 - FALSE_ALARMS)
    print(f"recall of hold-out pleas at 3 % of everyday messages: {(pleas > bar).mean():.3f}")
