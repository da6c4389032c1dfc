"""`python -m tests.readability.report`: figures of all Thai texts, and what is to be looked at."""

import sys
from collections.abc import Iterator
from statistics import mean

from tests.readability.texts import thai_texts, without_places
from tests.readability.words import phrases, suggestions, unknown_words, words

_SHOWN = 10


def figures() -> Iterator[str]:
    said = thai_texts()
    counted = [(len(words(phrase)), phrase, one.place) for one in said for phrase in phrases(one.text)]
    yield f"{len(said)} texts, {len(counted)} phrases of {mean(n for n, _, _ in counted):.1f} words"
    yield "\nlongest phrases"
    for count, phrase, place in sorted(counted, reverse=True)[:_SHOWN]:
        yield f"  {count:3} {place}: {phrase}"
    yield "\nlongest texts"
    for one in sorted(said, key=lambda one: -len(without_places(one.text)))[:_SHOWN]:
        yield f"  {len(without_places(one.text)):3} {one.place}"
    yield "\nwords that nobody knows"
    for one in said:
        for word in unknown_words(one.text):
            yield f"  {word} in {one.place}; meant: {', '.join(suggestions(word)[:3])}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in figures())
