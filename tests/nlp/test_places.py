import subprocess
import sys

from pythainlp.corpus import provinces

from nlp.places import place_named, provinces_by_name
from nlp.prepared import prepare


def test_all_77_provinces_are_known() -> None:
    by_name, _ = provinces_by_name()
    assert {place.name for place in by_name.values()} == set(map(str, provinces()))
    assert len({place.name for place in by_name.values()}) == 77


def test_a_province_that_is_a_common_word_needs_its_mark() -> None:
    _, marked = provinces_by_name()
    assert "เลย" in marked
    assert not prepare("ทักมาเลย").has("place")
    assert prepare("จ.เลย").has("place")
    assert place_named("จเลย").name == "เลย"


def test_asking_for_places_later_loads_nothing_now() -> None:
    code = "import sys, nlp.places; sys.exit('nlp.vocabulary' in sys.modules or nlp.places.foreign_places.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
