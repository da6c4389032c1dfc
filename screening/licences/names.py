"""Names of companies as far as they tell one from another, and how alike two of them are."""

import re

from nlp.normalize import normal_word

# Dice's coefficient of runs of three letters: a slip of one letter in a name of twelve leaves 0.7.
ALIKE = 0.7
_RUN = 3
_FEWEST_LETTERS = 4
_FORM = re.compile(
    r"บริษัท|จำกัด|มหาชน|ห้างหุ้นส่วน(?:สามัญ)?|บจก|บมจ|หจก|ประเทศไทย"
    r"|(?<![a-z])(?:company|co|ltd|limited|public|plc|inc|thailand|partnership)(?![a-z])"
)
_TRADE = re.compile(
    r"จัดหางาน|แรงงานระหว่างประเทศ|รีครูทเม้?นท์|(?<![a-z])(?:recruitment|recruiting|manpower|agency)(?![a-z])"
)
# Tone marks and the silencer are what people leave out; the rest is spacing and points.
_NOT_LETTERS = re.compile("[^a-z0-9\u0e01-\u0e46]")


def name_key(name: str) -> str:
    """Return the letters of a name without its legal form and, where enough is left, without words of the trade."""
    bare = _FORM.sub(" ", normal_word(name))
    key = _NOT_LETTERS.sub("", _TRADE.sub(" ", bare))
    return key if len(key) >= _FEWEST_LETTERS else _NOT_LETTERS.sub("", bare)


def grams_of(name: str) -> frozenset[str]:
    """Return the runs of three letters of a name's key, empty where it is too short to compare."""
    key = name_key(name)
    if len(key) < _FEWEST_LETTERS:
        return frozenset()
    return frozenset(key[at : at + _RUN] for at in range(len(key) - _RUN + 1))
