"""Hotline numbers as bubbles and lines, by need and hour."""

from collections.abc import Iterable

from bots.copy import copy
from bots.engine.steps import Facts, Language
from core.messages.content import Text
from nlp.judgement import Judgement
from referrals.directory.hotlines import Hotline, hotlines_for, say_hours

MOST = 4


def is_abroad(judgement: Judgement | None) -> bool:
    """Whether a place outside Thailand is named."""
    places = judgement.entities.get("place", ()) if judgement else ()
    return any(place.detail.get("country", "TH") != "TH" for place in places)


def may_have_paid(facts: Facts) -> bool:
    """Whether somebody tells of money in trouble that is over, so that an account may still be frozen in time."""
    judgement = facts.judgement
    if judgement is None or facts.intent not in {"report", "need_help"}:
        return False
    if {"trafficking", "detention"} & set(facts.crisis.kinds):
        return False
    return any(judgement.entities.get(key) for key in ("money", "fee", "bank_account", "promptpay"))


def freezing_bubble(language: Language, facts: Facts) -> Text:
    """Whom to call first when money is gone."""
    return numbers_bubble(language, "offer.report_numbers", {"money_sent"}, facts, abroad=False)


def numbers_bubble(language: Language, key: str, kinds: Iterable[str], facts: Facts, *, abroad: bool) -> Text:
    """A bubble that opens with the saying `key` and lists the numbers for these needs, one a line."""
    found = hotlines_for(kinds, place_abroad=abroad, now=facts.now)[:MOST]
    lines = [
        copy().say(language, "numbers.in_thailand", number=say_number(language, hotline, facts))
        if abroad and hotline.only_in_thailand
        else say_number(language, hotline, facts)
        for hotline in found
    ]
    return Text("\n".join([copy().say(language, key), *lines]))


def say_number(language: Language, hotline: Hotline, facts: Facts) -> str:
    """Number, whose it is, and its hours where they are known."""
    hours = say_hours(hotline, facts.now, language)
    said = copy().say(
        language,
        "numbers.with_hours" if hours else "numbers.without_hours",
        number=hotline.number,
        name=hotline.name[language],
        hours=hours,
    )
    if not hotline.dialled_from_abroad:
        return said
    return said + " " + copy().say(language, "numbers.from_abroad", number=hotline.dialled_from_abroad)
