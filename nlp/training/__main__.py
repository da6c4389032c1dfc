"""`python -m nlp.training`: teach the models anew and write them, their blend and their card to `nlp/models`.

The same texts give the same files. Needs the real texts beside the project (`../shared/data`).
"""

from pathlib import Path

import nlp.models
from nlp.meaning import load_meanings
from nlp.training import cards, meanings
from nlp.training.blending import weigh_unseen
from nlp.training.features import blend_crisis, blend_offers
from nlp.training.fit import Floats, count_pieces, fit_model, save_model
from nlp.training.real import DATA
from nlp.training.teaching import Lesson, teach_crisis, teach_kinds, teach_offers

MODELS = Path(nlp.models.__path__[0])


def main() -> None:
    if not DATA.is_dir():
        raise SystemExit(
            "the real texts (../shared/data) are not here: models are taught only where they are"
        )
    meanings.main()
    load_meanings.cache_clear()
    offers, crisis, kinds = teach_offers(), teach_crisis(), teach_kinds()
    offer_blend = blend_offers(offers, _teach("offers", offers))
    crisis_blend = blend_crisis(crisis, _teach("crisis", crisis))
    save_model(fit_model(count_pieces(kinds.texts).only_words(), kinds.columns), MODELS / "kinds.npz")
    cards.write(MODELS, offers, crisis, offer_blend, crisis_blend)


def _teach(name: str, lesson: Lesson) -> Floats:
    """Write the model of a lesson; returns the log-odds of its texts by models that had not seen them."""
    counted = count_pieces(lesson.texts)
    save_model(fit_model(counted, lesson.columns), MODELS / f"{name}.npz")
    positive = int(lesson.columns[0].target.sum())
    print(f"{name}: taught on {len(lesson.texts)} texts, {positive} of them {lesson.columns[0].name}")
    return weigh_unseen(lesson, counted)


if __name__ == "__main__":
    main()
