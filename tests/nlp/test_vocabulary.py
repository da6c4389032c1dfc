from pythainlp.corpus import provinces

from nlp.crisis import SIGNS as CRISIS_SIGNS
from nlp.indicators import concepts_used
from nlp.patterns import parse
from nlp.prepared import prepare
from nlp.vocabulary import LEXICON, MARKED_PROVINCES, PROVINCES, place_named


def test_all_77_provinces_are_known() -> None:
    assert {place.name for place in PROVINCES.values()} == set(map(str, provinces()))
    assert len({place.name for place in PROVINCES.values()}) == 77


def test_a_province_that_is_a_common_word_needs_its_mark() -> None:
    assert "เลย" in MARKED_PROVINCES
    assert not prepare("ทักมาเลย").has("place")
    assert prepare("จ.เลย").has("place")
    assert place_named("จเลย").name == "เลย"


def test_every_concept_of_every_sign_exists() -> None:
    assert [
        name for name in concepts_used() if not name.startswith("@") and name not in LEXICON.concepts
    ] == []
    asked = {name for sign in CRISIS_SIGNS for source in sign.patterns for name in parse(source).needs}
    asked |= {name for sign in CRISIS_SIGNS for name in (*sign.raised_by, *sign.needs_quiet)}
    assert asked - LEXICON.concepts == set()
