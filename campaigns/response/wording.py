"""What a warning of a wave says beside the wave's own words, read from `words.toml`."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec

from campaigns.plans.blocks import Block, ButtonsBlock, Press, Said, TextBlock, Wording
from core.languages import WHOLE

WARNED = frozenset({"danger", "caution"})


class KindWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Said
    why: Said
    steps: tuple[str, ...]
    call: str


class WarningWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`addressing` are words that stand for or before a name, `ordinary` ones that are names too and words of offers;
    `kind` is by the kinds of screening.
    """

    addressing: frozenset[str]
    ordinary: frozenset[str]
    title: Said
    notice: Said
    begin: Said
    quoted: Said
    advice: Said
    ways: Said
    check: Said
    staff: Said
    call: Mapping[str, Said]
    step: Mapping[str, Said]
    kind: Mapping[str, KindWords]


@cache
def warning_words() -> WarningWords:
    """Raises msgspec.ValidationError for a wrong file."""
    file = resources.files("campaigns.response").joinpath("words.toml")
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), WarningWords)


def title_of(kind: str, language: str = "th") -> str:
    words = warning_words()
    return words.title[language].format(kind=words.kind[kind].name[language])


def word_warning(kind: str, quotes: Sequence[str]) -> Wording:
    """The warning of a kind of lure in both languages; the wave's words stay as they were sent."""
    return Wording(blocks=tuple(_blocks(kind, quotes)), notice=warning_words().notice)


def _blocks(kind: str, quotes: Sequence[str]) -> Iterator[Block]:
    words = warning_words()
    of_kind = words.kind[kind]
    yield TextBlock("begin", {one: words.begin[one].format(kind=of_kind.name[one]) for one in WHOLE})
    if quotes:
        said = "\n".join(f"“{quote}”" for quote in quotes)
        yield TextBlock("quoted", {one: words.quoted[one].format(quotes=said) for one in WHOLE})
    yield TextBlock("advice", {one: _advice(of_kind, one) for one in WHOLE})
    yield ButtonsBlock(
        "ways",
        words.ways,
        (
            Press(words.check, opens="check"),
            Press(words.staff, opens="staff"),
            Press(words.call[of_kind.call], call=of_kind.call),
        ),
    )


def _advice(kind: KindWords, language: str) -> str:
    words = warning_words()
    steps = "\n".join(f"• {words.step[step][language]}" for step in kind.steps)
    return words.advice[language].format(why=kind.why[language], steps=steps)
