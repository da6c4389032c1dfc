"""A case that lies open by its receipt: where it is, what comes next, the rights that hold now, the money.

What an agency says it paid is asked about: came, not yet, not sure. The answer of a button is about the payment that the
button names; a typed one about the payment that was asked about last.
"""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from bots.copy import whole_messages
from bots.dialogues import receipt
from bots.dialogues.case_screen import (
    GOT,
    ask_receipt,
    say_baht,
    show_asking,
    show_case,
    show_money,
    show_rights,
)
from bots.dialogues.receipt import show, with_report
from bots.dialogues.speech import text
from bots.dialogues.words import NO, YES, as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, ReceiptEffect, State, Step
from core.messages.content import Bubble
from referrals.progress import Money, Payment
from referrals.tracked import Tracked

PREFIX = "k1:got."
_YES, _NO, _UNSURE = GOT


def _case(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    return show(state, facts, found, *show_case(state.language, found.progress), screen="case")


def _rights(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    return show(state, facts, found, *show_rights(state.language, found.progress), screen="case")


def _ask(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    return show(state, facts, found, show_asking(state.language, facts), screen="case")


def _money(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    """The sums, and the question about the payment that waits for an answer; who said "not yet" may say it came."""
    money, language = found.progress.money, state.language
    bubbles: tuple[Bubble, ...] = show_money(language, money)
    asked = _askable(money) if money is not None else None
    if asked is None:
        return show(state, facts, found, *bubbles, screen="case")
    return show(state, facts, found, *bubbles, ask_receipt(language, asked), screen="payment", payment=asked)


def _askable(money: Money) -> Payment | None:
    if money.is_closed:
        return None
    return money.asked or next((one for one in money.payments if one.answer == "denied"), None)


def press(state: State, event: Event, facts: Facts) -> Step | None:
    """An answer about the payment that the button names."""
    code, _, payment = event.data.partition(":got.")[2].partition(":")
    whole = f"{PREFIX}{code}"
    if not event.data.startswith(PREFIX) or whole not in GOT or not payment:
        return None
    return _answer(whole, _read_id(payment))(state, event, facts)


def _read_id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _typed(code: str) -> Answer:
    """An answer without a payment in it: about the one that was asked about last, while its report lies open."""

    def answer(state: State, event: Event, facts: Facts) -> Step | None:
        asked = receipt.asked_payment(state, facts)
        if asked is None and event.kind != "press":
            return None
        return _answer(code, asked)(state, event, facts)

    return answer


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """Yes, no and not sure where a payment was asked about; else what the receipt's own dialogue makes of it."""
    code = _code_of(event) if receipt.asked_payment(state, facts) is not None else ""
    return _typed(code)(state, event, facts) if code else receipt.follow_up(state, event, facts)


def _code_of(event: Event) -> str:
    said = whole_messages().get(as_whole_message(event.text), "") if event.kind == "text" else ""
    if said in YES:
        return _YES
    if said in NO:
        return _NO
    return _UNSURE if said == "answer.unsure" else ""


def _answer(code: str, payment_id: UUID | None) -> Answer:
    def act(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
        money = found.progress.money
        payment = money.payment(payment_id) if money and payment_id else None
        if money is None or payment is None:
            return _tell(state, facts, found, "case.money.gone")
        if money.is_closed:
            return _tell(state, facts, found, "case.money.closed")
        if payment.answer == "confirmed" or (payment.answer == "denied" and code == _NO):
            return _tell(state, facts, found, "case.money.said_before")
        if code == _UNSURE:
            return _tell(state, facts, found, "case.money.unsure")
        return _note(state, facts, found, payment, got=code == _YES)

    return with_report(act)


def _note(state: State, facts: Facts, found: Tracked, payment: Payment, *, got: bool) -> Step:
    """Write the answer down, and ask about the next payment that waits."""
    language, money = state.language, found.progress.money
    key = "case.money.yes" if got else "case.money.no"
    noted = text(language, key, amount=say_baht(payment.amount))
    left = tuple(one for one in money.payments if one.id != payment.id) if money else ()
    following = msgspec.structs.replace(money, payments=left).asked if money else None
    asked = (ask_receipt(language, following),) if following else ()
    step = show(
        state, facts, found, noted, *asked, screen="payment" if following else "case", payment=following
    )
    effect = ReceiptEffect(found.referral, payment.id, got) if found.referral else None
    return receipt.private(msgspec.structs.replace(step, effects=(effect,) if effect else ()))


def _tell(state: State, facts: Facts, found: Tracked, key: str) -> Step:
    return receipt.private(show(state, facts, found, text(state.language, key), screen="case"))


PRESSES: Mapping[str, Answer] = {
    "k1:case": with_report(_case),
    "k1:rights": with_report(_rights),
    "k1:ask": with_report(_ask),
    "k1:money": with_report(_money),
    **{code: _typed(code) for code in GOT},
}
