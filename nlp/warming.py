"""Loading all that a judgement loads at first need, so that nobody's first message waits for it."""

from nlp.judgement import judge
from nlp.known_words import words_by_key

# Between them: a telephone number, an address, a place, and a plea that every trained model is asked about.
_TEXTS = (
    "081-234-5678 @abc https://example.org Bangkok 500 baht",
    "help me, i am locked up in poipet and they took my passport",
)


def load_all() -> None:
    """Load word lists, dictionaries and models; about half a second."""
    words_by_key()
    for text in _TEXTS:
        judge(text)
