"""Characters of strangers' texts that a page must not show, and texts that are none."""

import regex

# Control and direction characters, unpaired and private ones: they could hide or turn words around.
_UNFIT = regex.compile(r"[[\p{Cc}--\n\t]\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069]", regex.V1)
_SIGNS_OF_BINARY = regex.compile(r"[[\p{Cc}--\n\t]\p{Cs}\p{Co}\p{Cn}\ufffd]", regex.V1)


def drop_hidden(text: str) -> str:
    """Leave out characters that hide, turn or break what stands around them; the page escapes the rest."""
    return _UNFIT.sub("", text)


def is_binary(text: str) -> bool:
    """Whether more than a fifth of it can't be text."""
    return len(_SIGNS_OF_BINARY.findall(text)) * 5 > len(text)
