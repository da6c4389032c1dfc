"""The word that opens the true face again: asked for once, confirmed once, never shown again nor told to staff."""

import unicodedata
from collections.abc import Mapping

import msgspec
import regex

from bots.copy import LANGUAGES, copy, count_graphemes, whole_messages
from bots.dialogues.speech import button, move, tell
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import (
    CodeWordEffect,
    Effect,
    Facts,
    OpenReferralEffect,
    PrivateEffect,
    State,
    Step,
    StoreAnswersEffect,
)
from referrals.code_words import as_code_word

WORD, NO_WORD = "x1:word", "x1:no_word"
_DIALOGUE = "code_word"
_SHORTEST, _LONGEST = 4, 40  # characters as a reader counts them
_MOST_CHOICES = 13
_ROWS = ("0123456789", "9876543210", "qwertyuiop")
_NOT_LETTERS = regex.compile(r"[^\p{L}\p{M}\p{N}]")


def ask(state: State, _event: Event, _facts: Facts) -> Step:
    """Also for who has one and says it first: whoever only holds the phone can't put their own in its place."""
    step, key = ("old", "code_word.old") if state.code_word else ("ask", "code_word.ask")
    return tell(move(state, _DIALOGUE, step), key, choices=(NO_WORD,), sensitive=True)


def keep_none(state: State, _event: Event, _facts: Facts) -> Step:
    key = "code_word.as_before" if state.code_word else "code_word.none"
    return tell(move(state), key, sensitive=True)


def follow_up(state: State, event: Event, facts: Facts) -> Step | None:
    """The word, then the same once more; a command typed instead is a command."""
    if event.kind != "text":
        return None
    code = whole_messages().get(as_whole_message(event.text), "answer.")
    if not code.startswith("answer."):
        return None
    word = as_code_word(event.text)
    if state.step == "old":
        return _prove(state, word)
    if state.step == "again":
        return _confirm(state, word, facts)
    if (fault := fault_of(word)) is not None:
        return tell(
            state, f"code_word.faults.{fault}", choices=(NO_WORD,), effects=(PrivateEffect(),), sensitive=True
        )
    asked = move(state, _DIALOGUE, "again", word=word)
    return tell(asked, "code_word.again", choices=(NO_WORD,), effects=(PrivateEffect(),), sensitive=True)


def _prove(state: State, word: str) -> Step:
    """One try each time it is asked for; a wrong one leaves everything as it was."""
    if word != state.code_word:
        return tell(move(state), "code_word.not_this", effects=(PrivateEffect(),), sensitive=True)
    proved = move(state, _DIALOGUE, "ask")
    return tell(proved, "code_word.ask", choices=(NO_WORD,), effects=(PrivateEffect(),), sensitive=True)


def _confirm(state: State, word: str, facts: Facts) -> Step:
    if word != state.data.get("word"):
        again = move(state, _DIALOGUE, "ask")
        return tell(
            again, "code_word.differs", choices=(NO_WORD,), effects=(PrivateEffect(),), sensitive=True
        )
    chosen = msgspec.structs.replace(move(state), code_word=word)
    effects: list[Effect] = [PrivateEffect()]
    if facts.open_referral is not None:
        effects.append(CodeWordEffect(word))
    keys = ("code_word.kept", "code_word.take_away") if facts.channel == "line" else ("code_word.kept",)
    return tell(chosen, *keys, effects=tuple(effects), sensitive=True)


def fault_of(word: str) -> str | None:
    """What is wrong with a word: "short", "long", "common"; None where it will do."""
    if count_graphemes(_NOT_LETTERS.sub("", word)) < _SHORTEST:
        return "short"
    if count_graphemes(word) > _LONGEST:
        return "long"
    return "common" if _is_common(word) else None


def _is_common(word: str) -> bool:
    plain = "".join(str(unicodedata.digit(one, one)) for one in _NOT_LETTERS.sub("", word))
    rows = (*_ROWS, *(copy().say(language, "code_word.alphabet") for language in LANGUAGES))
    if len(set(plain)) < 3 or any(plain in row for row in rows):
        return True
    known = {line for language in LANGUAGES for line in copy().lines(language, "code_word.guessed")}
    heard = {
        line
        for key in copy().keys("decoy.hears.")
        for language in LANGUAGES
        for line in copy().lines(language, key)
    }
    return plain in {_NOT_LETTERS.sub("", line) for line in known | heard} or as_whole_message(word) in (
        whole_messages()
    )


def for_new_referral(step: Step, facts: Facts) -> Step:
    """A referral that is opened later can be opened by the word too."""
    opens = any(isinstance(effect, OpenReferralEffect) for effect in step.effects)
    if not opens or facts.open_referral is not None or not step.state.code_word:
        return step
    return msgspec.structs.replace(step, effects=(*step.effects, CodeWordEffect(step.state.code_word)))


def kept_private(state: State, event: Event, step: Step) -> Step:
    """The word, wherever it is typed, is for nobody's eyes."""
    said = (
        bool(state.code_word)
        and event.kind in {"text", "edit"}
        and as_code_word(event.text) == state.code_word
    )
    if not said or any(isinstance(effect, PrivateEffect) for effect in step.effects):
        return step
    return msgspec.structs.replace(step, effects=(*step.effects, PrivateEffect()))


def where_wished(step: Step) -> Step:
    """Who wants to be reached by a code word finds where to choose one, before all other choices."""
    given = [g for e in step.effects if isinstance(e, StoreAnswersEffect) for g in e.answers]
    wished = any(one.question == "C3" and "code_word" in one.codes for one in given)
    if not wished or step.reply is None or step.state.code_word:
        return step
    choices = (button(step.state.language, WORD), *step.reply.choices)[:_MOST_CHOICES]
    return msgspec.structs.replace(step, reply=msgspec.structs.replace(step.reply, choices=choices))


PRESSES: Mapping[str, Answer] = {WORD: ask, NO_WORD: keep_none}
