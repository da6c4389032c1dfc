"""A report by its 16-digit code, from whichever phone: where it stands by the code alone, more by the code word.

What was opened stays open for a quarter of an hour after the last step, in the sealed state of this conversation alone;
nothing ties the report to this chat unless the person moves it here. A wanted "tracked" is about one of
`code:<16 digits>`, `word:<report> <word>`, `read:<report>`.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
import regex

from bots.copy import whole_messages
from bots.dialogues.case_screen import about_payment, ask_receipt
from bots.dialogues.intake_progress import DIALOGUE as INTAKE
from bots.dialogues.receipt_screen import (
    Screen,
    agency_choices,
    menu_of,
    rule_choices,
    show_answers,
    show_viewings,
)
from bots.dialogues.speech import content, move, tell, text
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import (
    AddWordsEffect,
    Effect,
    EraseReportEffect,
    Facts,
    KeepReportEffect,
    MoveReportEffect,
    PrivateEffect,
    ReportAgencyEffect,
    ReportRuleEffect,
    State,
    Step,
)
from core.messages.content import Bubble
from referrals.code_words import as_code_word
from referrals.progress import Payment
from referrals.tracked import LATE_HOURS, Tracked

PREFIX = "k1:"
DIALOGUE = "receipt"
SESSION_SECONDS = 900.0
# Version of the words beside the buttons of `receipt.agencies`.
WORDING = "report_agencies.2026.11.1"
_DIGITS = 16
# In `data`: the word by which the report was opened, and the payment that was asked about last.
_WORD, _PAYMENT = "word", "payment"
# What may stand before the code in a message of nothing else, in letters; and what people put between the digits.
_CODE = regex.compile(r"(?:[\p{L}\p{M}]{1,20}[\s:：]*){0,2}(\p{Nd}(?:[\s\p{Pd}.]*\p{Nd})*)[\s\p{P}]*")
_LONGEST_WORD, _LONGEST_CODE_MESSAGE = 40, 80  # characters
# Hours at which staff may write, in minutes after midnight.
_RULES: Mapping[str, tuple[bool, int | None, int | None]] = {
    "never": (False, None, None),
    "any": (True, None, None),
    "day": (True, 9 * 60, 17 * 60),
    "evening": (True, 18 * 60, 21 * 60),
}

_Act = Callable[[State, Event, Facts, Tracked], Step]


def read_code(said: str) -> str:
    """The digits of a message that is a code and nothing else, in any script; "" for what is none."""
    found = _CODE.fullmatch(said.strip()) if len(said) <= _LONGEST_CODE_MESSAGE else None
    return "".join(str(unicodedata.digit(c)) for c in found[1] if c.isdecimal()) if found else ""


def typed_anywhere(state: State, event: Event, facts: Facts) -> Step | None:
    """Understand a code in whatever dialogue it is typed."""
    code = read_code(event.text) if event.kind == "text" else ""
    return _look_up(state, code, facts) if len(code) == _DIGITS else None


def ask_code(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(move(state, DIALOGUE, "asked"), "receipt.ask", choices=("s1:status",))


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """Digits that are too few or too many, the code word, words to be added; commands are commands."""
    if event.kind != "text" or not whole_messages().get(as_whole_message(event.text), "answer.").startswith(
        "answer."
    ):
        return None
    if state.step == "asked":
        return _miscounted(state, event)
    if state.step == "found":
        return _try_word(state, event, facts)
    return _add(state, event, facts) if state.step == "adding" else None


def _miscounted(state: State, event: Event) -> Step | None:
    count = len(read_code(event.text))
    if count < _DIGITS // 2:
        return None
    told = text(state.language, "receipt.miscounted", count=count, wanted=_DIGITS)
    return private(Step(state, content(state.language, told)))


def _look_up(state: State, code: str, facts: Facts) -> Step:
    if "tracked" not in facts.fetched:
        return Step(state, wanted=frozenset({"tracked"}), about=f"code:{code}")
    return _answer_try(move(state, DIALOGUE, "asked"), facts, "receipt.not_found")


def _try_word(state: State, event: Event, facts: Facts) -> Step | None:
    report = _session(state, facts)
    word = as_code_word(event.text)
    if report is None or not word or len(word) > _LONGEST_WORD:
        return None
    if "tracked" not in facts.fetched:
        return Step(state, wanted=frozenset({"tracked"}), about=f"word:{report} {word}")
    if facts.tracked.referral is not None and not facts.tracked.opened:
        return private(tell(state, "receipt.wrong_word", choices=("k1:start",), sensitive=True))
    step = _answer_try(state, facts, "receipt.not_found")
    if not facts.tracked.opened:
        return step
    said = msgspec.structs.replace(step.state, data={**step.state.data, _WORD: word})
    return msgspec.structs.replace(step, state=said)


def _answer_try(state: State, facts: Facts, missing: str) -> Step:
    """Slowed, not found, found, or open: the step after a code or a word."""
    found, language = facts.tracked, state.language
    if found.wait:
        told = text(language, "receipt.slowed", wait=_wait(state, found.wait))
        return private(Step(state, content(language, told, choices=("c1:numbers",), sensitive=True)))
    if found.referral is None:
        return private(tell(move(state, DIALOGUE, "asked"), missing, choices=("s1:status",), sensitive=True))
    if found.opened:
        return private(_show_all(_opened(state, facts, "open"), facts, found))
    told = text(language, f"receipt.stage.{found.stage}")
    ask = text(language, "receipt.ask_word_here" if found.mine else "receipt.ask_word")
    return private(Step(_opened(state, facts, "found"), content(language, told, ask, sensitive=True)))


def _wait(state: State, seconds: int) -> str:
    spoken = text(state.language, "receipt.seconds", n=seconds)
    if seconds > 90:
        spoken = text(state.language, "receipt.minutes", n=-(-seconds // 60))
    return spoken.text


def private(step: Step) -> Step:
    """Codes and words are the person's own: staff who read along don't see them."""
    return Step(step.state, step.reply, effects=(*step.effects, PrivateEffect()))


def _opened(state: State, facts: Facts, step: str) -> State:
    """The session of the report that was found, from now on."""
    said = {_WORD: state.data[_WORD]} if state.dialogue == DIALOGUE and _WORD in state.data else {}
    return move(
        state, DIALOGUE, step, report=str(facts.tracked.referral), until=facts.now.timestamp() + SESSION_SECONDS,
        unlocked=facts.tracked.opened, **said,
    )  # fmt: skip


def _session(state: State, facts: Facts) -> UUID | None:
    """The report whose session stands, by its number."""
    data: Mapping[str, Any] = state.data if state.dialogue == DIALOGUE else {}
    until, report = data.get("until"), data.get("report")
    if not isinstance(until, int | float) or facts.now.timestamp() > until or not isinstance(report, str):
        return None
    return UUID(report)


def show(
    state: State,
    facts: Facts,
    found: Tracked,
    *bubbles: Bubble,
    effects: tuple[Effect, ...] = (),
    screen: Screen = "menu",
    payment: Payment | None = None,
) -> Step:
    """Bubbles of an open report with what can be done next; its session goes on from now.

    `payment` is the one that the last bubble asks about.
    """
    kept = _opened(state, facts, "adding" if screen == "adding" else "open")
    if payment is not None:
        kept = msgspec.structs.replace(kept, data={**kept.data, _PAYMENT: payment.id.hex})
    reply = content(state.language, *bubbles, choices=menu_of(screen, found), sensitive=True)
    return Step(kept, about_payment(reply, payment), effects=effects)


def _show_all(state: State, facts: Facts, found: Tracked) -> Step:
    """The report itself, and behind it the question about money that waits for the person's answer."""
    shown = show_answers(state.language, found, facts.now)
    asked = found.progress.money and found.progress.money.asked
    if not asked:
        return show(state, facts, found, *shown)
    bubbles = (*shown, ask_receipt(state.language, asked))
    return show(state, facts, found, *bubbles, screen="payment", payment=asked)


def asked_payment(state: State, facts: Facts) -> UUID | None:
    """The payment that was asked about last, while its report lies open."""
    payment = state.data.get(_PAYMENT) if _session(state, facts) is not None else None
    return UUID(payment) if isinstance(payment, str) else None


def with_report(act: _Act) -> Answer:
    """An act upon the report whose session stands; what it shows is read anew each time."""

    def answer(state: State, event: Event, facts: Facts) -> Step:
        report = _session(state, facts)
        if report is None or state.data.get("unlocked") is not True:
            return tell(move(state), "receipt.over", choices=("k1:start",))
        if "tracked" not in facts.fetched:
            return Step(state, wanted=frozenset({"tracked"}), about=f"read:{report}")
        if facts.tracked.referral is None:
            # Erased, or its word was changed: what was opened is over, and a number tells the rest.
            return tell(move(state), "receipt.over", choices=("k1:start",), sensitive=True)
        return act(state, event, facts, facts.tracked)

    return answer


def _status(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    return _show_all(state, facts, found)


def _viewings(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    return show(state, facts, found, show_viewings(state.language, found, facts.now))


def _ask_to_add(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    if found.stage == "closed":
        return show(state, facts, found, text(state.language, "receipt.closed_for_more"))
    return show(state, facts, found, text(state.language, "receipt.add"), screen="adding")


def _add_words(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    if found.stage == "closed" or found.referral is None:
        return show(state, facts, found, text(state.language, "receipt.closed_for_more"))
    added = text(state.language, "receipt.added")
    step = show(state, facts, found, added, effects=(AddWordsEffect(found.referral),), screen="adding")
    return private(step)


_add = with_report(_add_words)


def alongside(before: State, event: Event, facts: Facts, step: Step) -> Step:
    """Words of danger that were meant for the report join it too, whoever answers them; those of concern are part of it."""
    report = (
        _session(before, facts) if before.step == "adding" and before.data.get("unlocked") is True else None
    )
    if (
        report is None
        or event.kind != "text"
        or facts.crisis.level == "none"
        or step.wanted
        or step.state.decoy
    ):
        return step
    effects = (*step.effects, AddWordsEffect(report))
    if facts.crisis.level == "urgent" or "suicide" in facts.crisis.kinds:
        return msgspec.structs.replace(step, effects=effects)
    data = {**before.data, "until": facts.now.timestamp() + SESSION_SECONDS}
    added = text(before.language, "receipt.added")
    reply = content(before.language, added, choices=menu_of("adding", facts.tracked), sensitive=True)
    return private(Step(msgspec.structs.replace(before, data=data), reply, effects=effects))


def _agencies(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    return show(state, facts, found, text(state.language, "receipt.agencies"), screen="agencies")


def _change_agency(agency: str, granted: bool) -> _Act:  # noqa: FBT001 - bound once, in the table of presses
    def act(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
        if found.referral is None:
            return _agencies(state, _event, facts, found)
        key = "receipt.agency_on" if granted else "receipt.agency_off"
        effect = ReportAgencyEffect(found.referral, agency, granted, WORDING)
        return show(state, facts, found, text(state.language, key), effects=(effect,))

    return act


def _rules(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    return show(state, facts, found, text(state.language, "receipt.rules"), screen="rules")


def _change_rule(name: str) -> _Act:
    def act(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
        if found.referral is None:
            return _rules(state, _event, facts, found)
        may, first, last = _RULES[name]
        effect = ReportRuleEffect(found.referral, may, first, last)
        return show(state, facts, found, text(state.language, f"receipt.ruled.{name}"), effects=(effect,))

    return act


def _ask_to_erase(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    asked = text(state.language, "receipt.erase_now")
    if found.held:
        asked = text(state.language, "receipt.erase_held")
    elif found.erases_late:
        asked = text(state.language, "receipt.erase_late", hours=LATE_HOURS)
    return show(state, facts, found, asked, screen="erase")


def _erase(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    if found.referral is None:
        return _ask_to_erase(state, _event, facts, found)
    effect = EraseReportEffect(found.referral)
    if found.held:
        told = text(state.language, "receipt.will_be_erased_after")
        return show(state, facts, found, told, effects=(effect,), screen="erasing")
    state = _without_draft(state, facts, found)
    if not found.erases_late:
        return tell(move(state), "receipt.erased", effects=(effect,), sensitive=True)
    told = text(state.language, "receipt.will_be_erased", hours=LATE_HOURS)
    return show(state, facts, found, told, effects=(effect,), screen="erasing")


def _without_draft(state: State, facts: Facts, found: Tracked) -> State:
    """What the chat remembers of the questions would tell the erased report anew."""
    kept, standing = state.aside, facts.open_referral
    another = not found.mine or (standing is not None and standing.id != found.referral)
    if another or kept is None or kept.dialogue != INTAKE or kept.data.get("sent") is not True:
        return state
    return msgspec.structs.replace(state, aside=None)


def _keep(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    effects = (KeepReportEffect(found.referral),) if found.referral else ()
    return show(state, facts, found, text(state.language, "receipt.kept"), effects=effects, screen="kept")


def _move_here(state: State, _event: Event, facts: Facts, found: Tracked) -> Step:
    if found.mine or found.referral is None:
        return show(state, facts, found, text(state.language, "receipt.is_here"))
    if facts.open_referral is not None and found.stage != "closed":
        return show(state, facts, found, text(state.language, "receipt.move_full"))
    # From now on it guards the report here too.
    kept = msgspec.structs.replace(move(state), code_word=state.code_word or str(state.data.get(_WORD, "")))
    return tell(
        kept, "receipt.moved", choices=("s1:status",), effects=(MoveReportEffect(found.referral),),
        sensitive=True,
    )  # fmt: skip


def leave(state: State, _event: Event, _facts: Facts) -> Step:
    """Close the report again; nothing of it stays in this chat."""
    return tell(move(state), "receipt.left", choices=("k1:start",))


PRESSES: Mapping[str, Answer] = {
    "k1:start": ask_code,
    "k1:done": leave,
    "k1:status": with_report(_status),
    "k1:who": with_report(_viewings),
    "k1:add": with_report(_ask_to_add),
    "k1:agencies": with_report(_agencies),
    "k1:rules": with_report(_rules),
    "k1:erase": with_report(_ask_to_erase),
    "k1:erase.yes": with_report(_erase),
    "k1:keep": with_report(_keep),
    "k1:move": with_report(_move_here),
    **{code: with_report(_change_agency(*agency_of)) for code, agency_of in agency_choices().items()},
    **{code: with_report(_change_rule(name)) for code, name in rule_choices().items()},
}
