"""How often the intent of a message is recognised, on the hold-out of messages."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from benchmarks.judgement import baselines
from benchmarks.judgement.comparing import OURS
from benchmarks.judgement.figures import share
from benchmarks.judgement.groups import print_confusion
from benchmarks.judgement.page import Page, tell
from nlp.intents import recognise_intent
from nlp.training.corpus import HOLD_OUTS, Example, read_folder


def report_wishes(page: Page) -> None:
    for folder in HOLD_OUTS:
        examples = [example for example in read_folder(folder) if example.source == "intents"]
        if examples:
            _report_hold_out(page, folder, examples)


def _report_hold_out(page: Page, name: str, examples: list[Example]) -> None:
    tell(f"intents: recognising {len(examples)} messages of {name}")
    labels = sorted({example.label for example in examples})
    page.section(
        f"Intents, hold-out “{name}”: {len(examples)} messages of {len(labels)} intents",
        "What a message to the service wants, by the first intent named.",
    )
    found = [recognise_intent(example.text) for example in examples]
    ways = {
        OURS: found,
        "TF-IDF, same texts": _by_letters([example.text for example in examples]),
        "keyword list": [baselines.wish_by_words(example.text) for example in examples],
    }
    rows = [(way, str(_share_right(examples, answers))) for way, answers in ways.items()]
    page.table(("", "right"), rows)
    _print_each(page, examples, found, labels)
    pairs = [(example.label, answer) for example, answer in zip(examples, found, strict=True)]
    print_confusion(page, "Answers (across) to messages of an intent (down)", pairs, labels)
    if page.texts:
        for example, answer in zip(examples, found, strict=True):
            if answer != example.label:
                page.say(
                    f"\n[{example.label} taken for {answer}] {example.source}:{example.place}\n{example.text}"
                )


def _by_letters(texts: Sequence[str]) -> Sequence[str]:
    taught = read_folder("intents")
    vectors = baselines.count_letters()
    fitted = baselines.regress_many().fit(
        vectors.fit_transform([example.text for example in taught]), [example.label for example in taught]
    )
    return [str(label) for label in fitted.predict(vectors.transform(texts))]


def _share_right(examples: Sequence[Example], answers: Sequence[str]) -> object:
    right = np.array([e.label == a for e, a in zip(examples, answers, strict=True)], dtype=np.float64)
    return share(right, np.ones(len(right)))


def _print_each(page: Page, examples: Sequence[Example], found: Sequence[str], labels: Sequence[str]) -> None:
    wanted, given = Counter(e.label for e in examples), Counter(found)
    hit = Counter(e.label for e, answer in zip(examples, found, strict=True) if answer == e.label)
    rows = []
    for label in labels:
        recall, precision = hit[label] / wanted[label], hit[label] / max(1, given[label])
        f1 = 2 * hit[label] / (wanted[label] + given[label])
        rows.append((label, str(wanted[label]), f"{precision:.2f}", f"{recall:.2f}", f"{f1:.2f}"))
    page.table(("intent", "messages", "precision", "recall", "F1"), rows)
