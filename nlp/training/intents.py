"""`python -m nlp.training.intents`: teach the model of intents anew and write it with its card to `nlp/models`.

The same texts give the same files. All of them are authored, so it can be taught anywhere.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np

import nlp.models
from nlp.linear import LinearModel
from nlp.tables import read_table
from nlp.training.corpus import TEXTS, Example, read_file, read_folder
from nlp.training.fit import Column, count_pieces, fit_model, save_model

# What a model may say. `stop` counts only as a whole message and `unreadable` has no words, so both only teach the others.
INTENTS = (
    "check_offer", "report", "need_help", "case_status", "talk_to_staff", "campaign_answer", "service_question",
    "thanks", "small_talk",
)  # fmt: skip
MESSAGES = TEXTS / "intents" / "messages.txt"
_MODELS = Path(nlp.models.__path__[0])
_ASIDE = 0.3  # weight of a text that was authored for something else
_PHRASING = 0.1  # of a way to ask that the guide lists: there are hundreds, and the guide itself knows them
_OF_EACH = 250  # of those, spread evenly over each corpus
_LONGEST = 300  # characters: longer texts are passed on, not said to us
_CHAT = frozenset(
    {
        "chat",
        "idiom",
        "joke",
        "fiction",
        "work_talk",
        "everyday_chat",
        "small_talk",
        "smalltalk",
        "worker_life",
    }
)


class Taught(NamedTuple):
    text: str
    intent: str
    weight: float


def main() -> None:
    taught = [*own_messages(), *texts_aside()]
    save_model(teach(taught), _MODELS / "intents.npz")
    _MODELS.joinpath("intents.md").write_text(_card(taught), "utf-8")
    print(f"intents: taught on {len(taught)} texts")


def teach(taught: Sequence[Taught]) -> LinearModel:
    target = np.array([one.intent for one in taught])
    weight = np.array([one.weight for one in taught])
    columns = [Column(intent, target == intent, weight) for intent in INTENTS]
    return fit_model(count_pieces([one.text for one in taught]), columns, landmarks=0, by="surprise")


def own_messages() -> list[Taught]:
    return [Taught(example.text, example.label, 1.0) for example in read_file(MESSAGES)]


def texts_aside() -> list[Taught]:
    """The lexicons' own ways to ask, and some texts of the other corpora."""
    asked = cast("dict[str, list[str]]", read_table("guide.toml")["asked"])
    whole = cast("dict[str, list[str]]", read_table("intents.toml")["whole"])
    found = [Taught(text, "service_question", _PHRASING) for texts in asked.values() for text in texts]
    found += [Taught(word, intent, _ASIDE) for intent, words in whole.items() for word in words]
    offers = [e for e in read_folder("offers") if len(e.text) <= _LONGEST]
    crisis = [e for e in read_folder("crisis") if len(e.text) <= _LONGEST]
    found += _spread([e for e in offers if e.label != "other"], "check_offer")
    found += _spread([e for e in crisis if e.label in {"urgent", "concern"}], "need_help")
    calm = [e for e in (*offers, *crisis) if e.label in {"other", "none"} and e.subtype in _CHAT]
    return [*found, *_spread(calm, "small_talk")]


def _spread(examples: Sequence[Example], intent: str) -> Iterator[Taught]:
    step = max(1, len(examples) // _OF_EACH)
    return (Taught(example.text, intent, _ASIDE) for example in examples[::step])


def _card(taught: Sequence[Taught]) -> str:
    rows = Counter((one.intent, one.weight) for one in taught)
    lines = [
        f"| {intent} | {rows[intent, 1.0]} | {rows[intent, _ASIDE] + rows[intent, _PHRASING]} |"
        for intent in INTENTS
    ]
    return "\n".join([*_CARD, *lines, ""])


_CARD = (
    "# Model of intents",
    "",
    "`intents.npz`, written by `python -m nlp.training.intents`: log-odds of each intent by the wording of a message of",
    "up to 400 characters (linear, runs of 1–4 characters and words). It is one voice beside the signs of",
    "`nlp/lexicons/intents.toml` and the service guide, and says nothing about danger.",
    "",
    "Taught only on texts authored for this project; the hold-out (`texts/holdout/intents.txt`) is not among them.",
    "",
    "| intent | messages | other texts, weight 0.1 to 0.3 |",
    "|---|---|---|",
)


if __name__ == "__main__":
    main()
