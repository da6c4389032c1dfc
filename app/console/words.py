"""What strangers wrote, made harmless to show among others' words."""

import unicodedata

from app.faces.characters import drop_hidden

MOST_MARKS = 4


def harmless(text: str) -> str:
    """Drop what hides or turns words, and piles of combining marks that would cover the lines beside them."""
    kept: list[str] = []
    marks = 0
    for char in drop_hidden(text):
        marks = marks + 1 if unicodedata.combining(char) or unicodedata.category(char) == "Mn" else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
