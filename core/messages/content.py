"""What we say, before any platform: bubbles, buttons, cards. Channels render it, previews draw it."""

from typing import Literal

import msgspec

from core.languages import Language

Band = Literal["danger", "caution", "unclear", "neutral"]


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to press. `data` returns to us as a press; otherwise exactly one of the others is set."""

    label: str
    data: str = ""
    url: str = ""
    phone: str = ""
    location: bool = False
    # A text of at most 100 characters to be passed on to people whom the person chooses.
    share: str = ""
    # Shown as the person's own words when pressed; the label where empty.
    says: str = ""


class Text(msgspec.Struct, frozen=True, omit_defaults=True, tag="text"):
    text: str


class Picture(msgspec.Struct, frozen=True, omit_defaults=True, tag="picture"):
    url: str
    alt: str
    preview_url: str = ""
    # In pixels; 0 where nobody needs them.
    width: int = 0
    height: int = 0


class Quote(msgspec.Struct, frozen=True, omit_defaults=True):
    """The person's own words and why they matter."""

    words: str
    why: str


class Card(msgspec.Struct, frozen=True, omit_defaults=True, tag="card"):
    """A verdict or notice: a coloured strip, one breath of advice, quotes, what to do next, small print, buttons."""

    band: Band
    title: str
    lead: str
    quotes: tuple[Quote, ...] = ()
    facts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    note: str = ""
    buttons: tuple[Button, ...] = ()


class Slide(msgspec.Struct, frozen=True, omit_defaults=True):
    """A picture, a title and words, as far as they are given, and buttons under them."""

    title: str = ""
    text: str = ""
    picture: Picture | None = None
    buttons: tuple[Button, ...] = ()
    # Its buttons are answers to a question: none is drawn before the others.
    asks: bool = False


class Carousel(msgspec.Struct, frozen=True, omit_defaults=True, tag="carousel"):
    """Slides side by side where the platform can, else one after the other; one alone is a card with a picture."""

    slides: tuple[Slide, ...]


Bubble = Text | Picture | Card | Carousel


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """Bubbles in order, quick choices under the last, and the neutral line a lock screen may show."""

    bubbles: tuple[Bubble, ...]
    choices: tuple[Button, ...] = ()
    notice: str = ""
    # Shown only when asked for: it waits behind a neutral line and a tap (invariant 10).
    sensitive: bool = False
    # Whoever reads it learns nothing, on a lock screen either: it never waits behind a line that makes one curious.
    harmless: bool = False
    # Of the few words that a channel adds of its own.
    language: Language = "th"
    # Telegram: the key that sends a place, which an earlier question put below the chat, goes.
    drops_place_key: bool = False


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed in a message row: the content, and the channel's one-time answer handle, opaque here."""

    content: Content
    handle: str = ""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)


def encode_envelope(envelope: Envelope) -> bytes:
    return _encoder.encode(envelope)


def decode_envelope(data: bytes) -> Envelope:
    return _decoder.decode(data)
