"""Disguised Thai words spelled as the dictionary has them.

A disguise changes marks, repeats letters, swaps a vowel with its consonant or takes letters that look or sound alike. The
key of a text ignores all this, and the likeliest row of words with that key is what was meant. Only texts that show signs
of a disguise are read so; words spelled well cost less than any respelling and stay.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from nlp.known_words import KEY_OF, Candidates, telling_keys, words_by_key
from nlp.normal import Edit, Normal, edited

# Each begins with a class or letter that a search skips to: counted one by one they take half the time of all at once.
_ODD_PLACES = (
    "[่-๋][ัิ-ฺ็่-๋]",
    "[ะาำ][่-๋ัิ-ฺ็]",
    "[เ-ไ][^ก-ฮ]",
    "[ัิ-ฺ็-๎](?<![ก-ฮัิ-ฺ็-๎].)",
    "[ัิ-ฺ็][ัิ-ฺ็]",
    "(?P<twice>[ขคฆจ-ฌฎ-ณดตถทธบ-ฟภฬฮ])(?P=twice)",
    "(?P<often>[กงนมยรลวสหอ])(?P=often){2}",
    "ใ(?![กคจชดตนบฝยสหภ])",
    "พิ่|ทิ่|ยุ่(?![งนบย])|ลุก(?![ลขจไ])|ใด้|ไห้(?!ว)|ไช[่้]|ไหญ่|ไหม่|รุ้(?!ง)|ผุ้|ไน(?![ทจลโต์])|ไจ|บัยช|หนิ่?(?=ง)|เหริ|ชิ่(?!ง)",
)
_ODD = re.compile("|".join(_ODD_PLACES))
_EACH_ODD = tuple(map(re.compile, _ODD_PLACES))
_LATIN_IN_THAI = re.compile("[usjnwoclm0](?<=[ก-๎].)[usjnwoclm0]?(?=[ก-๎])")
_ODD_ENOUGH = 2
_LETTERS_TO_ONE = 150  # that stand oddly: slips are rarer in texts that nobody disguised
_RARE = "ฬธศณญฎฏฑฒฌฆ"  # letters with a common one of the same sound
_RARE_SHARE = 0.06
_LONGEST_READ = 1_500  # letters: a disguised offer is no longer, and a reading costs a microsecond for each
_LATIN_FOR_THAI = str.maketrans("usjnwoclm0", "นรงกพอคเตอ")
_LATIN_INSIDE = re.compile("(?<=[ก-๎])[usjnwoclm0]{1,2}(?=[ก-๎])|(?<=[ก-๎])[usjnw](?![a-z0-9ก-๎])")
_THAI_LETTER = re.compile("[ก-๎]")
# The same in one byte a letter: `str.translate` looks each letter up in a dict and took six times as long.
_ONE_BYTE = "cp874"
_SAME_BYTES = bytes.maketrans(
    *(
        "".join(letters).encode(_ONE_BYTE)
        for letters in zip(*((chr(k), v) for k, v in KEY_OF.items() if v), strict=True)
    )
)
_GONE_BYTES = "".join(chr(letter) for letter, meant in KEY_OF.items() if not meant).encode(_ONE_BYTE)
_UNKNOWN = 8.0  # costs are in nats: a letter of no known word
_RESPELLED = 6.0  # a word spelled otherwise
_RESPELLED_OFTEN = 3.0  # the same in a text that is full of odd places
_LETTERS_TO_ONE_OFTEN = 14
_DIFFERENCE = 1.5  # each letter that differs
_DROPPED = 3.0  # the second of a letter typed twice
_SHARED = -2.5  # that second begins the next word
_SHORTEST_RESPELLED = 2
_CONTEXT = 10  # letters of the key read beside a telling word
_MOST_READ = 60  # words of a text that are looked at in this way


class _Key(NamedTuple):
    """The key of a text with, for each of its letters, where it begins, its second writing begins, and it ends."""

    text: str
    starts: list[int]
    seconds: list[int]
    ends: list[int]


class _Step(NamedTuple):
    """The cheapest way to read a key up to some letter."""

    cost: float
    start: int = 0
    word: str = ""
    shares: bool = False


def is_odd(text: str) -> bool:
    """Whether marks and letters stand in several places as nobody types them who wants to be read easily."""
    if _LATIN_IN_THAI.search(text) or sum(map(text.count, _RARE)) > _RARE_SHARE * len(text):
        return True
    enough = max(_ODD_ENOUGH, len(text) // _LETTERS_TO_ONE)
    if sum(len(places.findall(text)) for places in _EACH_ODD) < enough:
        return False
    return len(list(islice(_ODD.finditer(text), enough))) == enough


def respelled(normal: Normal, *, odd: bool) -> Normal:
    """The form with disguised words spelled out; of a text that isn't odd only keywords under other marks."""
    text = normal.text[:_LONGEST_READ]
    if not odd:
        misspelt = _misspelt(text)
        edits = _around(text, misspelt) if misspelt else []
        if len(edits) < _ODD_ENOUGH:
            return edited(normal, edits)
    return edited(normal, _respellings(text))


def _around(text: str, misspelt: set[str]) -> list[Edit]:
    """Respellings of telling words, each read with a few letters on either side."""
    edits: dict[int, Edit] = {}
    key = _key_of(text)
    for last, word in islice(telling_keys().iter(key.text), _MOST_READ):
        if word in misspelt:
            first = key.starts[max(0, last - len(word) - _CONTEXT)]
            end = key.ends[min(len(key.ends) - 1, last + _CONTEXT)]
            for start, stop, meant in _respellings(text[first:end]):
                if meant == word:
                    edits[first + start] = (first + start, first + stop, meant)
    return _apart(sorted(edits.values()))


def _apart(edits: list[Edit]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept


def reading_cost(text: str) -> float:
    """The cost in nats of the likeliest row of words for a text."""
    return _cheapest_steps(text, _key_of(text), _RESPELLED)[-1].cost


def _misspelt(text: str) -> set[str]:
    """Telling words that the key of a text holds more often than the text.

    A text holds the keys of some ten of them: looking for these is cheaper than looking for all in the text.
    """
    by_key = Counter(word for _, word in telling_keys().iter(_quick_key(text)))
    return {
        word for word, often in by_key.items() if often > text.count(word) and often > _places(word, text)
    }


def _quick_key(text: str) -> str:
    """The letters of the key of a text; "?" for what no word has."""
    written = text.encode(_ONE_BYTE, "replace").translate(_SAME_BYTES, _GONE_BYTES)
    return written.decode(_ONE_BYTE, "replace")


def _places(word: str, text: str) -> int:
    """How often a word stands in a text, also where it overlaps itself."""
    return sum(text.startswith(word, at) for at in range(len(text)))


def _respellings(text: str) -> list[Edit]:
    often = len(_ODD.findall(text)) * _LETTERS_TO_ONE_OFTEN > len(text)
    key = _key_of(_LATIN_INSIDE.sub(lambda match: match[0].translate(_LATIN_FOR_THAI), text))
    steps = _cheapest_steps(text, key, _RESPELLED_OFTEN if often else _RESPELLED)
    edits: list[Edit] = []
    at, shared = len(key.text), False
    while at:
        step = steps[at]
        first = key.seconds[step.start] if step.shares else key.starts[step.start]
        last = key.seconds[at - 1] if shared else key.ends[at - 1]
        if step.word and text[first:last] != step.word:
            edits.append((first, last, step.word))
        at = step.start + 1 if step.shares else step.start
        shared = step.shares
    return edits[::-1]


def _key_of(text: str) -> _Key:
    letters: list[str] = []
    starts: list[int] = []
    seconds: list[int] = []
    ends: list[int] = []
    for at, character in enumerate(text):
        letter = character.translate(KEY_OF)
        if letters and not letter and _THAI_LETTER.match(letters[-1]):
            ends[-1] = at + 1
        elif letters and letter == letters[-1] and _THAI_LETTER.match(letter):
            if seconds[-1] == starts[-1]:
                seconds[-1] = at
            ends[-1] = at + 1
        else:
            letters.append(letter or character)
            starts.append(at)
            seconds.append(at)
            ends.append(at + 1)
    return _Key("".join(letters), starts, seconds, ends)


def _cheapest_steps(text: str, key: _Key, respelled_cost: float) -> list[_Step]:
    """For each length of the key the last step of its cheapest reading."""
    ending: list[list[tuple[int, Candidates]]] = [[] for _ in range(len(key.text) + 1)]
    for last, (length, candidates) in words_by_key().iter(key.text):
        ending[last + 1].append((last + 1 - length, candidates))
    steps = [_Step(0.0)]
    for end in range(1, len(key.text) + 1):
        thai = _THAI_LETTER.match(key.text[end - 1]) is not None
        best = _Step(steps[-1].cost + (_UNKNOWN if thai else 0.0), end - 1)
        for start, candidates in ending[end]:
            for before, shares in _costs_before(steps, key, start, end):
                if before < best.cost:
                    writings = _writings(text, key, key.seconds[start] if shares else key.starts[start], end)
                    word, cost = _likeliest(*writings, candidates, best.cost - before, respelled_cost)
                    if before + cost < best.cost:
                        best = _Step(before + cost, start, word, shares)
        steps.append(best)
    return steps


def _costs_before(steps: list[_Step], key: _Key, start: int, end: int) -> list[tuple[float, bool]]:
    """What stands before a word costs, also when its first letter, typed twice, is the last of that as well."""
    costs = [(steps[start].cost, False)]
    if key.seconds[start] > key.starts[start] and end > start + 1 and steps[start + 1].word:
        costs.append((steps[start + 1].cost + _SHARED, True))
    return costs


def _writings(text: str, key: _Key, first: int, end: int) -> tuple[str, str]:
    """What is written for a word, with and without the second of a last letter typed twice."""
    whole = text[first : key.ends[end - 1]]
    doubled = key.seconds[end - 1] > key.starts[end - 1]
    return whole, text[first : key.seconds[end - 1]] if doubled else whole


def _likeliest(
    written: str, shorter: str, candidates: Candidates, limit: float, respelled_cost: float
) -> tuple[str, float]:
    """The cheapest candidate for what is written, and its cost; "" when none costs less than the limit."""
    best, least = "", limit
    for word, cost in candidates:
        if word == written:
            if cost < least:
                best, least = word, cost
            continue
        if word == shorter and cost + _DROPPED < least:
            best, least = word, cost + _DROPPED
            continue
        if cost + respelled_cost < least and len(word) >= _SHORTEST_RESPELLED:
            whole_cost = cost + respelled_cost + _DIFFERENCE * _difference(written, word)
            if whole_cost < least:
                best, least = word, whole_cost
    return best, least


def _difference(written: str, word: str) -> int:
    """Letters that only one of two words has."""
    one, other = _letters(written), _letters(word)
    return sum(abs(one[letter] - other[letter]) for letter in one.keys() | other.keys())


@lru_cache(maxsize=4096)
def _letters(word: str) -> Counter[str]:
    return Counter(word)
