"""Who answers when the current dialogue has nothing to say: by press, by word, by kind of event, by intent."""

from collections.abc import Callable, Mapping

from bots.copy import whole_messages
from bots.dialogues import (
    attachments,
    campaign_answer,
    cancelling,
    case,
    code_word,
    decoy,
    entry,
    evidence,
    first_contact,
    genuine,
    guide,
    intake,
    intake_screen,
    leaving,
    lesson_screen,
    lessons,
    menu,
    money_sent,
    news,
    offer,
    other_language,
    picture,
    plea,
    quiz,
    quiz_screen,
    receipt,
    rights,
    staff,
    waiting,
    what_now,
)
from bots.dialogues.lesson_finding import plainly_asked
from bots.dialogues.quoting import LEARNED
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step

PRESSES: Mapping[str, Answer] = {
    **first_contact.PRESSES, **menu.PRESSES, **offer.PRESSES, **staff.PRESSES, **plea.PRESSES,
    **cancelling.PRESSES, **news.PRESSES, **guide.PRESSES,
    **leaving.PRESSES, **decoy.PRESSES, **code_word.PRESSES, **genuine.PRESSES,
    **intake.PRESSES,
    **lessons.PRESSES, **what_now.PRESSES,
    **receipt.PRESSES, **case.PRESSES, **rights.PRESSES,
    **quiz.PRESSES,
}  # fmt: skip


def route(state: State, event: Event, facts: Facts) -> Step:
    """Always answers; kinds that want no answer get a step that says nothing."""
    handler = _BY_KIND.get(event.kind)
    return handler(state, event, facts) if handler else Step(state)


def _by_press(state: State, event: Event, facts: Facts) -> Step:
    if event.data.startswith(waiting.OPEN):
        return waiting.show(state, facts)
    pressed = _press(event.data, state, event, facts)
    if pressed is None and event.data.startswith(intake_screen.PREFIX):
        return intake.press(state, event, facts)
    if pressed is None and event.data.startswith(lesson_screen.PREFIX):
        pressed = lessons.press(state, event, facts)
    if pressed is None and event.data.startswith(quiz_screen.PREFIX):
        pressed = quiz.press(state, event, facts)
    if pressed is None and event.data.startswith(case.PREFIX):
        pressed = case.press(state, event, facts)
    pressed = pressed or campaign_answer.press(state, event, facts)
    return pressed or menu.meet_old_button(state, event, facts)


def _press(code: str, state: State, event: Event, facts: Facts) -> Step | None:
    handler = PRESSES.get(code)
    return handler(state, event, facts) if handler else None


def _by_text(state: State, event: Event, facts: Facts) -> Step:
    said = as_whole_message(event.text)
    pressed = (
        entry.by_code(state, event, facts)
        or _press(whole_messages().get(said, ""), state, event, facts)
        or lessons.by_keyword(said, state)
    )
    pressed = pressed or quiz.own_offer(state, event)
    if pressed is not None:
        return pressed
    # Money can be stopped only while it is still there; a text that also offers work is judged behind the number.
    judged = _is_judged(event, facts)
    if money_sent.is_all(event) or (money_sent.is_told(event) and not judged):
        return money_sent.answer(state, event, facts)
    if judged:
        return offer.judge(state, event, facts)
    entered = entry.by_word(said, state, facts)
    if entered is not None:
        return entered
    if facts.open_referral is not None and facts.intent not in _NOT_FOR_STAFF:
        return staff.pass_on(state, facts)
    unread = other_language.answer(state, event, facts)
    if unread is not None:
        return unread
    if facts.judgement is not None and facts.judgement.band == "unclear" and facts.intent in _MAY_BE_OFFER:
        return offer.judge(state, event, facts)
    return _by_intent(state, event, facts)


def _is_judged(event: Event, facts: Facts) -> bool:
    """A verdict is due; on a text in letters that we don't read only where a rule found words that it knows."""
    if not offer.is_offer(facts) or facts.intent in _MEANT_FOR_US:
        return False
    told = facts.open_referral is not None or facts.intent == "need_help"
    if told and offer.only_looks_like_one(event, facts):
        # Where they are or who holds them is no offer.
        return False
    signs = facts.judgement.indicators if facts.judgement else ()
    return other_language.script_of(event.text) is None or any(sign.code != LEARNED for sign in signs)


def _by_intent(state: State, event: Event, facts: Facts) -> Step:
    lesson = plainly_asked(event) if facts.intent in _MAY_ASK_FOR_LESSONS else ""
    if lesson:
        return lessons.show_entry(lesson, state, facts)
    if facts.intent in _MAY_BE_FORWARDED and len(event.text) > _MORE_THAN_A_QUESTION:
        return offer.tell_none_found(state, event, facts)
    if facts.intent == "small_talk" and not state.notice:
        return first_contact.greet(state, event, facts)
    return _BY_INTENT.get(facts.intent, menu.ask_again)(state, event, facts)


def _take_report(state: State, event: Event, facts: Facts) -> Step:
    """With an offer at hand it goes to staff as it is; otherwise it is asked for, question by question."""
    answer = offer.take_report if state.dialogue == "offer" else intake.begin
    return answer(state, event, facts)


def _talk_to_staff(state: State, event: Event, facts: Facts) -> Step:
    """Who asks whether a person or a machine answers here is told; nothing is opened for them."""
    if facts.open_referral is None and guide.asks_who_answers(event.text):
        return guide.answer_entry("bot", state, event, facts)
    return staff.open_for_asking(state, event, facts)


# Said to us, even where the words sound like an offer ("do you have jobs?").
_MEANT_FOR_US = frozenset({"talk_to_staff", "case_status", "service_question"})
# Said to us and not to the staff who are reading along.
_NOT_FOR_STAFF = frozenset({"thanks", "case_status", "talk_to_staff", "service_question", "stop"})
_MORE_THAN_A_QUESTION = 60  # characters
_MAY_BE_FORWARDED = frozenset({"check_offer", "small_talk"})
# Where a question about a lesson's subject may be taken for something else.
_MAY_ASK_FOR_LESSONS = frozenset({"", "check_offer", "report", "need_help", "small_talk"})
_MAY_BE_OFFER = frozenset({"", "check_offer", "campaign_answer", "small_talk", "unreadable"})

_BY_INTENT: Mapping[str, Callable[[State, Event, Facts], Step]] = {
    "check_offer": offer.invite,
    "report": _take_report,
    "need_help": intake.begin,
    "case_status": staff.tell_status,
    "talk_to_staff": _talk_to_staff,
    "stop": news.show,
    "service_question": guide.answer,
    "thanks": menu.answer_thanks,
}

_BY_KIND: Mapping[str, Callable[[State, Event, Facts], Step]] = {
    "text": _by_text,
    "press": _by_press,
    "picture": picture.receive,
    "reading": picture.answer_reading,
    "evidence": evidence.tell_problem,
    "sticker": attachments.answer,
    "location": attachments.answer,
    "audio": attachments.answer,
    "file": attachments.answer,
    "contact_card": attachments.answer,
    "follow": first_contact.greet,
    "join": first_contact.greet,
}
