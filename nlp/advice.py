"""The plain form of a judgement, for a person who reads it on a screen."""

import msgspec

from nlp.findings import Crisis, Indicator, Judgement
from nlp.tables import read_table

_MOST_REASONS = 3
_MONEY_SIGNS = frozenset(
    {"pay_before_work", "advance_task_money", "broker_fee", "investment_job", "like_task", "mule_account"}
)
_MONEY_ENTITIES = ("fee", "bank_account", "promptpay")
# The sign of the trained model: words that a rule names explain more than a stretch that looked familiar.
_LEARNED = "wording"


class _BandWords(msgspec.Struct, frozen=True):
    head: str
    do: str


class _ReasonWords(msgspec.Struct, frozen=True):
    unnamed: str


class _NextWords(msgspec.Struct, frozen=True):
    offer: tuple[str, ...]
    money: str
    abroad: str


class _CrisisWords(msgspec.Struct, frozen=True):
    urgent: tuple[str, ...]
    concern: tuple[str, ...]
    suicide: str


class _Words(msgspec.Struct, frozen=True):
    band: dict[str, _BandWords]
    reason: _ReasonWords
    next: _NextWords
    crisis: _CrisisWords


_WORDS = msgspec.convert(read_table("advice.toml"), _Words)


def describe(judgement: Judgement) -> str:
    """Help for a person in danger first, then band, what to do, reasons with the words quoted, next steps."""
    parts = [_help_lines(judgement.crisis)] if judgement.crisis.level != "none" else []
    if judgement.crisis.level == "none" or judgement.band != "not_an_offer":
        words = _WORDS.band[judgement.band]
        parts.append([words.head, words.do])
        parts += [_reason_lines(sign) for sign in _telling(judgement.indicators)]
        if judgement.band != "not_an_offer":
            parts.append(_next_lines(judgement))
    return "\n\n".join("\n".join(lines) for lines in parts)


def _help_lines(crisis: Crisis) -> list[str]:
    lines = list(_WORDS.crisis.urgent if crisis.level == "urgent" else _WORDS.crisis.concern)
    return [*lines, _WORDS.crisis.suicide] if "suicide" in crisis.kinds else lines


def _telling(indicators: tuple[Indicator, ...]) -> list[Indicator]:
    """The strongest signs against the offer, one a reason."""
    told: dict[str, Indicator] = {}
    for sign in sorted(indicators, key=lambda sign: (sign.code == _LEARNED, -sign.weight)):
        if sign.weight > 0 and sign.evidence.strip():
            told.setdefault(sign.reason, sign)
    return list(told.values())[:_MOST_REASONS]


def _reason_lines(sign: Indicator) -> list[str]:
    return [f"“{' '.join(sign.evidence.split())}”", sign.reason or _WORDS.reason.unnamed]


def _next_lines(judgement: Judgement) -> list[str]:
    said = judgement.entities
    money = any(sign.code in _MONEY_SIGNS for sign in judgement.indicators)
    money = money or any(said.get(key) for key in _MONEY_ENTITIES)
    abroad = any(place.detail.get("country", "TH") != "TH" for place in said.get("place", ()))
    more = [*([_WORDS.next.money] if money else []), *([_WORDS.next.abroad] if abroad else [])]
    return [f"• {line}" for line in (*_WORDS.next.offer, *more)]
