"""What a person may ask about their own data: see it, fetch a copy, stop subjects of news, be forgotten.

Being forgotten follows the rule of erasing a report: where something urgent is being worked on it waits 72 hours and
can be taken back. Who chose a code word is asked for it first: whoever only holds the phone is neither to learn that
there is a report nor to wipe it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import msgspec

from bots.copy import copy, whole_messages
from bots.dialogues.dates import say_day
from bots.dialogues.speech import content, move, tell, text
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.holdings import Holdings
from bots.engine.steps import (
    ConsentEffect,
    CopyEffect,
    Facts,
    ForgetEffect,
    Language,
    PrivateEffect,
    State,
    StayEffect,
    Step,
)
from core.contacts.subjects import SUBJECTS, Subject
from core.messages.content import Content
from referrals.code_words import as_code_word
from referrals.tracked import LATE_HOURS

DIALOGUE = "rights"
# Version of the words under rights.topics.
WORDING = "subjects.2026.11.1"
WAYS = ("p1:see", "p1:copy", "p1:topics", "p1:forget")
# So often a wrong word may follow a wrong word; then one asks anew.
_MOST_WORDS = 3

_Show = Callable[[State, Event, Facts, Holdings], Step]
_Act = Callable[[State, Event, Facts], Step]


def _with_holdings(show: _Show) -> _Act:
    """An answer that needs to know what is held."""

    def answer(state: State, event: Event, facts: Facts) -> Step:
        if facts.holdings is None:
            return Step(state, wanted=frozenset({"holdings"}))
        return show(state, event, facts, facts.holdings)

    return answer


def _see(state: State, _event: Event, facts: Facts, held: Holdings) -> Step:
    """Counts and dates of what stands now; in fewer words for who is under 18."""
    language = state.language
    lines = text(
        language,
        "rights.held_minor" if _is_minor(state, held) else "rights.held",
        since=_day(language, held.known_since, facts),
        checked=held.checked,
        texts=held.texts,
        reports=held.reports,
        open=held.open_reports,
        news=copy().say(language, "rights.yes" if held.takes_news else "rights.no"),
        first=copy().say(language, "rights.yes" if held.may_write_first else "rights.no"),
    )
    bubbles = [lines, text(language, "rights.kept_how_long")]
    if held.forgotten_at is not None:
        bubbles.append(text(language, "rights.will_be", day=_day(language, held.forgotten_at, facts)))
    end = "p1:stay" if held.forgotten_at else "p1:forget"
    shown = content(language, *bubbles, choices=("p1:copy", "p1:topics", end), sensitive=True)
    return Step(move(state), shown)


def _is_minor(state: State, held: Holdings) -> bool:
    return state.minor or held.minor


def _day(language: Language, moment: datetime, facts: Facts) -> str:
    return say_day(language, moment.astimezone(facts.now.tzinfo).date())


def _send_copy(state: State, _event: Event, _facts: Facts) -> Step:
    effects = (CopyEffect(state.language), PrivateEffect())
    return tell(move(state), "rights.copy_comes", effects=effects, sensitive=True)


def _after_word(act: str) -> _Act:
    """The act, behind the code word where one was chosen."""

    def answer(state: State, event: Event, facts: Facts) -> Step:
        if state.code_word:
            return tell(move(state, DIALOGUE, "word", act=act, tries=0), "rights.ask_word", sensitive=True)
        return _ACTS[act](state, event, facts)

    return answer


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """The code word before something is shown, sent or erased; commands are commands."""
    if event.kind != "text" or state.step != "word":
        return None
    if not whole_messages().get(as_whole_message(event.text), "answer.").startswith("answer."):
        return None
    act = str(state.data.get("act"))
    if as_code_word(event.text) == state.code_word and act in _ACTS:
        return _ACTS[act](state, event, facts)
    tries = int(state.data.get("tries", 0)) + 1
    if tries >= _MOST_WORDS:
        return tell(move(state), "rights.not_proved", effects=(PrivateEffect(),), sensitive=True)
    again = move(state, DIALOGUE, "word", act=act, tries=tries)
    return tell(again, "rights.wrong_word", effects=(PrivateEffect(),), sensitive=True)


def say_link(language: Language, link: str, minutes: int) -> Content:
    """The message that brings the link to one's copy."""
    return content(language, text(language, "rights.link", link=link, minutes=minutes), sensitive=True)


def _ask_forget(state: State, _event: Event, facts: Facts, held: Holdings) -> Step:
    if held.forgotten_at is not None:
        return _tell_standing(state, facts, held.forgotten_at)
    late = text(state.language, "rights.forget_late", hours=LATE_HOURS)
    bubbles = (text(state.language, "rights.forget"), *((late,) if held.forgets_late else ()))
    asked = move(state, DIALOGUE, "forget")
    return Step(
        asked,
        content(
            state.language, *bubbles, choices=("p1:forget.no", "p1:forget.yes", "p1:copy"), sensitive=True
        ),
    )


def _tell_standing(state: State, facts: Facts, due: datetime) -> Step:
    told = text(state.language, "rights.will_be", day=_day(state.language, due, facts))
    return Step(move(state), content(state.language, told, choices=("p1:stay",), sensitive=True))


def _forget(state: State, event: Event, facts: Facts, held: Holdings) -> Step:
    """What was confirmed; an old button pressed out of turn is asked about first."""
    if (state.dialogue, state.step) != (DIALOGUE, "forget") or held.forgotten_at is not None:
        return _after_word("forget")(state, event, facts)
    effects = (ForgetEffect(state.language),)
    if not held.forgets_late:
        return tell(move(state), "rights.forgetting", effects=effects, sensitive=True)
    told = text(state.language, "rights.forgetting_late", hours=LATE_HOURS)
    kept = text(state.language, "rights.left")
    reply = content(state.language, told, kept, choices=("p1:stay",), sensitive=True)
    return Step(move(state), reply, effects=effects)


def keep(state: State, _event: Event, _facts: Facts) -> Step:
    return tell(move(state), "rights.not_forgotten", choices=WAYS[:3], sensitive=True)


def stay(state: State, _event: Event, _facts: Facts) -> Step:
    """Take the wish to be forgotten back."""
    return tell(move(state), "rights.stays", choices=WAYS[:3], effects=(StayEffect(),), sensitive=True)


def say_farewell(
    language: Language, now: datetime, proof: str, *, request_days: int, message_days: int, held: bool = False
) -> Content:
    """The last message: what went, what stays and for how long, and the number under which it can be shown; `held` where the law
    has us keep a report.

    Where it comes late only its neutral line shows, so that line carries the day and the number too.
    """
    day = say_day(language, now.date())
    gone = text(language, "rights.farewell.gone", day=day)
    left = text(language, "rights.farewell.left", request_days=request_days, message_days=message_days)
    number = text(language, "rights.farewell.proof", proof=proof)
    kept = (text(language, "rights.farewell.held"),) if held else ()
    said = content(language, gone, *kept, left, number)
    return msgspec.structs.replace(
        said, notice=copy().say(language, "rights.farewell.line", day=day, proof=proof)
    )


def _topics(state: State, _event: Event, facts: Facts, held: Holdings) -> Step:
    """Subjects of news one by one; of who is under 18 we don't note what they like, so for them all or nothing."""
    if not facts.campaigns_agreed:
        return tell(move(state), "rights.no_news", choices=("n1:start",))
    if _is_minor(state, held):
        return tell(move(state), "rights.topics_minor", choices=("n1:stop",))
    offered = tuple(f"p1:{'on' if one in held.stopped else 'off'}.{one}" for one in SUBJECTS)
    return tell(move(state), "rights.topics", choices=(*offered, "n1:stop"))


def _change_topic(
    subject: Subject, state: State, event: Event, facts: Facts, held: Holdings, *, granted: bool
) -> Step:
    if _is_minor(state, held) or not facts.campaigns_agreed:
        return _topics(state, event, facts, held)
    effect = ConsentEffect(subject, granted, wording=f"{WORDING}.{state.language}", source="button")
    stopped = tuple(
        one
        for one in SUBJECTS
        if (one in held.stopped or one == subject) and not (granted and one == subject)
    )
    offered = tuple(f"p1:{'on' if one in stopped else 'off'}.{one}" for one in SUBJECTS)
    key = "rights.topic_on" if granted else "rights.topic_off"
    return tell(move(state), key, choices=(*offered, "n1:stop"), effects=(effect,))


_ACTS: Mapping[str, _Act] = {
    "see": _with_holdings(_see),
    "copy": _send_copy,
    "forget": _with_holdings(_ask_forget),
}
PRESSES: Mapping[str, Answer] = {
    **{f"p1:{act}": _after_word(act) for act in _ACTS},
    "p1:forget.yes": _with_holdings(_forget),
    "p1:forget.no": keep,
    "p1:stay": stay,
    "p1:topics": _with_holdings(_topics),
    **{f"p1:on.{one}": _with_holdings(partial(_change_topic, one, granted=True)) for one in SUBJECTS},
    **{f"p1:off.{one}": _with_holdings(partial(_change_topic, one, granted=False)) for one in SUBJECTS},
}
