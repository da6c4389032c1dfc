"""The whole conversation: what the dispatcher calls, once for each event. Pure: the same input, the same step."""

from bots.dialogues import cancelling, crisis, first_contact, group, news, offer, plea, routing
from bots.engine import advance as engine
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step

_DIALOGUES = engine.Dialogues(
    group=group.answer,
    crisis=crisis.answer,
    opt_out=news.opt_out,
    current={"offer": offer.follow_up, "plea": plea.follow_up, "cancelling": cancelling.follow_up},
    route=routing.route,
)


def advance(state: State, event: Event, facts: Facts) -> Step:
    """Answer one event of a person or group.

    Where the step's `wanted` is not empty, ask again with those facts and their names in `facts.fetched`.
    """
    if event.place == "group":
        return engine.advance(_DIALOGUES, state, event, facts)
    known = first_contact.in_their_language(state, event)
    return first_contact.with_notice(engine.advance(_DIALOGUES, known, event, facts))
