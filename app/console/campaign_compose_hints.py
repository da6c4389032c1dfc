"""What stands under each field of the composer: how much of each platform's room is taken, what stops, what is only a hint.

Slots are ids of the page: the place of a field with dashes, "b-0-text-th"; "b-0" is a whole block, "page" the wording.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from app.console.texts import say
from campaigns.composer import limits
from campaigns.composer.fault import Fault
from campaigns.composer.rendering import said_in
from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
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
from core.messages.fitting import utf16_units
from core.messages.wording import count_graphemes

PAGE = "page"
Tone = Literal["room", "stop", "hint"]


class Note(NamedTuple):
    tone: Tone
    text: str


class Slot(NamedTuple):
    """A field: its id on the page, its place as faults name it, and the room it takes."""

    id: str
    place: str
    room: tuple[Note, ...] = ()


def notes_of(wording: Wording, faults: Iterable[Fault], prefix: str) -> Mapping[str, Sequence[Note]]:
    """What stands under each field of a wording, every field in it; `prefix` is the wording's place in its plan."""
    slots = list(_slots(wording))
    found: dict[str, list[Note]] = {slot.id: list(slot.room) for slot in slots}
    ids = {f"{prefix}.{slot.place}" if slot.place else prefix: slot.id for slot in slots}
    for fault in faults:
        note = Note("stop" if fault.stops else "hint", fault_words(fault))
        under = found[_nearest(fault.place, ids, prefix)]
        if note not in under:
            under.append(note)
    return found


def _nearest(place: str, ids: Mapping[str, str], prefix: str) -> str:
    """The field that a place is in; the whole page for what is of no field here."""
    whole = place
    while place:
        if place in ids:
            # Of a text with one field in each language the measure of the whole is said there.
            language = whole.removeprefix(f"{place}.")
            return ids.get(f"{place}.text.{language}", ids[place])
        place = place.rpartition(".")[0]
        if place == prefix:
            break
    return PAGE


def fault_words(fault: Fault) -> str:
    """A fault as its author reads it."""
    values = {
        # `language` is whose words are shown; which of them are meant its field says.
        name: f"{value:,}" if isinstance(value, int) else value
        for name, value in fault.values.items()
        if name != "language"
    }
    words = say(f"campaign_fault.{fault.code}", **values)
    return f"{say('campaign_compose.on_' + fault.channel)}: {words}" if fault.channel else words


def _slots(wording: Wording) -> Iterator[Slot]:
    yield Slot(PAGE, "")
    for language, text in wording.notice.items():
        room = _room("room_letters", count_graphemes(text), limits.NOTICE_GRAPHEMES)
        yield Slot(f"notice-{language}", f"notice.{language}", (room,))
    yield from (
        Slot(f"notice-{language}", f"notice.{language}")
        for language in ("th", "en")
        if language not in wording.notice
    )
    for at, block in enumerate(wording.blocks):
        yield from _of_block(f"b-{at}", block.id, block, wording.notice)


def _of_block(slot: str, place: str, block: Block, notice: Said) -> Iterator[Slot]:
    yield Slot(slot, place)
    match block:
        case TextBlock() | ButtonsBlock() | LinkBlock():
            yield from _of_words(slot, place, block, notice)
        case CardBlock():
            yield from _card(slot, place, block, notice)
        case CarouselBlock():
            for at, card in enumerate(block.cards):
                yield Slot(f"{slot}-cards-{at}", f"{place}.{card.id}")
                yield from _card(f"{slot}-cards-{at}", f"{place}.{card.id}", card, notice)
        case QuizBlock() | SurveyBlock():
            yield from _of_question(slot, place, block, notice)
        case ImageBlock():
            yield Slot(f"{slot}-media", f"{place}.media")
        case LessonBlock():
            pass


def _of_words(
    slot: str, place: str, block: TextBlock | ButtonsBlock | LinkBlock, notice: Said
) -> Iterator[Slot]:
    yield from _said(f"{slot}-text", f"{place}.text", block.text, notice)
    if isinstance(block, ButtonsBlock):
        yield from _presses(slot, place, block.presses)
    if isinstance(block, LinkBlock):
        yield from _label(f"{slot}-label", f"{place}.label", block.label)
        yield from _address(f"{slot}-address", f"{place}.address", block.address)


def _of_question(slot: str, place: str, block: QuizBlock | SurveyBlock, notice: Said) -> Iterator[Slot]:
    yield from _said(f"{slot}-question", f"{place}.question", block.question, notice)
    for at, choice in enumerate(block.choices):
        under, where = f"{slot}-choices-{at}", f"{place}.choices.{choice.id}"
        yield Slot(under, where)
        yield from _label(f"{under}-label", f"{where}.label", choice.label)
        yield from _plain(f"{under}-reply", f"{where}.reply")


def _card(slot: str, place: str, card: CardBlock, notice: Said) -> Iterator[Slot]:
    yield from _plain(f"{slot}-title", f"{place}.title")
    yield from _said(f"{slot}-text", f"{place}.text", card.text, notice)
    yield Slot(f"{slot}-media", f"{place}.media")
    yield from _presses(slot, place, card.presses)


def _presses(slot: str, place: str, presses: Sequence[Press]) -> Iterator[Slot]:
    for at, press in enumerate(presses):
        under, where = f"{slot}-presses-{at}", f"{place}.presses.{at}"
        yield Slot(under, where)
        yield from _label(f"{under}-label", f"{where}.label", press.label)
        yield from _address(f"{under}-address", f"{where}.address", press.address)


def _plain(slot: str, place: str) -> Iterator[Slot]:
    for language in ("th", "en"):
        yield Slot(f"{slot}-{language}", f"{place}.{language}")


def _label(slot: str, place: str, label: Said) -> Iterator[Slot]:
    for language in dict.fromkeys(("th", "en", *label)):
        room = _room("room_letters", count_graphemes(label.get(language, "")), limits.LABEL_GRAPHEMES)
        yield Slot(f"{slot}-{language}", f"{place}.{language}", (room,))


def _address(slot: str, place: str, address: str) -> Iterator[Slot]:
    room = (_room("room_line", utf16_units(address), limits.LINE_ADDRESS_UNITS),) if address else ()
    yield Slot(slot, place, room)


def _said(slot: str, place: str, said: Said, notice: Said) -> Iterator[Slot]:
    """Texts are counted as each platform counts them; on Telegram the neutral line takes of their room."""
    for language in dict.fromkeys(("th", "en", *said)):
        units = utf16_units(said.get(language, ""))
        taken = limits.covered_units("", said_in(notice, language))
        rooms = (
            _room("room_line", units, limits.LINE_TEXT_UNITS),
            _room("room_telegram", units, limits.TELEGRAM_TEXT_UNITS - taken),
        )
        yield Slot(f"{slot}-{language}", f"{place}.{language}", rooms)


def _room(key: str, taken: int, limit: int) -> Note:
    """What is too much is told by its fault."""
    return Note("room", say(f"campaign_compose.{key}", n=f"{taken:,}", of=f"{limit:,}"))


def tally(faults: Iterable[Fault]) -> Mapping[str, int]:
    """How many stop and how many are hints."""
    counted: dict[str, int] = defaultdict(int)
    for fault in faults:
        counted["stop" if fault.stops else "hint"] += 1
    return {"stop": counted["stop"], "hint": counted["hint"]}
