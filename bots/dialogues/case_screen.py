"""How a case goes on, in bubbles: agencies, tracks, rights and money, each short enough for one screen."""

from collections.abc import Iterator

import msgspec

from bots.copy import copy
from bots.dialogues.dates import say_day
from bots.dialogues.numbers import numbers_bubble
from bots.dialogues.speech import text
from bots.engine.steps import Facts, Language
from core.languages import in_language
from core.messages.content import Bubble, Button, Content, Text
from referrals.progress import AgencyTold, Money, Payment, Progress, Stop

# Press codes of the answers about a payment; each carries the payment behind a colon.
GOT = ("k1:got.yes", "k1:got.no", "k1:got.unsure")
# What fits a bubble; the newest are shown.
_MOST_AGENCIES, _MOST_PAYMENTS = 3, 5
# Whether anything was found, seized or sold is not the person's to know: it is what the accused own.
_FOLLOWING = frozenset({"assets_traced", "seized", "sold"})
# So far the law gives a place to stay without anything being settled.
_PROTECTED = frozenset({"protected", "protection_extended"})
# After the judgment of first instance no claim comes in any more.
_JUDGED = frozenset({"judgment_1", "appeal", "supreme", "final", "non_indict"})


def show_case(language: Language, progress: Progress) -> tuple[Bubble, ...]:
    """Where the case is: agencies, then tracks with what comes next, then what an agency wrote."""
    if progress.is_empty:
        return (text(language, "case.nothing"),)
    agencies = progress.agencies[-_MOST_AGENCIES:]
    bubbles: list[Bubble] = []
    if agencies:
        lines = "\n".join(_agency(language, one) for one in agencies)
        if before := len(progress.agencies) - len(agencies):
            lines += "\n" + copy().say(language, "case.agencies_before", n=before)
        bubbles.append(text(language, "case.agencies", lines=lines))
    for tracks in (("victim", "prosecution"), ("compensation",)):
        told = [_stop(language, stop) for stop in progress.stops if stop.track in tracks]
        if told:
            bubbles.append(Text("\n".join(told)))
    wrote = next((one for one in reversed(agencies) if one.text), None)
    if wrote is not None:
        name = in_language(wrote.name, language)
        bubbles.append(text(language, "case.wrote", name=name, text=wrote.text))
    return tuple(bubbles)


def _agency(language: Language, one: AgencyTold) -> str:
    values = {
        "name": in_language(one.name, language), "said": say_state(language, one), "day": say_day(language, one.on),
    }  # fmt: skip
    if one.next_name is None:
        return copy().say(language, "case.agency", **values)
    return copy().say(language, "case.agency_next", next=in_language(one.next_name, language), **values)


def say_state(language: Language, one: AgencyTold) -> str:
    """How far an agency is."""
    followed = "" if one.next_name is None else "_next"
    return copy().say(language, f"case.agency_state.{one.state}{followed}")


def say_step(language: Language, stop: Stop) -> str:
    """Where a track stands."""
    return copy().say(language, f"case.{stop.track}.{_step(stop)}")


def _step(stop: Stop) -> str:
    return "following" if stop.step in _FOLLOWING else stop.step


def _stop(language: Language, stop: Stop) -> str:
    said = say_step(language, stop)
    lines = [copy().say(language, "case.stop", said=said, day=say_day(language, stop.on))]
    if stop.is_disputed:
        lines.append(copy().say(language, "case.disputed"))
    elif copy().has(after := f"case.next.{stop.track}.{_step(stop)}"):
        lines.append(copy().say(language, "case.then", said=copy().say(language, after)))
    return "\n".join(lines)


def show_rights(language: Language, progress: Progress) -> tuple[Bubble, ...]:
    """The rights that hold now, a bubble each; whether the law fits is for others to say."""
    rights = tuple(_rights_now(progress))
    names = ("intro", *rights) if rights else ("none",)
    return tuple(text(language, f"case.rights.{name}") for name in names)


def _rights_now(progress: Progress) -> Iterator[str]:
    victim, prosecution = progress.stop("victim"), progress.stop("prosecution")
    money = progress.money
    if victim is not None and victim.step in _PROTECTED:
        yield "protected"
    if money is not None and money.is_of_court:
        if money.left and not money.is_closed:
            yield "execute"
    elif not (money is not None and money.is_closed):
        yield "told"
        if prosecution is None or prosecution.step not in _JUDGED:
            yield "claim"


def show_asking(language: Language, facts: Facts) -> Bubble:
    """Whom to ask: public numbers that were verified, and staff."""
    return numbers_bubble(language, "case.ask", {"trafficking", "complaint"}, facts, abroad=False)


def show_money(language: Language, money: Money | None) -> tuple[Bubble, ...]:
    """What was ordered and paid, in baht to the satang; never of whom it was taken."""
    if money is None:
        return (text(language, "case.money.not_shown"),)
    if not money.ordered and not money.payments:
        return (text(language, "case.money.none"),)
    sums = (
        ("ordered", money.ordered), ("interest", money.interest), ("paid", money.paid),
        ("confirmed", money.confirmed),
    )  # fmt: skip
    lines = [copy().say(language, f"case.money.{name}", amount=say_baht(sum_)) for name, sum_ in sums if sum_]
    if money.left and not money.is_closed:
        lines.append(copy().say(language, "case.money.left", amount=say_baht(money.left)))
    told: list[Bubble] = [text(language, "case.money.lines", lines="\n".join(lines))]
    if money.payments:
        listed = "\n".join(_payment(language, one) for one in money.payments[-_MOST_PAYMENTS:])
        told.append(text(language, "case.money.payments", lines=listed))
    return tuple(told)


def _payment(language: Language, one: Payment) -> str:
    return copy().say(
        language, "case.money.payment", day=say_day(language, one.on), amount=say_baht(one.amount),
        said=say_answer(language, one),
    )  # fmt: skip


def say_answer(language: Language, one: Payment) -> str:
    """What the person said of a payment."""
    return copy().say(language, f"case.money.answer.{one.answer or 'waiting'}")


def ask_receipt(language: Language, payment: Payment) -> Bubble:
    return text(
        language, "case.money.question", amount=say_baht(payment.amount), day=say_day(language, payment.on)
    )


def say_baht(satang: int) -> str:
    """Satang as baht with two places."""
    return f"{satang // 100:,}.{satang % 100:02d}"


def about_payment(reply: Content, payment: Payment | None) -> Content:
    """The same answer whose buttons about money name the payment, so that an old one never speaks of another."""
    if payment is None:
        return reply
    return msgspec.structs.replace(reply, choices=tuple(_named(choice, payment) for choice in reply.choices))


def _named(choice: Button, payment: Payment) -> Button:
    if choice.data not in GOT:
        return choice
    return msgspec.structs.replace(choice, data=f"{choice.data}:{payment.id.hex}")
