"""Words of Thai texts, told apart by a dictionary of pythainlp's; nothing is fetched.

The dictionary holds pythainlp's words that the Thai National Corpus has at least a hundred times, with provinces and
countries. Rarer ones would let mistakes through as rows of words that nobody uses. What else we say is in
`known_words.tsv`, each word with the reason why it is right.
"""

from functools import cache
from pathlib import Path

import regex
from pythainlp.corpus import countries, provinces, thai_words
from pythainlp.corpus.tnc import unigram_word_freqs
from pythainlp.spell import spell
from pythainlp.tokenize import Tokenizer

from tests.readability.texts import without_places

KNOWN_WORDS = Path(__file__).with_name("known_words.tsv")
OFTEN_WRONG = Path(__file__).with_name("often_wrong.tsv")
_OFTEN = 100
_THAI = regex.compile(r"\p{Thai}")
# ม.ค., พ.ศ., กทม.: letters with points are no words.
_SHORTENED = regex.compile(r"(?:[เ]?[ก-ฮ]{1,3}\.)+")
_BETWEEN = regex.compile(r"[^\p{Thai}]+")
_AGAIN = "ๆ"


@cache
def dictionary() -> frozenset[str]:
    often = {word for word, count in unigram_word_freqs().items() if count >= _OFTEN}
    common = {word for word in thai_words() if len(word) > 1 and word in often}
    return frozenset(common | provinces() | countries())


@cache
def known_words() -> dict[str, str]:
    """Word → why it is right."""
    return _pairs(KNOWN_WORDS)


def often_wrong() -> dict[str, str]:
    """A mistake that words alone don't show → what is right."""
    return _pairs(OFTEN_WRONG)


def _pairs(file: Path) -> dict[str, str]:
    lines = file.read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


@cache
def _tokenizer() -> Tokenizer:
    return Tokenizer(dictionary() | known_words().keys(), engine="newmm")


def phrases(text: str) -> list[str]:
    """What stands between two blanks: Thai has no full stop, a blank is where one breathes."""
    plain = _SHORTENED.sub(" ", without_places(text))
    return [piece for piece in _BETWEEN.split(plain) if piece.strip(_AGAIN)]


def words(phrase: str) -> list[str]:
    return [word for word in _tokenizer().word_tokenize(phrase) if _THAI.search(word) and word != _AGAIN]


def unknown_words(text: str) -> list[str]:
    return [
        word
        for phrase in phrases(text)
        for word in words(phrase)
        if word not in dictionary() and word not in known_words()
    ]


def suggestions(word: str) -> list[str]:
    return list(spell(word))
