"""What somebody means who types instead of pressing: labels, numbers, everyday words, places, hours."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import regex

from nlp.normalize import normal_word
from referrals.questionnaires.hours import find_hours
from referrals.questionnaires.place_finding import find_answer
from referrals.questionnaires.questionnaire import SKIPPED, UNSURE, Question

LONGEST_TEXT = 2_000  # characters of a free answer that are kept
_LONGEST = 80  # characters; a longer text tells a story and is no answer to a closed question
_AROUND = regex.compile(r"^[\s\p{P}\p{S}\p{Cf}]+|[\s\p{P}\p{S}\p{Cf}]+$")
_CONTAINED = 4  # letters of a label that counts inside a longer text
_SEVERAL = {"many", "agencies"}


def understand(question: Question, typed: str, language: str) -> tuple[str, ...] | None:
    """The codes that are meant, or None. Words of the other language are understood too."""
    bare = typed.strip()
    if not bare:
        return None
    if question.kind == "text":
        return _as_text(bare)
    if len(bare) > _LONGEST:
        return None
    found = _choices(question, bare, language)
    if found is None and question.kind == "place":
        return find_answer(bare)
    if found is None and question.kind == "hours":
        hours = find_hours(bare)
        return (hours,) if hours else None
    return found


def _as_text(bare: str) -> tuple[str, ...]:
    if _plain_word(bare) in {SKIPPED, UNSURE, "no"}:
        return (SKIPPED,)
    return ("text:" + bare[:LONGEST_TEXT],)


def _choices(question: Question, bare: str, language: str) -> tuple[str, ...] | None:
    one = _one_choice(question, bare, language)
    if one:
        return (one,)
    parts = [part for part in _pattern("between").split(bare) if part and part.strip()]
    if question.kind in _SEVERAL and len(parts) == 1 and re.fullmatch(r"[\d\s]+", parts[0]):
        parts = parts[0].split()
    codes = [_one_choice(question, part, language) for part in parts] if len(parts) > 1 else []
    named = [code for code in codes if code]
    if question.kind in _SEVERAL and codes and None not in codes:
        return _together(question, named)
    if question.kind not in _SEVERAL and len(set(named)) > 1:
        return None
    inside = _contained(question, _normal(bare), language)
    if len(inside) == 1 or (inside and question.kind in _SEVERAL):
        return _together(question, inside)
    return None


def _together(question: Question, codes: list[str]) -> tuple[str, ...] | None:
    """Several choices in the order of the question; None where they exclude each other."""
    order = [choice.code for choice in question.choices]
    chosen = tuple(sorted(set(codes), key=lambda code: order.index(code) if code in order else -1))
    alone = {choice.code for choice in question.choices if choice.alone} | {SKIPPED, UNSURE}
    return None if len(chosen) > 1 and alone & set(chosen) else chosen


def _one_choice(question: Question, bare: str, language: str) -> str | None:
    listed = _words_of(question, language)
    plain = _normal(bare)
    if plain and plain in listed:
        return listed[plain]
    by_number = _by_number(question, bare) or _by_amount(question, bare)
    if by_number:
        return by_number
    word = _plain_word(bare)
    if word in {"yes", "no"}:
        return next((choice.code for choice in question.choices if choice.like == word), None)
    return word


def _by_number(question: Question, bare: str) -> str | None:
    text, words = _normal(bare), _listed()["patterns"]["numbers"]
    match = _pattern("number").fullmatch(text)
    if match is None:
        at = next((at for at, word in enumerate(words, 1) if text.endswith(word)), 0)
        match = _pattern("number").fullmatch(text.removesuffix(words[at - 1]) + str(at)) if at else None
    if match is None or not 1 <= int(match[1]) <= len(question.choices):
        return None
    return question.choices[int(match[1]) - 1].code


def _by_amount(question: Question, bare: str) -> str | None:
    """An age or a number of hours that is too high to be the number of a button, or has its unit."""
    match = _pattern("amount").fullmatch(_normal(bare))
    amounts = _listed()["amounts"].get(question.id, {}) if match else {}
    return next((c for c, (low, high) in amounts.items() if match and low <= int(match[1]) <= high), None)


def _plain_word(bare: str) -> str | None:
    """SKIPPED, UNSURE, "yes" or "no" for a word that says just this."""
    words = _plain_words()
    return words.get(bare) or words.get(bare.casefold()) or words.get(_normal(bare))


def _contained(question: Question, plain: str, language: str) -> list[str]:
    """Codes whose words stand in the text and are not denied; a word inside a longer one that matches doesn't count."""
    denies = tuple(_listed()["patterns"]["denies"])
    spans = [
        (start, start + len(word), code)
        for word, code in _words_of(question, language).items()
        if len(word) >= _CONTAINED and word not in _only_whole()
        for start in _starts_of(word, plain)
    ]
    said = [
        code
        for start, end, code in spans
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in spans)
        and not plain[:start].endswith(denies)
    ]
    return list(dict.fromkeys(said))


def _starts_of(word: str, plain: str) -> Iterator[int]:
    boundary = r"(?<![a-z])" if word[0].isascii() else ""
    for match in re.finditer(
        boundary + re.escape(word) + (r"(?![a-z])" if word[-1].isascii() else ""), plain
    ):
        yield match.start()


def _words_of(question: Question, language: str) -> Mapping[str, str]:
    """Every word that stands for one choice → its code; the person's own language goes before the others.

    What two choices share in one of these stands for none.
    """
    listed = _listed().get(question.id, {})
    own = [
        (choice.code, [choice.label.get(language, ""), *listed.get(choice.code, ())])
        for choice in question.choices
    ]
    others = [
        (choice.code, [*choice.label.values(), *(choice.says or {}).values()]) for choice in question.choices
    ]
    return _unshared(others) | _unshared(own)


def _unshared(said: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    codes: dict[str, set[str]] = {}
    for code, words in said:
        for word in filter(None, map(_listed_form, words)):
            codes.setdefault(word, set()).add(code)
    return {word: found.pop() for word, found in codes.items() if len(found) == 1}


@lru_cache(maxsize=8_192)
def _listed_form(word: str) -> str:
    return _normal(word)


@cache
def _only_whole() -> frozenset[str]:
    return frozenset(map(_normal, _listed()["whole"]["words"]))


def _normal(text: str) -> str:
    """The word in its squeezed form, without politeness and what stands around it."""
    plain, polite = normal_word(text).strip(), _pattern("polite")
    while True:
        shorter = polite.sub("", _AROUND.sub("", plain))
        if shorter in {plain, ""}:
            return _AROUND.sub("", plain)
        plain = shorter


@cache
def _pattern(name: str) -> regex.Pattern[str]:
    source = _listed()["patterns"][name]
    return regex.compile(f"(?:{source})$" if name == "polite" else source)


@cache
def _plain_words() -> Mapping[str, str]:
    codes = {"yes": "yes", "no": "no", "unsure": UNSURE, "skip": SKIPPED}
    words: dict[str, str] = {}
    for name, listed in _listed()["plain"].items():
        for word in listed:
            words |= {word: codes[name]} | ({_normal(word): codes[name]} if _normal(word) else {})
    return words


@cache
def _listed() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, dict[str, Any]] = tomllib.loads(
        resources.files(__package__).joinpath("words.toml").read_text("utf-8")
    )
    return found
