"""Who answers when the current dialogue has nothing to say: by press, by word, by kind of event, by intent."""

from collections.abc import Callable, Mapping

from bots.copy import whole_messages
from bots.dialogues import (
    attachments,
    cancelling,
    first_contact,
    guide,
    menu,
    news,
    offer,
    picture,
    plea,
    staff,
    waiting,
)
from bots.dialogues.speech import tell
from bots.dialogues.words import as_whole_message
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step

PRESSES: Mapping[str, Answer] = {
    **first_contact.PRESSES, **menu.PRESSES, **offer.PRESSES, **staff.PRESSES, **plea.PRESSES,
    **cancelling.PRESSES, **news.PRESSES, **guide.PRESSES,
}  # fmt: skip


def route(state: State, event: Event, facts: Facts) -> Step:
    """Always answers; kinds that want no answer get a step that says nothing."""
    handler = _BY_KIND.get(event.kind)
    return handler(state, event, facts) if handler else Step(state)


def _by_press(state: State, event: Event, facts: Facts) -> Step:
    if event.data.startswith(waiting.OPEN):
        return waiting.show(state, facts)
    return _press(event.data, state, event, facts) or menu.meet_old_button(state, event, facts)


def _press(code: str, state: State, event: Event, facts: Facts) -> Step | None:
    handler = PRESSES.get(code)
    return handler(state, event, facts) if handler else None


def _by_text(state: State, event: Event, facts: Facts) -> Step:
    pressed = _press(whole_messages().get(as_whole_message(event.text), ""), state, event, facts)
    if pressed is not None:
        return pressed
    if offer.is_offer(facts) and facts.intent not in {"talk_to_staff", "case_status"}:
        return offer.judge(state, event, facts)
    if facts.open_referral is not None and facts.intent not in _NOT_FOR_STAFF:
        return staff.pass_on(state, facts)
    if facts.judgement is not None and facts.judgement.band == "unclear" and facts.intent in _MAY_BE_OFFER:
        return offer.judge(state, event, facts)
    return _by_intent(state, event, facts)


def _by_intent(state: State, event: Event, facts: Facts) -> Step:
    if facts.intent == "check_offer" and len(event.text) > _MORE_THAN_A_QUESTION:
        return tell(state, "offer.none_found", choices=("m1:check",))
    if facts.intent == "small_talk" and not state.notice:
        return first_contact.greet(state, event, facts)
    return _BY_INTENT.get(facts.intent, menu.ask_again)(state, event, facts)


# Said to us and not to the staff who are reading along.
_NOT_FOR_STAFF = frozenset({"thanks", "case_status", "talk_to_staff", "service_question", "stop"})
_MORE_THAN_A_QUESTION = 60  # characters
_MAY_BE_OFFER = frozenset({"", "check_offer", "campaign_answer", "small_talk", "unreadable"})

_BY_INTENT: Mapping[str, Callable[[State, Event, Facts], Step]] = {
    "check_offer": offer.invite,
    "report": offer.take_report,
    "need_help": plea.ask_what_happened,
    "case_status": staff.tell_status,
    "talk_to_staff": staff.open_for_asking,
    "stop": news.show,
    "service_question": guide.answer,
    "thanks": menu.answer_thanks,
}

_BY_KIND: Mapping[str, Callable[[State, Event, Facts], Step]] = {
    "text": _by_text,
    "press": _by_press,
    "picture": picture.receive,
    "reading": picture.answer_reading,
    "sticker": attachments.answer,
    "location": attachments.answer,
    "audio": attachments.answer,
    "file": attachments.answer,
    "contact_card": attachments.answer,
    "follow": first_contact.greet,
    "join": first_contact.greet,
}
