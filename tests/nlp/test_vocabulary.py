from nlp.crisis import SIGNS as CRISIS_SIGNS
from nlp.indicators import concepts_used
from nlp.patterns import parse
from nlp.vocabulary import lexicon


def test_every_concept_of_every_sign_exists() -> None:
    assert [
        name for name in concepts_used() if not name.startswith("@") and name not in lexicon().concepts
    ] == []
    asked = {name for sign in CRISIS_SIGNS for source in sign.patterns for name in parse(source).needs}
    asked |= {name for sign in CRISIS_SIGNS for name in (*sign.raised_by, *sign.needs_quiet)}
    assert asked - lexicon().concepts == set()
