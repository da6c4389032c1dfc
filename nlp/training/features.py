"""What the rules say of the texts of a lesson, beside the odds of a model that had not seen them."""

import numpy as np

from nlp.classifier import CrisisBlend, OfferBlend
from nlp.contexts import read_frame
from nlp.crisis import crisis_in
from nlp.entities.everything import find_entities
from nlp.facts import entity_events
from nlp.prepared import prepare
from nlp.training.blending import blend
from nlp.training.fit import Floats
from nlp.training.teaching import Lesson
from nlp.verdict import ask_rules


def rule_features(texts: list[str]) -> Floats:
    """A row a text: log-odds by the rules, whether they take it for an offer, whether they found a sign."""
    rows = []
    for text in texts:
        prepared = prepare(text)
        entities = find_entities(prepared)
        view = ask_rules(prepared, entity_events(prepared, entities), read_frame(prepared, entities))
        rows.append((view.odds, view.is_offer, bool(view.indicators)))
    return np.array(rows, dtype=np.float64)


def sign_features(texts: list[str]) -> Floats:
    """A row a text: whether the lexicon says concern, whether urgent, and its score."""
    found = [crisis_in(prepare(text)) for text in texts]
    return np.array([(c.level == "concern", c.level == "urgent", c.score) for c in found], dtype=np.float64)


def blend_offers(lesson: Lesson, unseen: Floats) -> OfferBlend:
    """From the log-odds of unseen texts, first column `deceptive`."""
    column = lesson.columns[0]
    bias, (wording, rules, offer, signs) = blend(
        np.column_stack((unseen, rule_features(lesson.texts))), column.target, column.weight
    )
    return OfferBlend(bias, wording, rules, offer, signs)


def blend_crisis(lesson: Lesson, unseen: Floats) -> CrisisBlend:
    """From the log-odds of unseen texts, first column `plea`."""
    column = lesson.columns[0]
    bias, (wording, concern, urgent, score) = blend(
        np.column_stack((unseen, sign_features(lesson.texts))), column.target, column.weight
    )
    return CrisisBlend(bias, wording, concern, urgent, score)
