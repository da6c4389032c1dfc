"""Whether this is really us: our exact names on each platform, and what we never ask for."""

from collections.abc import Mapping

from bots.dialogues.speech import content, tell, text
from bots.engine.advance import Answer
from bots.engine.events import Event
from bots.engine.steps import Facts, State, Step

GENUINE = "d1:genuine"
_PLATFORMS = {"line": "LINE", "telegram": "Telegram"}


def show(state: State, _event: Event, facts: Facts) -> Step:
    """The names as the platforms told us; where they could not be asked, that we can't say."""
    known = [
        f"{_PLATFORMS[name]}: {own}" for name, own in facts.our_ids.items() if own and name in _PLATFORMS
    ]
    choices = ("g1:who", "g1:trust")
    if not known:
        return tell(state, "genuine.unknown", "genuine.never", choices=choices)
    ids = text(state.language, "genuine.ids", ids="\n".join(known))
    return Step(state, content(state.language, ids, text(state.language, "genuine.never"), choices=choices))


PRESSES: Mapping[str, Answer] = {GENUINE: show}
