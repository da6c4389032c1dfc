"""How offers are judged: on the hold-out that no training saw, and on the real development texts, nested."""

from collections import Counter

import numpy as np

from benchmarks.judgement.baselines import count_keywords, score_by_letters
from benchmarks.judgement.figures import (
    Flags,
    Floats,
    auc,
    brier,
    calibration,
    precision_recall,
    recall_at_false_alarms,
    with_interval,
)
from nlp.classifier import score_offer
from nlp.judgement import Judgement, judge
from nlp.training.blending import FOLDS
from nlp.training.corpus import HOLD_OUTS, Example, read_folder
from nlp.training.features import rule_features
from nlp.training.fit import Column, count_pieces, fit_model, join, weigh_all
from nlp.training.real import mask_leaks, read_development
from nlp.training.teaching import REAL_OFFER

FLAGGED = ("danger", "caution")


def print_offers() -> None:
    for folder in HOLD_OUTS:
        _print_hold_out(folder, [example for example in read_folder(folder) if example.source == "offers"])
    development = read_development()
    if development:
        _print_development(development)


def _print_hold_out(name: str, examples: list[Example]) -> None:
    truth = _deceptive(examples)
    judged = [judge(example.text) for example in examples]
    score = np.array([judgement.score for judgement in judged])
    print(f"\nOffers, {name} by another author: {len(examples)} texts, {truth.sum()} deceptive\n")
    print(f"{'':<40}{'AUC':>22}{'recall at 3 % alarms':>24}{'Brier':>8}")
    _print_row("this judgement", truth, score)
    texts = [example.text for example in examples]
    _print_row("keyword list", truth, count_keywords(texts))
    taught = read_folder("offers")
    _print_row(
        "TF-IDF + regression, authored texts",
        truth,
        score_by_letters([e.text for e in taught], _deceptive(taught), texts),
    )
    development = read_development()
    if development:
        _print_row(
            "TF-IDF + regression, 199 real texts",
            truth,
            score_by_letters([e.text for e in development], _deceptive(development), texts),
        )
    _print_bands(examples, judged)
    _print_flagged(examples, judged, truth)
    print("\ncalibration: mean score → share deceptive (number)")
    print(
        "  " + ",  ".join(f"{mean:.2f} → {share:.2f} ({n})" for mean, share, n in calibration(truth, score))
    )


def _print_development(examples: list[Example]) -> None:
    """Each fifth judged by a model taught on the authored texts and the other four fifths."""
    truth = _deceptive(examples)
    authored = read_folder("offers")
    rules = rule_features([example.text for example in examples])
    print(f"\nReal development texts, {FOLDS}-fold: {len(examples)} texts, {truth.sum()} deceptive\n")
    counted = count_pieces([example.text for example in authored])
    asked = count_pieces([example.text for example in examples])
    folds = np.random.default_rng(1).integers(0, FOLDS, len(examples))
    for name, seen in (
        ("leaks masked where taught", [mask_leaks(e) for e in examples]),
        ("as they stand", examples),
    ):
        of_real = count_pieces([example.text for example in seen])
        odds = np.zeros(len(examples))
        for fold in range(FOLDS):
            rest = folds != fold
            target = np.concatenate((_deceptive(authored), truth[rest]))
            weight = np.repeat([1.0, REAL_OFFER], [len(authored), int(rest.sum())])
            model = fit_model(join(counted, of_real.rows(rest)), [Column("deceptive", target, weight)])
            odds[~rest] = weigh_all(model, asked.rows(~rest))[:, 0]
        score = np.array(
            [
                score_offer(wording, row[0], offer=bool(row[1]), signs=bool(row[2]))
                for wording, row in zip(odds, rules, strict=True)
            ]
        )
        _print_row(name, truth, score)


def _print_row(name: str, truth: Flags, score: Floats) -> None:
    likely = f"{brier(truth, score):>8.3f}" if score.max() <= 1 else f"{'–':>8}"
    print(
        f"{name:<40}{with_interval(auc, truth, score)!s:>22}"
        f"{with_interval(recall_at_false_alarms, truth, score)!s:>24}{likely}"
    )


def _print_bands(examples: list[Example], judged: list[Judgement]) -> None:
    bands: Counter[tuple[str, str]] = Counter(
        (e.label, j.band) for e, j in zip(examples, judged, strict=True)
    )
    names = ("danger", "caution", "unclear", "not_an_offer")
    print(f"\n{'':<14}" + "".join(f"{name:>14}" for name in names))
    for label in ("deceptive", "genuine", "other"):
        print(f"{label:<14}" + "".join(f"{bands[label, name]:>14}" for name in names))


def _print_flagged(examples: list[Example], judged: list[Judgement], truth: Flags) -> None:
    flagged = np.array([judgement.band in FLAGGED for judgement in judged])
    precision, recall, f1 = precision_recall(truth, flagged)
    print(f"\ndanger or caution: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f};", end=" ")
    print(f"genuine and other flagged {100 * flagged[~truth].mean():.1f} %")
    missed = Counter(
        e.subtype for e, hit, bad in zip(examples, flagged, truth, strict=True) if bad and not hit
    )
    wrong = Counter(
        e.subtype for e, hit, bad in zip(examples, flagged, truth, strict=True) if hit and not bad
    )
    print("missed: " + ", ".join(f"{kind} {n}" for kind, n in missed.most_common()))
    print("flagged for nothing: " + ", ".join(f"{kind} {n}" for kind, n in wrong.most_common()))


def _deceptive(examples: list[Example]) -> Flags:
    return np.array([example.label == "deceptive" for example in examples])
