"""How long a text is, as platforms count, and where it is split: never inside what a reader sees as one character."""

import regex

_GRAPHEME = regex.compile(r"\X")
# Where a cut reads best, best first: after a blank line, a line, a space.
_BREAKS = ("\n\n", "\n", " ")
# What a cut may swallow: blanks, not the control characters that Python also calls space.
_BLANK = " \n\r\t"


def utf16_units(text: str) -> int:
    """Length as LINE and Telegram count most texts: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> list[str]:
    """What a reader sees as one character each; LINE counts labels so."""
    return _GRAPHEME.findall(text)


def split_text(text: str, limit: int) -> list[str]:
    """Split into pieces of at most `limit` UTF-16 units, at a paragraph, line or word where one is near."""
    pieces: list[str] = []
    while utf16_units(text) > limit:
        head = _fitting_head(text, limit)
        cut = _nice_cut(head)
        pieces.append(text[:cut].rstrip(_BLANK))
        text = text[cut:].lstrip(_BLANK)
    return [p for p in [*pieces, text] if p] or [text]


def _fitting_head(text: str, limit: int) -> str:
    used, end = 0, 0
    for match in _GRAPHEME.finditer(text):
        used += utf16_units(match.group())
        if used > limit:
            break
        end = match.end()
    # One cluster longer than the limit (a pile of marks) has to be broken after all.
    return text[: end or limit // 2]


def _nice_cut(head: str) -> int:
    for mark in _BREAKS:
        found = head.rfind(mark, len(head) // 2)
        if found > 0:
            return found + len(mark)
    return len(head)
