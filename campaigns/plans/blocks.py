"""What a campaign says, block by block, as its authors see it; `composer.rendering` turns it into what channels send.

Every saying stands by language; Thai is always there, English falls back to Thai. Texts may hold variables, `{name|คุณ}`:
the word after the bar stands where nothing is known.
"""

import msgspec

from core.languages import Language

Said = dict[Language, str]


class Press(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A button. Exactly one of `address`, `opens` and `call` is set."""

    label: Said
    # An https address; it goes out as a short link of our own.
    address: str = ""
    # A place of the bot: "check", "staff", "report", "menu", "lesson:<pack>", "quiz:<quiz>".
    opens: str = ""
    # A number of the hotline directory.
    call: str = ""


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One answer to a question, and the kind word that it gets."""

    id: str
    label: Said
    reply: Said
    # Of a quiz only.
    right: bool = False


class TextBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="text"):
    id: str
    text: Said


class ImageBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="image"):
    """A picture of the media library, by its id; what it shows in words stands in the library."""

    id: str
    media: str


class CardBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="card"):
    id: str
    title: Said
    text: Said
    media: str = ""
    presses: tuple[Press, ...] = ()


class CarouselBlock(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="carousel"
):
    id: str
    cards: tuple[CardBlock, ...]


class ButtonsBlock(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="buttons"
):
    id: str
    text: Said
    presses: tuple[Press, ...]


class LinkBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="link"):
    id: str
    text: Said
    label: Said
    address: str


class LessonBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="lesson"):
    """A lesson of a pack, whole: its bubbles, then its exercise."""

    id: str
    pack: str
    lesson: str


class QuizBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="quiz"):
    """A question with a right answer. Two questions with the same `measures` are before and after of one thing."""

    id: str
    question: Said
    choices: tuple[Choice, ...]
    measures: str = ""
    phase: str = ""


class SurveyBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="survey"):
    """A question without a right answer; `keeps` = "province" lets choices that are provinces be remembered."""

    id: str
    question: Said
    choices: tuple[Choice, ...]
    keeps: str = ""


Block = (
    TextBlock
    | ImageBlock
    | CardBlock
    | CarouselBlock
    | ButtonsBlock
    | LinkBlock
    | LessonBlock
    | QuizBlock
    | SurveyBlock
)


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way to say it: `variant` is "" where there is one, otherwise "a", "b" …; `notice` is what a lock screen shows."""

    blocks: tuple[Block, ...]
    notice: Said
    variant: str = ""
