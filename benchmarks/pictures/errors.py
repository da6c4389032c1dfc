"""Character error rate: how many letters must be put in, taken out or changed, for each letter that stands there."""

import unicodedata

import numpy as np


def character_error_rate(truth: str, read: str, *, spaces: bool = True) -> float:
    """After NFC; any run of white space counts as one space, or is left out altogether. May exceed 1."""
    between = " " if spaces else ""
    right, said = (between.join(unicodedata.normalize("NFC", text).split()) for text in (truth, read))
    return edits(right, said) / max(1, len(right))


def edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    letters = np.array([ord(letter) for letter in other], np.int64)
    steps = np.arange(len(other) + 1)
    row = steps.copy()
    for letter in one:
        above = row + 1
        above[1:] = np.minimum(above[1:], row[:-1] + (letters != ord(letter)))
        # Putting letters in: the least of all that come before, and one for each step.
        row = np.minimum.accumulate(above - steps) + steps
    return int(row[-1])
