"""Hotline numbers as bubbles and lines, by need and hour."""

from collections.abc import Iterable

from bots.copy import copy
from bots.dialogues.dates import say_day
from bots.engine.steps import Facts, Language, State
from core.languages import in_language
from core.messages.content import Text
from nlp.findings import Judgement
from referrals.directory.hotlines import Hotline, hotlines_for, say_hours

MOST = 4
# Shown to somebody who asks for numbers without having said what for.
GENERAL_KINDS = frozenset({"danger", "trafficking", "suicide", "money_sent"})


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


def known_kinds(state: State, facts: Facts) -> frozenset[str]:
    """What the person's danger is about, as far as they told us."""
    remembered = state.data.get("kinds", ())
    standing = facts.open_referral
    return frozenset(str(kind) for kind in remembered) | frozenset(standing.kinds if standing else ())


def freezing_bubble(language: Language, facts: Facts) -> Text:
    """Whom to call first when money is gone."""
    return numbers_bubble(language, "offer.report_numbers", {"money_sent"}, facts, abroad=False)


def numbers_bubble(language: Language, key: str, kinds: Iterable[str], facts: Facts, *, abroad: bool) -> Text:
    """A bubble that opens with the saying `key` and lists the numbers for these needs, one a line."""
    lines = [
        copy().say(language, "numbers.in_thailand", number=say_number(language, hotline, facts))
        if abroad and hotline.only_in_thailand
        else say_number(language, hotline, facts)
        for hotline in shown_for(kinds, facts, abroad=abroad)
    ]
    return Text("\n".join([copy().say(language, key), *lines]))


def verified_bubbles(language: Language, hotlines: Iterable[Hotline]) -> tuple[Text, Text]:
    """The day on which each of these numbers was last checked at its source, behind what that means."""
    lines = [
        copy().say(
            language, "numbers.verified", number=found.number, day=say_day(language, found.verified_at)
        )
        for found in hotlines
    ]
    return Text(copy().say(language, "numbers.verified_intro")), Text("\n".join(lines))


def shown_for(kinds: Iterable[str], facts: Facts, *, abroad: bool) -> tuple[Hotline, ...]:
    """The numbers that `numbers_bubble` lists for these needs, those that answer now first."""
    return hotlines_for(kinds, place_abroad=abroad, now=facts.now)[:MOST]


def say_number(language: Language, hotline: Hotline, facts: Facts) -> str:
    """Number, whose it is, and its hours where they are known."""
    hours = say_hours(hotline, facts.now, language)
    said = copy().say(
        language,
        "numbers.with_hours" if hours else "numbers.without_hours",
        number=hotline.number,
        name=in_language(hotline.name, language),
        hours=hours,
    )
    if not hotline.dialled_from_abroad:
        return said
    return said + " " + copy().say(language, "numbers.from_abroad", number=hotline.dialled_from_abroad)
