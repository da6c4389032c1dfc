"""`make eval`: how well texts and pictures are judged, in one report."""

import argparse
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from benchmarks.judgement.disguises import report_disguises
from benchmarks.judgement.fifths import score_unseen
from benchmarks.judgement.figures import RESAMPLES
from benchmarks.judgement.offers import report_offers
from benchmarks.judgement.page import Page, tell
from benchmarks.judgement.pleas import report_pleas
from benchmarks.judgement.readings import read_styles, report_pictures
from benchmarks.judgement.speed import measure_speed, report_speed
from benchmarks.judgement.unseen import report_unseen
from benchmarks.judgement.wishes import report_wishes
from nlp.classifier import MODEL, RULES
from nlp.training.real import DATA

PARTS = {
    "offers": "offers of the hold-outs against the baselines, bands, forms, subtypes",
    "crisis": "pleas of the hold-outs against look-alikes and everyday messages, kinds",
    "intents": "what messages to the service want",
    "attacks": "caught offers disguised by twenty attacks, alone and in pairs",
    "unseen": "offers taught, each by models that had not seen it; real development texts, nested",
    "pictures": "character error rate by style of picture",
    "speed": "offers a second on one core",
}


def read_arguments() -> argparse.Namespace:
    listed = "\n".join(f"  {name:<10}{about}" for name, about in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.judgement",
        description="Measure the judgement and print a report; without a part all of them, in about five minutes on two"
        f" cores.\nHow far it is stands on standard error.\n\nparts:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="part", help="only these parts, as: offers crisis")
    parser.add_argument(
        "--texts",
        action="store_true",
        help="print the texts judged wrongly; whoever builds the models must not read those of the hold-outs",
    )
    parser.add_argument("--pictures", type=int, default=12, metavar="N", help="pictures of each style (12)")
    parser.add_argument(
        "--pairs", type=int, default=40, metavar="N", help="offers each pair of attacks is tried on (40)"
    )
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.parts) - set(PARTS))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    chosen.parts = [name for name in PARTS if name in chosen.parts] or list(PARTS)
    return chosen


def main() -> None:
    chosen = read_arguments()
    page = Page(texts=chosen.texts)
    _print_head(page)
    # Before anything runs beside it.
    speed = measure_speed() if "speed" in chosen.parts else None
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as apart:
        # What takes longest, beside the rest.
        unseen = apart.submit(score_unseen) if "unseen" in chosen.parts else None
        reading = apart.submit(read_styles, max(2, chosen.pictures)) if "pictures" in chosen.parts else None
        for name, report in _text_parts(chosen).items():
            if name in chosen.parts:
                report(page)
        if unseen is not None:
            report_unseen(page, unseen.result())
        if reading is not None:
            report_pictures(page, reading.result())
    if speed is not None:
        report_speed(page, speed)
    page.close()
    tell("done")


def _text_parts(chosen: argparse.Namespace) -> dict[str, Callable[[Page], None]]:
    return {
        "offers": report_offers,
        "crisis": report_pleas,
        "intents": report_wishes,
        "attacks": lambda page: report_disguises(page, max(1, chosen.pairs)),
    }


def _print_head(page: Page) -> None:
    page.section(
        f"Judgement of texts and pictures (rules {RULES}, model {MODEL})",
        f"0.900 (0.850–0.940): the figure, and the bounds that 95 % of {RESAMPLES} resamplings of the texts keep to.",
        "AUC: how often a text of the kind looked for (a deceptive offer, a plea) scores above another; 0.5 is a coin. Recall at "
        "3 %: the share of that kind scoring above what 3 % of the others pass. Brier: mean squared error of the probability; less "
        "is better.",
        "Baselines: a plain list of words, and TF-IDF of letters with logistic regression, taught here and now on the texts that "
        "our models are taught on. Hold-outs: texts that no training reads.",
    )
    page.say(f"Load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    if not DATA.is_dir():
        page.say("The real texts (../shared/data) are not here: what needs them is left out.")


if __name__ == "__main__":
    main()
