"""Entry points of campaigns: a code that Telegram sends with /start, or a keyword typed as a whole message.

What the campaign says is looked up by the dispatcher. Where the conversation stands is left alone.
"""

import regex

from bots.copy import whole_messages
from bots.dialogues.lesson_finding import pack_called
from bots.dialogues.quiz_words import is_ours
from bots.dialogues.words import as_whole_message
from bots.engine.events import Event
from bots.engine.steps import EnterEffect, Facts, PrivateEffect, State, Step
from nlp.judgement import judge

_START = regex.compile(r"/start ([A-Za-z0-9_-]{1,64})")
# No keyword is of anything else, nor longer (campaigns.entries); nothing else is worth looking up, or can be.
_KEYWORD = regex.compile(r"[\p{L}\p{M}\p{N} ]{2,30}")
# What is heard as something else before any keyword is looked for.
_HEARD = frozenset({"stop", "need_help", "report", "talk_to_staff", "case_status"})


def by_code(state: State, event: Event, facts: Facts) -> Step | None:
    """The campaign that a link to us was for; None for a plain /start and for a link that opens nothing any more."""
    found = _START.fullmatch(event.text.strip())
    return _open(state, facts, f"code {found[1]}") if found else None


def by_word(said: str, state: State, facts: Facts) -> Step | None:
    """The campaign whose keyword a whole message (in the form of `as_whole_message`) is."""
    if _KEYWORD.fullmatch(said) is None:
        return None
    return _open(state, facts, f"word {said}")


def as_keyword(typed: str) -> str:
    """What somebody wants as a keyword, in the form in which it is compared; "" where it means something to us already."""
    said = as_whole_message(typed)
    known = said in whole_messages() or pack_called(said) is not None or is_ours(typed)
    return "" if known or said.startswith("/") or _is_heard_otherwise(said) else said


def _is_heard_otherwise(said: str) -> bool:
    """Whoever writes this asks for help, or tells of an offer."""
    judged = judge(said)
    return judged.crisis.level != "none" or judged.band in ("danger", "caution") or judged.intent in _HEARD


def _open(state: State, facts: Facts, asked: str) -> Step | None:
    if "entry" not in facts.fetched:
        return Step(state, wanted=frozenset({"entry"}), about=f"{state.language} {asked}")
    if facts.entry is None:
        return None
    # A keyword is nothing that staff need to read.
    return Step(state, facts.entry.content, effects=(EnterEffect(facts.entry.id), PrivateEffect()))
