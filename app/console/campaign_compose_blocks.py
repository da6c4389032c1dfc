"""Adding, moving, removing and bringing back blocks of a wording, and the presses, cards and choices within them.

An act is what a button of the form sends: its name and, after a colon, where: `add:text`, `up:2`, `drop_press:2.0.1`.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import msgspec

from app.console.campaign_compose_form import Removed, Written
from campaigns.composer.limits import CAROUSEL_SLIDES, FEWEST_CHOICES, MOST_CHOICES, MOST_PRESSES
from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    Choice,
    ImageBlock,
    LessonBlock,
    LinkBlock,
    Press,
    QuizBlock,
    Said,
    SurveyBlock,
    TextBlock,
    Wording,
)

MOST_BLOCKS = 30
_MOST_REMOVED = 10
Holder = ButtonsBlock | CardBlock
Asking = QuizBlock | SurveyBlock


class Arranged(NamedTuple):
    """The form after an act, and the field or button that has the focus now, by its id."""

    written: Written
    focus: str = ""


def arrange(written: Written, act: str, taken: Collection[str]) -> Arranged:
    """Do one act; one that does not fit what stands there does nothing. `taken` are ids of the plan's other blocks."""
    name, _, where = act.partition(":")
    if name == "undo":
        return _bring_back(written)
    if name == "add":
        return _add(written, where, taken)
    places = _places(where)
    blocks = written.wording.blocks
    if not places or places[0] >= len(blocks):
        return Arranged(written)
    at = places[0]
    if name == "remove":
        return _remove(written, at)
    if name in {"up", "down"}:
        return _move(written, at, -1 if name == "up" else 1)
    within = _WITHIN.get(name)
    changed = within(blocks[at], places[1:]) if within else None
    if changed is None:
        return Arranged(written)
    return Arranged(_with(written, (*blocks[:at], changed, *blocks[at + 1 :])), f"b-{at}-head")


def _places(where: str) -> tuple[int, ...]:
    parts = where.split(".")
    fits = len(parts) <= 3 and all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts)
    return tuple(map(int, parts)) if fits else ()


def _with(written: Written, blocks: tuple[Block, ...]) -> Written:
    wording = msgspec.structs.replace(written.wording, blocks=blocks)
    return msgspec.structs.replace(written, wording=wording)


def _add(written: Written, kind: str, taken: Collection[str]) -> Arranged:
    blocks = written.wording.blocks
    make = _NEW.get(kind)
    if make is None or len(blocks) >= MOST_BLOCKS:
        return Arranged(written)
    block = make(_free_id(kind, {*taken, *ids_of(written.wording)}))
    return Arranged(_with(written, (*blocks, block)), f"b-{len(blocks)}-head")


def _remove(written: Written, at: int) -> Arranged:
    blocks = written.wording.blocks
    kept = (*written.removed, Removed(at, blocks[at]))[-_MOST_REMOVED:]
    left = _with(written, (*blocks[:at], *blocks[at + 1 :]))
    return Arranged(msgspec.structs.replace(left, removed=kept), "undo")


def _bring_back(written: Written) -> Arranged:
    if not written.removed:
        return Arranged(written)
    *rest, last = written.removed
    blocks = written.wording.blocks
    at = min(last.at, len(blocks))
    back = _with(written, (*blocks[:at], last.block, *blocks[at:]))
    return Arranged(msgspec.structs.replace(back, removed=tuple(rest)), f"b-{at}-head")


def _move(written: Written, at: int, step: int) -> Arranged:
    blocks = list(written.wording.blocks)
    to = at + step
    if not 0 <= to < len(blocks):
        return Arranged(written)
    blocks[at], blocks[to] = blocks[to], blocks[at]
    edge = to == 0 if step < 0 else to == len(blocks) - 1
    direction = "up" if step < 0 else "down"
    if edge:
        direction = "down" if step < 0 else "up"
    return Arranged(_with(written, tuple(blocks)), f"b-{to}-{direction}")


def ids_of(wording: Wording) -> set[str]:
    """The ids of all blocks of a wording."""
    return {block.id for block in wording.blocks}


def _free_id(kind: str, taken: Collection[str]) -> str:
    return next(name for number in range(1, len(taken) + 2) if (name := f"{kind}{number}") not in taken)


def _blank() -> Said:
    return {"th": ""}


def _new_press() -> Press:
    return Press(_blank(), opens="check")


def _new_choices() -> tuple[Choice, ...]:
    return tuple(Choice(f"c{number}", _blank(), _blank()) for number in range(1, FEWEST_CHOICES + 1))


def _new_card(card_id: str) -> CardBlock:
    return CardBlock(card_id, _blank(), _blank())


_NEW: Mapping[str, Callable[[str], Block]] = {
    "text": lambda one: TextBlock(one, _blank()),
    "image": lambda one: ImageBlock(one, ""),
    "card": _new_card,
    "carousel": lambda one: CarouselBlock(one, (_new_card("card1"), _new_card("card2"))),
    "buttons": lambda one: ButtonsBlock(one, _blank(), (_new_press(),)),
    "link": lambda one: LinkBlock(one, _blank(), _blank(), ""),
    "lesson": lambda one: LessonBlock(one, "", ""),
    "quiz": lambda one: QuizBlock(one, _blank(), _new_choices()),
    "survey": lambda one: SurveyBlock(one, _blank(), _new_choices()),
}


def _in_holder(
    block: Block, places: tuple[int, ...], change: Callable[[Holder, tuple[int, ...]], Holder | None]
) -> Block | None:
    """Change what holds presses: the block itself, or one of a carousel's cards."""
    if isinstance(block, ButtonsBlock | CardBlock):
        return change(block, places)
    if not isinstance(block, CarouselBlock) or not places or places[0] >= len(block.cards):
        return None
    at, cards = places[0], block.cards
    changed = change(cards[at], places[1:])
    if not isinstance(changed, CardBlock):
        return None
    return msgspec.structs.replace(block, cards=(*cards[:at], changed, *cards[at + 1 :]))


def _add_press(holder: Holder, _: tuple[int, ...]) -> Holder | None:
    if len(holder.presses) >= MOST_PRESSES:
        return None
    return msgspec.structs.replace(holder, presses=(*holder.presses, _new_press()))


def _drop_press(holder: Holder, places: tuple[int, ...]) -> Holder | None:
    if len(places) != 1:
        return None
    return msgspec.structs.replace(holder, presses=_without(holder.presses, places[0]))


def _without(items: tuple[Any, ...], at: int) -> tuple[Any, ...]:
    return items[:at] + items[at + 1 :]


def _add_card(block: Block, _: tuple[int, ...]) -> Block | None:
    if not isinstance(block, CarouselBlock) or len(block.cards) >= CAROUSEL_SLIDES:
        return None
    card = _new_card(_free_id("card", {card.id for card in block.cards}))
    return msgspec.structs.replace(block, cards=(*block.cards, card))


def _drop_card(block: Block, places: tuple[int, ...]) -> Block | None:
    if not isinstance(block, CarouselBlock) or len(places) != 1:
        return None
    return msgspec.structs.replace(block, cards=_without(block.cards, places[0]))


def _card_first(block: Block, places: tuple[int, ...]) -> Block | None:
    """A card goes one place forward."""
    if not isinstance(block, CarouselBlock) or len(places) != 1 or not 1 <= places[0] < len(block.cards):
        return None
    cards, at = list(block.cards), places[0]
    cards[at - 1], cards[at] = cards[at], cards[at - 1]
    return msgspec.structs.replace(block, cards=tuple(cards))


def _add_choice(block: Block, _: tuple[int, ...]) -> Block | None:
    if not isinstance(block, QuizBlock | SurveyBlock) or len(block.choices) >= MOST_CHOICES:
        return None
    choice = Choice(_free_id("c", {choice.id for choice in block.choices}), _blank(), _blank())
    return msgspec.structs.replace(block, choices=(*block.choices, choice))


def _drop_choice(block: Block, places: tuple[int, ...]) -> Block | None:
    if not isinstance(block, QuizBlock | SurveyBlock) or len(places) != 1:
        return None
    return msgspec.structs.replace(block, choices=_without(block.choices, places[0]))


_WITHIN: Mapping[str, Callable[[Block, tuple[int, ...]], Block | None]] = {
    "press": lambda block, places: _in_holder(block, places, _add_press),
    "drop_press": lambda block, places: _in_holder(block, places, _drop_press),
    "card": _add_card,
    "drop_card": _drop_card,
    "card_up": _card_first,
    "choice": _add_choice,
    "drop_choice": _drop_choice,
}
