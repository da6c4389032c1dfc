import subprocess
import sys

from pythainlp.corpus import provinces

from nlp.places import MARKED_PROVINCES, PROVINCES, place_named
from nlp.prepared import prepare


def test_all_77_provinces_are_known() -> None:
    assert {place.name for place in PROVINCES.values()} == set(map(str, provinces()))
    assert len({place.name for place in PROVINCES.values()}) == 77


def test_a_province_that_is_a_common_word_needs_its_mark() -> None:
    assert "เลย" in MARKED_PROVINCES
    assert not prepare("ทักมาเลย").has("place")
    assert prepare("จ.เลย").has("place")
    assert place_named("จเลย").name == "เลย"


def test_knowing_places_loads_no_lexicon() -> None:
    code = "import sys, nlp.places; sys.exit('nlp.vocabulary' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
