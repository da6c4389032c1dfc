"""A text in a script that we don't read: said in Thai, in English and in one line of its own, with whom to call."""

from typing import Literal

import regex

from bots.copy import copy
from bots.dialogues.numbers import say_number
from bots.dialogues.speech import content
from bots.engine.events import Event
from bots.engine.steps import Facts, Language, State, Step
from core.messages.content import Text
from nlp.normalize import LIMIT
from referrals.directory.hotlines import Hotline, hotline, hotlines_for

Script = Literal["my", "km", "lo", "zh", "other"]

_SCRIPTS: dict[Script, regex.Pattern[str]] = {
    "my": regex.compile(r"\p{Myanmar}"),
    "km": regex.compile(r"\p{Khmer}"),
    "lo": regex.compile(r"\p{Lao}"),
    "zh": regex.compile(r"\p{Han}"),
    "other": regex.compile(r"[^\P{L}\p{Thai}\p{Latin}\p{Myanmar}\p{Khmer}\p{Lao}\p{Han}]"),
}
_READ = regex.compile(r"[\p{Thai}\p{Latin}]")
_FOREIGN = regex.compile(r"[^\P{L}\p{Thai}\p{Latin}]")
# Japanese is written with Chinese signs among its own.
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
# A Chinese sign says about as much as three letters.
_WEIGHT = {"zh": 3}
_FEWEST = 3
# Who answers everybody at any hour, and who speaks English.
_ANYBODY = ("1300", "1155")


def script_of(text: str) -> Script | None:
    """The script of most of a text's letters; None where we read them, or where there are next to none."""
    text = text[:LIMIT]
    if _FOREIGN.search(text) is None:
        return None
    counts = {name: len(found.findall(text)) * _WEIGHT.get(name, 1) for name, found in _SCRIPTS.items()}
    if _KANA.search(text):
        counts["other"] += counts.pop("zh")
    name = max(counts, key=lambda script: counts[script])
    return name if counts[name] >= _FEWEST and counts[name] > len(_READ.findall(text)) else None


def answer(state: State, event: Event, facts: Facts) -> Step | None:
    """Not for us where we read the text."""
    script = script_of(event.text)
    if script is None:
        return None
    numbers = _numbers(script, facts)
    order: tuple[Language, Language] = ("en", "th") if state.language == "en" else ("th", "en")
    bubbles = [
        Text("\n".join([_say(language), *(say_number(language, one, facts) for one in numbers)]))
        for language in order
    ]
    if script != "other":
        calls = " · ".join(one.number for one in numbers)
        bubbles.append(Text(copy().say(state.language, f"other_language.line.{script}", numbers=calls)))
    choices = ("l1:en",) if state.language == "th" else ("l1:th",)
    return Step(state, content(state.language, *bubbles, choices=choices, sensitive=True))


def _say(language: Language) -> str:
    return copy().say(language, "other_language.not_read")


def _numbers(script: Script, facts: Facts) -> tuple[Hotline, ...]:
    """Those with an interpreter first."""
    spoken = [
        one for one in hotlines_for({"offer"}, place_abroad=False, now=facts.now) if script in one.languages
    ]
    return (*spoken, *map(hotline, _ANYBODY))
