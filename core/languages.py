"""Languages of what is said: Thai and English are always there, others as far as somebody has written them."""

from collections.abc import Mapping
from typing import TypeVar

# An ISO 639-1 code.
Language = str
# In both of these everything is said; of another language the gaps are filled with English, then Thai.
WHOLE: tuple[Language, ...] = ("th", "en")
_INSTEAD: tuple[Language, ...] = ("en", "th")

T = TypeVar("T")


def in_language(sayings: Mapping[Language, T], language: Language) -> T:
    """What is said in this language, else in English, else in Thai; raises KeyError where it is in none of them."""
    for one in (language, *_INSTEAD):
        if one in sayings:
            return sayings[one]
    raise KeyError(f"neither {language} nor {' nor '.join(_INSTEAD)}")
