"""The blend and the card beside the models: what they were taught, for what they may be used."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from nlp.classifier import CrisisBlend, OfferBlend
from nlp.training.corpus import read_folder
from nlp.training.teaching import Lesson

RULES = "2026.11.3"
MODEL = "2026.11.4"


def write(
    folder: Path, offers: Lesson, crisis: Lesson, offer_blend: OfferBlend, crisis_blend: CrisisBlend
) -> None:
    """Write `blend.toml` and `README.md` into the folder of the models."""
    (folder / "blend.toml").write_text("\n".join(_blend_lines(offer_blend, crisis_blend)) + "\n", "utf-8")
    (folder / "README.md").write_text("\n".join(_card_lines(offers, crisis)) + "\n", "utf-8")


def _blend_lines(offers: OfferBlend, crisis: CrisisBlend) -> Iterator[str]:
    yield "# Written by `python -m nlp.training`. Log-odds: a bias, and a factor for each voice (nlp/classifier.py)."
    yield f'rules = "{RULES}"'
    yield f'model = "{MODEL}"'
    for name, blend in (("offers", offers), ("crisis", crisis)):
        yield f"\n[{name}]"
        yield from (f"{field} = {value}" for field, value in msgspec.structs.asdict(blend).items())


def _card_lines(offers: Lesson, crisis: Lesson) -> Iterator[str]:
    yield "# Models of the judgement\n"
    yield f"Version {MODEL}, written by `python -m nlp.training`; the same texts give the same files.\n"
    yield "| file | answers | form |"
    yield "|---|---|---|"
    yield "| `offers.npz` | deceptive or exploitative offer; an offer at all | weighed runs of 1–4 characters, words and pairs; likeness of meaning to 1,500 taught texts |"
    yield "| `crisis.npz` | somebody may need help; if so, now | the same |"
    yield "| `kinds.npz` | of which kinds a plea is | weighed words and pairs; likeness of meaning |"
    yield "| `meanings.npz` | which way a word points | 150 numbers a word, by which words stand near it |"
    yield "| `blend.toml` | how model and rules are put together | logistic, from texts unseen by the model |\n"
    yield "## Taught on\n"
    yield "| texts | what | number |"
    yield "|---|---|---|"
    for folder in ("offers", "crisis"):
        for (source, label), count in sorted(
            Counter((e.source, e.label) for e in read_folder(folder)).items()
        ):
            yield f"| authored for this project | `{folder}/{source}`, {label} | {count} |"
    for lesson, name in ((offers, "offers"), (crisis, "crisis")):
        for origin, count in sorted(Counter(lesson.origin.tolist()).items()):
            if origin not in ("authored", "offers"):
                kept = "kept by consent" if origin == "rated" else "public domain or CC0"
                yield f"| real, {kept} | {name}: {origin} | {count} |"
    yield "\nReal texts stay where they lie, beside the project; the fact-checkers' own phrases in them are masked."
    yield "The hold-out in `nlp/training/texts/holdout` was written by others and no training reads it.\n"
    yield "## Use and limits\n"
    yield "For the judgement of messages to this service, with its words of caution: never a verdict about a person,"
    yield "never a ground for denying somebody help. Authored texts are invented: no real person's words are in them"
    yield "but the public ones named above. Figures: `make eval`, docs/decisions/0014."
