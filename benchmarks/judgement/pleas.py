"""How pleas for help are heard: on the hold-outs, against hard look-alikes and against everyday messages."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.judgement import baselines, figures
from benchmarks.judgement.comparing import (
    AS_FLAGGED,
    CALIBRATED,
    OURS,
    TOLD_APART,
    Measure,
    Method,
    compare,
    print_calibration,
)
from benchmarks.judgement.everyday import everyday_unseen
from benchmarks.judgement.figures import FALSE_ALARMS, Flags
from benchmarks.judgement.groups import Judged, families, pair, print_confusion, print_groups, print_texts
from benchmarks.judgement.kinds import print_kinds
from benchmarks.judgement.page import Goal, Page, tell
from nlp.crisis import detect_crisis
from nlp.judgement import Crisis, judge
from nlp.training.corpus import HOLD_OUTS, Example, read_folder
from nlp.training.teaching import PLEAS

LEVELS = ("urgent", "concern", "none")
_LIKELY = 0.5
_FEWEST = 4  # look-alikes of a kind that stands in a row of its own
_AGAINST_EVERYDAY = (
    Measure("AUC", figures.auc, "score"),
    Measure("recall at 3 % false alarms", figures.recall_at_false_alarms, "score"),
    Measure("recall", figures.recall, "flagged", Goal(0.97)),
    Measure("false alarms", figures.alarms, "flagged", Goal(FALSE_ALARMS, at_least=False)),
)


class Heard(NamedTuple):
    example: Example
    crisis: Crisis


def report_pleas(page: Page) -> None:
    everyday = everyday_unseen()
    tell(f"crisis: judging {len(everyday):,} everyday messages")
    quiet = _methods(everyday, [judge(text).crisis for text in everyday]) if everyday else []
    together = [heard for folder in HOLD_OUTS for heard in _report_hold_out(page, folder, quiet)]
    page.section(
        f"Pleas of all hold-outs by kind, form and look-alike: {len(together)} texts",
        "Caught and flagged mean concern or urgent. A plea of two kinds counts in both rows.",
    )
    print_kinds(page, [(h.example.subtype.split(","), h.crisis) for h in together if _is_plea(h.example)])
    judged = _pair([h.example for h in together], [h.crisis for h in together])
    look_alikes = [one for one in judged if not one.positive]
    pleas = [one for one in judged if one.positive]
    words = ("pleas", "look-alikes")
    print_groups(page, "who writes", pleas, lambda one: one.example.form, words)
    alike = families([one.example.subtype for one in look_alikes], _FEWEST)
    print_groups(page, "look-alike", look_alikes, lambda one: alike[one.example.subtype], words)
    print_texts(page, judged)


def _report_hold_out(page: Page, name: str, quiet: Sequence[Method]) -> list[Heard]:
    examples = [example for example in read_folder(name) if example.source == "crisis"]
    tell(f"crisis: judging {len(examples)} texts of {name}")
    truth = np.array([_is_plea(example) for example in examples])
    heard = [judge(example.text).crisis for example in examples]
    page.section(
        f"Pleas, hold-out “{name}”: {len(examples)} texts, {truth.sum()} of them pleas",
        "Everyday and roundabout pleas, for oneself or another, beside look-alikes: idioms, jokes, fiction, news, past troubles. "
        f"Flagged: {OURS} says concern or urgent; one word of the list; TF-IDF says {_LIKELY} or more.",
    )
    methods = _methods([example.text for example in examples], heard)
    compare(page, f"pleas, {name}", truth, methods, (*TOLD_APART, *AS_FLAGGED, *CALIBRATED))
    if quiet:
        number = len(quiet[0].score)
        page.say(
            f"\nThe same pleas against {number:,} everyday messages of real people (a few are pleas themselves)"
        )
        _against_everyday(page, name, [(m, q) for m, q in zip(methods, quiet, strict=True)], truth)
    pairs = [(example.label, crisis.level) for example, crisis in zip(examples, heard, strict=True)]
    print_confusion(page, "Levels given (across) to texts of a level (down)", pairs, LEVELS)
    print_calibration(page, truth, methods[0].score)
    return [Heard(example, crisis) for example, crisis in zip(examples, heard, strict=True)]


def _against_everyday(page: Page, name: str, both: Sequence[tuple[Method, Method]], truth: Flags) -> None:
    methods = [
        Method(
            plea.name,
            np.concatenate((plea.score[truth], quiet.score)),
            np.concatenate((plea.flagged[truth], quiet.flagged)),
            plea.likely,
        )
        for plea, quiet in both
    ]
    target = np.arange(len(methods[0].score)) < truth.sum()
    compare(page, f"pleas, {name}, everyday", target, methods, _AGAINST_EVERYDAY)


def _methods(texts: Sequence[str], heard: Sequence[Crisis]) -> list[Method]:
    letters = baselines.pleas_by_letters()(texts)
    counted = baselines.count_words(baselines.CRISIS_WORDS, texts)
    lexicon = [detect_crisis(text) for text in texts]
    return [
        Method(OURS, np.array([c.score for c in heard]), _flags(heard)),
        Method("TF-IDF, same texts", letters, letters >= _LIKELY),
        Method("our lexicon alone", np.array([c.score for c in lexicon]), _flags(lexicon), likely=False),
        Method("keyword list", counted, counted > 0, likely=False),
    ]


def _flags(heard: Sequence[Crisis]) -> Flags:
    return np.array([crisis.level != "none" for crisis in heard])


def _is_plea(example: Example) -> bool:
    return example.label in PLEAS


def _pair(examples: Sequence[Example], heard: Sequence[Crisis]) -> list[Judged]:
    return pair(examples, np.array([_is_plea(example) for example in examples]), _flags(heard))
