"""What the models are taught: authored texts first, real ones beside them with weights of their own."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, get_args

import numpy as np
import numpy.typing as npt
from msgspec import structs

from nlp.findings import CrisisKind
from nlp.training.corpus import Example, read_folder
from nlp.training.fit import Column, Floats
from nlp.training.real import draw, mask_leaks, read_development, read_everyday, read_government, read_rated

KINDS: tuple[str, ...] = get_args(CrisisKind)
PLEAS = frozenset({"concern", "urgent"})
_EVERYDAY, _GOVERNMENT = 2_000, 1_000  # texts drawn
_OPENING = 700  # characters of a government item
REAL_OFFER = 0.25  # a labelled real text: short claims of one wording, that would speak for all short offers
_BACKGROUND = 0.1  # unlabelled real talk, hardly ever an offer
_BACKGROUND_PLEA = 0.3  # the same as no pleas
_OFFER_AS_NO_PLEA = 0.1
# What people say to the service itself, neither an offer nor a plea, and short as such messages are.
_SERVICE_TALK = frozenset(
    {"case_status", "talk_to_staff", "stop", "campaign_answer", "service_question", "thanks", "small_talk"}
)

Answer = Callable[[Example], bool]


class Lesson(NamedTuple):
    """Texts with what each output learns of them; `origin` is authored, development, rated, everyday, government."""

    texts: list[str]
    origin: npt.NDArray[np.str_]
    columns: tuple[Column, ...]


def teach_offers() -> Lesson:
    """Whether a text is a deceptive offer, and whether it is an offer at all."""
    authored = [*read_folder("offers"), *_service_talk("other")]
    labelled = [mask_leaks(example) for example in read_development()]
    rated = read_rated()
    everyday = draw(read_everyday(), _EVERYDAY, seed=1)
    government = [text[:_OPENING] for text in draw(read_government(), _GOVERNMENT, seed=3)]
    known = [*authored, *labelled, *rated]
    background = len(everyday) + len(government)
    weight = np.concatenate(
        (
            np.ones(len(authored)),
            np.full(len(labelled) + len(rated), REAL_OFFER),
            np.full(background, _BACKGROUND),
        )
    )
    # A government item may be a notice of vacancies: it says nothing of what is an offer.
    of_offers = np.concatenate((weight[: len(known) + len(everyday)], np.zeros(len(government))))
    return Lesson(
        [example.text for example in known] + everyday + government,
        np.repeat(
            ["authored", "development", "rated", "everyday", "government"],
            [len(authored), len(labelled), len(rated), len(everyday), len(government)],
        ),
        (
            Column("deceptive", _targets(known, background, lambda e: e.label == "deceptive"), weight),
            Column("offer", _targets(known, background, lambda e: e.label != "other"), of_offers),
        ),
    )


def teach_crisis() -> Lesson:
    """Whether somebody may need help, and how urgently."""
    authored = [*read_folder("crisis"), *_service_talk("none")]
    offers = [example.text for example in read_folder("offers")]
    everyday = draw(read_everyday(), _EVERYDAY, seed=1)
    background = len(offers) + len(everyday)
    weight = np.concatenate(
        (
            np.ones(len(authored)),
            np.full(len(offers), _OFFER_AS_NO_PLEA),
            np.full(len(everyday), _BACKGROUND_PLEA),
        )
    )
    of_pleas = np.concatenate(
        (np.array([example.label in PLEAS for example in authored], float), np.zeros(background))
    )
    return Lesson(
        [example.text for example in authored] + offers + everyday,
        np.repeat(["authored", "offers", "everyday"], [len(authored), len(offers), len(everyday)]),
        (
            Column("plea", _targets(authored, background, lambda e: e.label in PLEAS), weight),
            Column("urgent", _targets(authored, background, lambda e: e.label == "urgent"), of_pleas),
        ),
    )


def _service_talk(label: str) -> list[Example]:
    return [
        structs.replace(example, label=label)
        for example in read_folder("intents")
        if example.label in _SERVICE_TALK
    ]


def teach_kinds() -> Lesson:
    """Of which kinds a plea is; learnt from pleas alone."""
    pleas = [example for example in read_folder("crisis") if example.label in PLEAS]
    ones: Floats = np.ones(len(pleas))
    return Lesson(
        [example.text for example in pleas],
        np.repeat(["authored"], len(pleas)),
        tuple(Column(kind, _targets(pleas, 0, partial(_is_of, kind)), ones) for kind in KINDS),
    )


def _is_of(kind: str, example: Example) -> bool:
    return kind in example.subtype.split(",")


def _targets(known: Sequence[Example], background: int, answer: Answer) -> npt.NDArray[np.bool_]:
    return np.array([answer(example) for example in known] + [False] * background)
