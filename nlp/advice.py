"""The plain form of a judgement, for a person who reads it on a screen."""

import msgspec

from nlp.findings import Crisis, Indicator, Judgement
from nlp.lexicon import read_table

_MOST_REASONS = 5
_MONEY_SIGNS = frozenset({"pay_before_work", "advance_task_money", "broker_fee", "investment_job"})


class _BandWords(msgspec.Struct, frozen=True):
    head: str
    do: str


class _NextWords(msgspec.Struct, frozen=True):
    offer: tuple[str, ...]
    money: str


class _CrisisWords(msgspec.Struct, frozen=True):
    urgent: tuple[str, ...]
    concern: tuple[str, ...]
    suicide: str


class _Words(msgspec.Struct, frozen=True):
    band: dict[str, _BandWords]
    next: _NextWords
    crisis: _CrisisWords


_WORDS = msgspec.convert(read_table("advice.toml"), _Words)


def describe(judgement: Judgement) -> str:
    """Help for a person in danger first, then band, what to do, reasons with the words quoted, next steps."""
    parts = [_help_lines(judgement.crisis)] if judgement.crisis.level != "none" else []
    if judgement.crisis.level == "none" or judgement.band != "not_an_offer":
        words = _WORDS.band[judgement.band]
        parts.append([words.head, words.do])
        parts += [_reason_lines(sign) for sign in judgement.indicators[:_MOST_REASONS]]
        if judgement.band != "not_an_offer":
            parts.append(_next_lines(judgement.indicators))
    return "\n\n".join("\n".join(lines) for lines in parts)


def _help_lines(crisis: Crisis) -> list[str]:
    lines = list(_WORDS.crisis.urgent if crisis.level == "urgent" else _WORDS.crisis.concern)
    return [*lines, _WORDS.crisis.suicide] if "suicide" in crisis.kinds else lines


def _reason_lines(sign: Indicator) -> list[str]:
    return [f"“{' '.join(sign.evidence.split())}”", sign.reason]


def _next_lines(indicators: tuple[Indicator, ...]) -> list[str]:
    asks_money = any(sign.code in _MONEY_SIGNS for sign in indicators)
    return [f"• {line}" for line in (*_WORDS.next.offer, *([_WORDS.next.money] if asks_money else []))]
