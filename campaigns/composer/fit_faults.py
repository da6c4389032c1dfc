"""What a platform would refuse or tear apart of what a wording becomes, measured on the longest that it can become."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from uuid import UUID

import msgspec

from campaigns.composer import limits
from campaigns.composer.fault import Fault, Only, too_long
from campaigns.composer.personal import fill_longest, sayings_of
from campaigns.composer.rendering import Render, said_in
from campaigns.links import addresses_of
from campaigns.media import MediaFacts
from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    LinkBlock,
    QuizBlock,
    Said,
    SurveyBlock,
    TextBlock,
    Wording,
)
from campaigns.plans.plan import Plan, Step
from core.languages import WHOLE, Language
from core.messages.content import Bubble, Carousel, Slide, Text
from core.messages.fitting import utf16_units

_Drawn = list[tuple[str, Bubble]]
# Our short links and pictures have shorter addresses, wherever the service runs.
_LONGEST_LINK = 120
_ANY_CAMPAIGN = UUID(int=2**128 - 1)


def faults_of_fit(place: str, wording: Wording, media: Mapping[str, MediaFacts]) -> Iterator[Fault]:
    """Each language by itself, on both platforms. `place` is the wording's."""
    plan = Plan(steps=(Step(wordings=(wording,)),))
    links = {address: address.ljust(_LONGEST_LINK, "x") for _, address in addresses_of(plan)}
    shown = {
        media_id: replace(facts, url=facts.url.ljust(_LONGEST_LINK, "x")) for media_id, facts in media.items()
    }
    measured: list[_Drawn] = []
    for language in _languages_of(wording):
        blocks = Render(language, person={}, links=links, campaign_id=_ANY_CAMPAIGN, media=shown)
        drawn = [(block.id, bubble) for block in wording.blocks for bubble in blocks.bubbles(_longest(block))]
        # What is not said in English is said in Thai, and has been measured.
        if drawn not in measured:
            measured.append(drawn)
            yield from _of_drawn(place, drawn, said_in(wording.notice, language), language)


def _languages_of(wording: Wording) -> list[Language]:
    """Thai and English, and whatever else somebody wrote."""
    said = [wording.notice, *(said for block in wording.blocks for said in sayings_of(block))]
    return [*WHOLE, *sorted({language for one in said for language in one} - {*WHOLE})]


def _of_drawn(place: str, drawn: _Drawn, notice: str, language: Language) -> Iterator[Fault]:
    for block_id, bubble in drawn:
        yield from _of_bubble(f"{place}.{block_id}.{language}", bubble, notice)
    line = sum(limits.line_messages(bubble) for _, bubble in drawn)
    telegram = sum(limits.telegram_messages(bubble, notice) for _, bubble in drawn)
    if line > limits.LINE_MESSAGES:
        yield _too_many(place, "line", line, limits.LINE_MESSAGES, language)
    if telegram > limits.TELEGRAM_MESSAGES:
        yield _too_many(place, "telegram", telegram, limits.TELEGRAM_MESSAGES, language)


def _too_many(place: str, channel: Only, count: int, limit: int, language: Language) -> Fault:
    values: dict[str, str | int] = {"count": count, "limit": limit, "language": language}
    return Fault(place, "too_many_messages", channel, values)


def _of_bubble(place: str, bubble: Bubble, notice: str) -> Iterator[Fault]:
    if isinstance(bubble, Text):
        yield from _of_text(place, bubble.text, notice)
        units = utf16_units(bubble.text)
        if units > limits.LINE_TEXT_UNITS:
            yield too_long(place, "text_too_long", units, limits.LINE_TEXT_UNITS, "line")
    elif isinstance(bubble, Carousel):
        for slide in bubble.slides:
            yield from _of_slide(place, slide, notice)
        size = limits.carousel_bytes(bubble)
        if len(bubble.slides) > 1 and size > limits.CAROUSEL_BYTES:
            yield too_long(place, "flex_too_large", size, limits.CAROUSEL_BYTES, "line")


def _of_slide(place: str, slide: Slide, notice: str) -> Iterator[Fault]:
    yield from _of_text(place, limits.slide_words(slide), notice)
    size = limits.bubble_bytes(slide)
    if size > limits.BUBBLE_BYTES:
        yield too_long(place, "flex_too_large", size, limits.BUBBLE_BYTES, "line")
    for button in slide.buttons:
        taken = len(button.data.encode())
        if taken > limits.PRESS_BYTES and not button.data.startswith("g1:"):
            yield too_long(place, "press_too_long", taken, limits.PRESS_BYTES, "telegram")


def _of_text(place: str, text: str, notice: str) -> Iterator[Fault]:
    """On Telegram the neutral line stands before the text and takes of its room."""
    room = limits.TELEGRAM_TEXT_UNITS - limits.covered_units("", notice)
    units = utf16_units(text)
    if units > room:
        yield too_long(place, "text_too_long", units, room, "telegram")


def _longest(block: Block) -> Block:
    """The block with its variables at their longest."""
    match block:
        case TextBlock() | ButtonsBlock() | LinkBlock():
            return msgspec.structs.replace(block, text=_filled(block.text))
        case CardBlock():
            return msgspec.structs.replace(block, title=_filled(block.title), text=_filled(block.text))
        case CarouselBlock():
            cards = tuple(_longest_card(card) for card in block.cards)
            return msgspec.structs.replace(block, cards=cards)
        case QuizBlock() | SurveyBlock():
            return msgspec.structs.replace(block, question=_filled(block.question))
        case _:
            return block


def _longest_card(card: CardBlock) -> CardBlock:
    return msgspec.structs.replace(card, title=_filled(card.title), text=_filled(card.text))


def _filled(said: Said) -> dict[Language, str]:
    return {language: fill_longest(text) for language, text in said.items()}
