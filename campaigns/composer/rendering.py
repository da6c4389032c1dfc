"""A wording as one person gets it: blocks become bubbles, variables their values, addresses our short links."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from uuid import UUID

from campaigns.composer.personal import fill
from campaigns.lessons import Lesson, packs
from campaigns.media import MediaFacts
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
from campaigns.plans.plan import Plan
from campaigns.plans.presses import encode_press
from campaigns.quizzes.quiz import quizzes
from core.languages import Language, in_language
from core.messages.content import Bubble, Button, Carousel, Content, Picture, Slide, Text
from core.messages.fitting import graphemes
from core.messages.wording import LABEL_GRAPHEMES, never_at_a_glance
from referrals.directory.hotlines import Hotline, hotline

# Places of the bot and the presses that lead there, as `bots.dialogues.routing` knows them.
PLACES: Mapping[str, str] = {"check": "m1:check", "staff": "m1:staff", "report": "m1:need", "menu": "m1:menu"}
LESSON, QUIZ = "lesson:", "quiz:"
_MENU = "m1:menu"
_NEWS = "m1:news"


class Render:
    """What all blocks of one rendering share."""

    def __init__(
        self,
        language: Language,
        *,
        person: Mapping[str, str],
        links: Mapping[str, str],
        campaign_id: UUID,
        media: Mapping[str, MediaFacts],
    ) -> None:
        self.language = language
        self._person = person
        self._links = links
        self._campaign_id = campaign_id
        self._media = media

    def bubbles(self, block: Block) -> list[Bubble]:
        """The bubbles of one block; none for a picture that is no more."""
        match block:
            case TextBlock():
                return [Text(self._filled(block.text))]
            case ImageBlock():
                picture = self._picture(block.media)
                return [picture] if picture else []
            case CardBlock():
                return [Carousel((self._slide(block),))]
            case CarouselBlock():
                return [Carousel(tuple(self._slide(card) for card in block.cards))]
            case ButtonsBlock() | LinkBlock():
                return [Carousel((self._pressed(block),))]
            case LessonBlock():
                return self._lesson(block)
            case QuizBlock() | SurveyBlock():
                return [self._question(block.id, block.question, block.choices)]

    def _filled(self, said: Said) -> str:
        return fill(said_in(said, self.language), self._person)

    def _picture(self, media_id: str) -> Picture | None:
        facts = self._media.get(media_id)
        if facts is None or facts.removed:
            return None
        alt = said_in(facts.alt, self.language)
        return Picture(facts.url, alt, facts.preview_url, facts.width, facts.height)

    def _slide(self, card: CardBlock) -> Slide:
        return Slide(
            title=self._filled(card.title),
            text=self._filled(card.text),
            picture=self._picture(card.media),
            buttons=tuple(self._button(press) for press in card.presses),
        )

    def _pressed(self, block: ButtonsBlock | LinkBlock) -> Slide:
        presses = (
            block.presses if isinstance(block, ButtonsBlock) else (Press(block.label, address=block.address),)
        )
        return Slide(text=self._filled(block.text), buttons=tuple(self._button(press) for press in presses))

    def _button(self, press: Press) -> Button:
        label = said_in(press.label, self.language)
        if press.address:
            return Button(label, url=self._links.get(press.address, press.address))
        if press.call:
            called = find_hotline(press.call)
            return Button(label, phone=called.number if called else press.call)
        return Button(label, data=press_code(press.opens) or _MENU)

    def _question(self, question: str, asked: Said, choices: tuple[Choice, ...]) -> Carousel:
        buttons = tuple(
            Button(said_in(choice.label, self.language), data=self._answer(question, choice.id))
            for choice in choices
        )
        return Carousel((Slide(text=self._filled(asked), buttons=buttons, asks=True),))

    def _answer(self, question: str, choice: str) -> str:
        try:
            return encode_press(self._campaign_id, question, choice)
        except ValueError:
            # A draft may be looked at before its faults are mended.
            return _MENU

    def _lesson(self, block: LessonBlock) -> list[Bubble]:
        lesson = find_lesson(block)
        if lesson is None:
            return []
        first, *more = in_language(lesson.bubbles, self.language)
        said = [f"{in_language(lesson.title, self.language)}\n\n{first}", *more]
        bubbles: list[Bubble] = [Text(one) for one in said]
        if lesson.call:
            bubbles[-1] = Carousel((Slide(text=said[-1], buttons=tuple(self._calls(lesson))),))
        if lesson.exercise is not None:
            buttons = tuple(
                Button(
                    in_language(choice.label, self.language),
                    data=f"e1:a.{block.pack}.{lesson.id}.{choice.id}",
                )
                for choice in lesson.exercise.choices
            )
            question = in_language(lesson.exercise.question, self.language)
            bubbles.append(Carousel((Slide(text=question, buttons=buttons, asks=True),)))
        return bubbles

    def _calls(self, lesson: Lesson) -> Iterator[Button]:
        for key in lesson.call:
            called = find_hotline(key)
            if called is not None:
                name = in_language(called.name, self.language)
                fits = len(graphemes(name)) <= LABEL_GRAPHEMES and not never_at_a_glance(name)
                label = name if fits else self._call_word(called)
                yield Button(label, phone=called.number)

    def _call_word(self, called: Hotline) -> str:
        return f"{in_language(_words(), self.language)['call']} {called.number}"


def render(
    wording: Wording,
    language: Language,
    *,
    person: Mapping[str, str],
    links: Mapping[str, str],
    campaign_id: UUID,
    media: Mapping[str, MediaFacts],
) -> Content:
    """What goes out to somebody who reads this language.

    `person`: what is known of them, by variable; `links`: our short link for each address (`campaigns.links`); `media`: by
    id (`media_of`). Never raises: what a draft has wrong is left out or stands as it is.
    """
    blocks = Render(language, person=person, links=links, campaign_id=campaign_id, media=media)
    bubbles = [bubble for block in wording.blocks for bubble in blocks.bubbles(block)]
    words = in_language(_words(), language)
    return Content(
        bubbles=tuple(bubbles) or (Text("…"),),
        choices=(Button(words["news"], data=_NEWS), Button(words["menu"], data=_MENU)),
        notice=said_in(wording.notice, language),
        language=language,
    )


def said_in(said: Mapping[Language, str], language: Language) -> str:
    """What is said in a language, where that is blank in English, then Thai; "" where nothing is said at all."""
    written = {one: text for one, text in said.items() if text.strip()}
    return in_language(written, language) if {language, "en", "th"} & written.keys() else ""


def press_code(opens: str) -> str:
    """The press that leads to a place of the bot; "" for a place that it does not have."""
    if opens.startswith(LESSON):
        pack = opens.removeprefix(LESSON)
        return f"e1:p.{pack}" if pack in packs() else ""
    if opens.startswith(QUIZ):
        quiz = opens.removeprefix(QUIZ)
        return f"q1:p.{quiz}" if quiz in quizzes() else ""
    return PLACES.get(opens, "")


def find_hotline(key: str) -> Hotline | None:
    try:
        return hotline(key)
    except KeyError:
        return None


def find_lesson(block: LessonBlock) -> Lesson | None:
    pack = packs().get(block.pack)
    at = pack.place_of(block.lesson) if pack else None
    return pack.lessons[at] if pack and at is not None else None


def media_of(plan: Plan) -> frozenset[str]:
    """The ids of all pictures of a plan."""
    blocks = [block for step in plan.steps for wording in step.wordings for block in wording.blocks]
    cards = [card for block in blocks if isinstance(block, CarouselBlock) for card in block.cards]
    shown = [*blocks, *cards]
    return frozenset(
        block.media for block in shown if isinstance(block, ImageBlock | CardBlock) and block.media
    )


@cache
def _words() -> dict[Language, dict[str, str]]:
    return tomllib.loads(resources.files("campaigns.composer").joinpath("words.toml").read_text("utf-8"))
