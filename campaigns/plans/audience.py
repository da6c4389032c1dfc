"""Whom a campaign is for, as data: everything that must hold, and everything that must not.

A rule holds when any of its values does. Who agreed, who stopped and who must not be reached now is no rule: it holds
for every campaign (campaigns.audience.selecting).
"""

import msgspec

from core.contacts.subjects import Subject
from core.languages import Language


class SubjectRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="subject"):
    """Takes news of any of these."""

    subjects: tuple[Subject, ...]


class ChannelRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="channel"):
    channels: tuple[str, ...]


class LanguageRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="language"):
    languages: tuple[Language, ...]


class ProvinceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="province"):
    """Codes of app.faces.provinces; who told us none is in none."""

    provinces: tuple[str, ...]


class SeenRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="seen"):
    """Wrote to us within so many days."""

    days: int


class AnsweredRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="answered"):
    """Answered a question of an earlier campaign; with any of `choices`, or anything where empty."""

    campaign: str
    question: str
    choices: tuple[str, ...] = ()


class ScoreRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="score"):
    """Right answers of a campaign's quiz, in per cent of those given, both bounds included."""

    campaign: str
    least: int = 0
    most: int = 100


class CheckedRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="checked"):
    """Had an offer checked within so many days. What came of it is no rule: it would tell of the person."""

    days: int


class TagRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="tag"):
    tags: tuple[str, ...]


Rule = (
    SubjectRule
    | ChannelRule
    | LanguageRule
    | ProvinceRule
    | SeenRule
    | AnsweredRule
    | ScoreRule
    | CheckedRule
    | TagRule
)


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All of `include` hold and none of `exclude`; both empty is everybody who agreed."""

    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()
    # Per cent chosen at random who get nothing, to compare with.
    holdout: int = 0
    # At most so many campaign messages to a person within seven days, this one included; 0 is no cap.
    weekly_cap: int = 3
