"""What authors may get wrong in a block: words that are missing or never said, variables, buttons, questions, pictures."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from campaigns.composer import limits
from campaigns.composer.fault import Fault, too_long
from campaigns.composer.personal import broken_variables
from campaigns.composer.rendering import find_hotline, find_lesson, press_code
from campaigns.links import AddressError, check_address
from campaigns.media import SIDE, MediaFacts
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
)
from campaigns.sayings import hotline_numbers
from core.messages.fitting import utf16_units
from core.messages.wording import count_graphemes, never_at_a_glance, never_said

_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_DIGITS = re.compile(r"\d[\d-]*")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_PHASES = ("", "before", "after")
_KEEPS = ("", "province")
# LINE takes 10 MB and previews of 1 MB, Telegram 5 MB of a picture that it fetches.
_LINE_BYTES, _LINE_PREVIEW_BYTES, _TELEGRAM_BYTES = 10_000_000, 1_000_000, 5_000_000
# "g1:", the campaign in 22 characters, two colons.
_PRESS_TAKEN = 27

Media = Mapping[str, MediaFacts]


def faults_of_block(place: str, block: Block, media: Media) -> Iterator[Fault]:
    """`place` ends with the block's id."""
    match block:
        case TextBlock() | ButtonsBlock() | LinkBlock():
            yield from _of_words(place, block)
        case ImageBlock():
            yield from _of_picture(place, block.media, media)
        case CardBlock():
            yield from _of_card(place, block, media)
        case CarouselBlock():
            yield from _of_carousel(place, block, media)
        case LessonBlock():
            yield from _of_lesson(place, block)
        case QuizBlock() | SurveyBlock():
            yield from _of_question(place, block)


def of_ids(place: str, ids: Iterable[str]) -> Iterator[Fault]:
    for one, often in Counter(ids).items():
        if not _ID.fullmatch(one):
            yield Fault(f"{place}.{one}", "id_wrong", values={"id": one})
        if often > 1:
            yield Fault(f"{place}.{one}", "id_twice", values={"id": one})


def of_said(place: str, said: Said, *, variables: bool = False) -> Iterator[Fault]:
    """A saying in all its languages."""
    if not said.get("th", "").strip():
        yield Fault(f"{place}.th", "missing")
    elif not said.get("en", "").strip():
        yield Fault(f"{place}.en", "english_missing", stops=False)
    for language, text in said.items():
        yield from _of_text(f"{place}.{language}", text, variables=variables)


def _of_text(place: str, text: str, *, variables: bool) -> Iterator[Fault]:
    if variables:
        for broken in broken_variables(text):
            yield Fault(place, broken.code, values={"words": broken.words})
    elif "{" in text or "}" in text:
        yield Fault(place, "variable_not_here")
    for word in never_said(text):
        yield Fault(place, "never_said", values={"word": word})
    if _ADDRESS.search(text):
        yield Fault(place, "address_in_text", stops=False)
    for number in _DIGITS.findall(text):
        if number in hotline_numbers():
            yield Fault(place, "number_written_out", values={"number": number}, stops=False)


def of_label(place: str, label: Said) -> Iterator[Fault]:
    """A label is short, and may be read over a shoulder."""
    yield from of_said(place, label)
    for language, text in label.items():
        length = count_graphemes(text)
        if length > limits.LABEL_GRAPHEMES:
            yield too_long(f"{place}.{language}", "label_too_long", length, limits.LABEL_GRAPHEMES, "line")
        yield from of_glance(f"{place}.{language}", text)


def of_glance(place: str, text: str) -> Iterator[Fault]:
    for word in never_at_a_glance(text):
        yield Fault(place, "shows_too_much", values={"word": word})


def _of_words(place: str, block: TextBlock | ButtonsBlock | LinkBlock) -> Iterator[Fault]:
    yield from of_said(f"{place}.text", block.text, variables=True)
    if isinstance(block, ButtonsBlock):
        yield from _of_presses(place, block.presses, fewest=1)
    if isinstance(block, LinkBlock):
        yield from of_label(f"{place}.label", block.label)
        yield from _of_address(f"{place}.address", block.address)


def _of_card(place: str, card: CardBlock, media: Media) -> Iterator[Fault]:
    said = [(name, value) for name in ("title", "text") if (value := getattr(card, name))]
    if not any(text.strip() for _, value in said for text in value.values()) and not card.media:
        yield Fault(place, "card_empty")
    for name, value in said:
        # An empty title is none; one that is English alone lacks its Thai.
        if any(text.strip() for text in value.values()):
            yield from of_said(f"{place}.{name}", value, variables=True)
    if card.media:
        yield from _of_picture(place, card.media, media)
    yield from _of_presses(place, card.presses)


def _of_carousel(place: str, carousel: CarouselBlock, media: Media) -> Iterator[Fault]:
    count = len(carousel.cards)
    if count < 2:
        yield Fault(place, "too_few_cards", values={"count": count, "limit": 2})
    if count > limits.CAROUSEL_SLIDES:
        values = {"count": count, "limit": limits.CAROUSEL_SLIDES}
        yield Fault(place, "too_many_cards", "line", values)
    yield from of_ids(place, (card.id for card in carousel.cards))
    for card in carousel.cards:
        yield from _of_card(f"{place}.{card.id}", card, media)


def _of_picture(place: str, media_id: str, media: Media) -> Iterator[Fault]:
    facts = media.get(media_id)
    if facts is None or facts.removed:
        yield Fault(f"{place}.media", "picture_missing" if facts is None else "picture_removed")
        return
    yield from of_said(f"{place}.media.alt", dict(facts.alt))
    if facts.size > _LINE_BYTES or facts.preview_size > _LINE_PREVIEW_BYTES:
        yield too_long(f"{place}.media", "picture_too_large", facts.size, _LINE_BYTES, "line")
    if facts.size > _TELEGRAM_BYTES:
        yield too_long(f"{place}.media", "picture_too_large", facts.size, _TELEGRAM_BYTES, "telegram")
    if max(facts.width, facts.height) > SIDE:
        side = max(facts.width, facts.height)
        yield too_long(f"{place}.media", "picture_too_many_pixels", side, SIDE, "line")


def _of_presses(place: str, presses: tuple[Press, ...], *, fewest: int = 0) -> Iterator[Fault]:
    if not fewest <= len(presses) <= limits.MOST_PRESSES:
        values = {"count": len(presses), "fewest": fewest, "limit": limits.MOST_PRESSES}
        yield Fault(f"{place}.presses", "presses_count", values=values)
    for number, press in enumerate(presses):
        yield from _of_press(f"{place}.presses.{number}", press)


def _of_press(place: str, press: Press) -> Iterator[Fault]:
    yield from of_label(f"{place}.label", press.label)
    if sum(map(bool, (press.address, press.opens, press.call))) != 1:
        yield Fault(place, "press_target")
    if press.address:
        yield from _of_address(f"{place}.address", press.address)
    if press.opens and not press_code(press.opens):
        yield Fault(f"{place}.opens", "place_unknown", values={"place": press.opens})
    if press.call:
        called = find_hotline(press.call)
        if called is None:
            yield Fault(f"{place}.call", "number_unknown", values={"number": press.call})
        elif called.mark != "V" and not called.stays:
            yield Fault(f"{place}.call", "number_unverified", values={"number": press.call})


def _of_address(place: str, address: str) -> Iterator[Fault]:
    if not _is_address(address):
        yield Fault(place, "address_wrong")
    units = utf16_units(address)
    if units > limits.LINE_ADDRESS_UNITS:
        yield too_long(place, "address_too_long", units, limits.LINE_ADDRESS_UNITS, "line")


def _is_address(address: str) -> bool:
    try:
        check_address(address)
    except (AddressError, UnicodeError):
        return False
    # A variable in an address would tell the other house who comes.
    return "{" not in address and "}" not in address


def _of_lesson(place: str, block: LessonBlock) -> Iterator[Fault]:
    lesson = find_lesson(block)
    if lesson is None:
        yield Fault(place, "lesson_unknown", values={"lesson": f"{block.pack}/{block.lesson}"})
    elif not lesson.reviewed_by:
        yield Fault(place, "lesson_not_reviewed", stops=False)


def _of_question(place: str, block: QuizBlock | SurveyBlock) -> Iterator[Fault]:
    yield from of_said(f"{place}.question", block.question, variables=True)
    count = len(block.choices)
    if not limits.FEWEST_CHOICES <= count <= limits.MOST_CHOICES:
        values = {"count": count, "fewest": limits.FEWEST_CHOICES, "limit": limits.MOST_CHOICES}
        yield Fault(f"{place}.choices", "choices_count", values=values)
    yield from of_ids(f"{place}.choices", (choice.id for choice in block.choices))
    labels = Counter(choice.label.get("th", "").strip().casefold() for choice in block.choices)
    if any(label and often > 1 for label, often in labels.items()):
        yield Fault(f"{place}.choices", "labels_alike")
    for choice in block.choices:
        yield from _of_choice(f"{place}.choices.{choice.id}", block.id, choice)
    yield from _of_quiz(place, block) if isinstance(block, QuizBlock) else _of_survey(place, block)


def _of_choice(place: str, question: str, choice: Choice) -> Iterator[Fault]:
    yield from of_label(f"{place}.label", choice.label)
    yield from of_said(f"{place}.reply", choice.reply)
    taken = _PRESS_TAKEN + sum(len(one.encode(errors="surrogatepass")) for one in (question, choice.id))
    if taken > limits.PRESS_BYTES:
        yield too_long(place, "press_too_long", taken, limits.PRESS_BYTES, "telegram")


def _of_quiz(place: str, quiz: QuizBlock) -> Iterator[Fault]:
    if not any(choice.right for choice in quiz.choices):
        yield Fault(f"{place}.choices", "no_right_answer")
    if quiz.phase not in _PHASES or bool(quiz.phase) != bool(quiz.measures):
        yield Fault(f"{place}.phase", "phase_wrong")


def _of_survey(place: str, survey: SurveyBlock) -> Iterator[Fault]:
    if any(choice.right for choice in survey.choices):
        yield Fault(f"{place}.choices", "right_in_survey")
    if survey.keeps not in _KEEPS:
        yield Fault(f"{place}.keeps", "keeps_unknown")
