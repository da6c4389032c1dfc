"""How far a person has come: `State.progress["lessons"]` keeps for each pack the lesson that comes next (`DONE` after
the last) and the pack that was read last, so that a course goes on where it was left.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from bots.dialogues.speech import move
from bots.engine.steps import State
from campaigns.lessons import Pack, packs

DIALOGUE = "lessons"
DONE = "*"


def pack_opened(state: State) -> Pack | None:
    """The pack that the conversation stands in."""
    return packs().get(str(state.data.get("pack", ""))) if state.dialogue == DIALOGUE else None


def lesson_opened(state: State) -> tuple[Pack | None, int]:
    """The lesson that the conversation stands at; no pack where it stands at none."""
    pack = pack_opened(state)
    at = pack.place_of(str(state.data.get("lesson", ""))) if pack else None
    return (pack, at) if pack and at is not None else (None, 0)


def begun_lesson(state: State) -> tuple[Pack, int] | None:
    """The pack that was read last and the lesson to go on with, where there is one."""
    pack = packs().get(str(_progress(state).get("last", "")))
    at = next_place(state, pack) if pack else None
    return (pack, at) if pack and at is not None else None


def next_place(state: State, pack: Pack) -> int | None:
    """Where the person goes on; None after the last lesson. A lesson that is no more begins the pack anew."""
    lesson_id = _progress(state).get("next", {}).get(pack.id, "")
    return None if lesson_id == DONE else pack.place_of(lesson_id) or 0


def noted(state: State, pack: Pack, upcoming: int, at: int, step: str) -> State:
    """The state that stands at this lesson and remembers which one comes next."""
    following = pack.lessons[upcoming].id if upcoming < len(pack.lessons) else DONE
    kept = {"last": pack.id, "next": {**_progress(state).get("next", {}), pack.id: following}}
    moved = move(state, DIALOGUE, step, pack=pack.id, lesson=pack.lessons[at].id)
    return msgspec.structs.replace(moved, progress={**state.progress, DIALOGUE: kept})


def _progress(state: State) -> Mapping[str, Any]:
    kept = state.progress.get(DIALOGUE, {})
    return kept if isinstance(kept, dict) else {}
