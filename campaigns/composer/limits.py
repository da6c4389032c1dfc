"""What the platforms take, in the measure that each of them counts in, and how long what we would send is in it.

LINE: reference of the Messaging API, "Message objects", "Flex Message", "Quick reply", "Action objects", and its page
"Character counting in a text". Telegram: Bot API, "sendMessage", "sendPhoto", "InlineKeyboardButton".
"""

import json

from core.messages.content import Bubble, Button, Card, Carousel, Picture, Slide, Text
from core.messages.fitting import split_text, utf16_units
from core.messages.wording import LABEL_GRAPHEMES as LABEL_GRAPHEMES

# LINE: message objects a call; a campaign is one call to 500 people, so that all of it goes out or nothing.
LINE_MESSAGES = 5
LINE_TEXT_UNITS = 5_000
LINE_NOTICE_UNITS = 1_500
LINE_ADDRESS_UNITS = 1_000
BUBBLE_BYTES, CAROUSEL_BYTES, CAROUSEL_SLIDES = 30_000, 50_000, 12
# News is covered: its words stand in a Flex bubble, of which the lock screen shows the neutral line alone; we put so
# much into one.
COVERED_UNITS = 2_000

TELEGRAM_TEXT_UNITS = 4_096
TELEGRAM_CAPTION_UNITS = 1_024
PRESS_BYTES = 64
# Telegram takes about one message a second in a chat: more than a full carousel and four others would come in dribs and
# drabs. Our own limit.
TELEGRAM_MESSAGES = 16

# What a lock screen shows of a line without cutting it. Our own limit.
NOTICE_GRAPHEMES = 60
# More than these nobody reads through. Our own limits.
MOST_PRESSES, FEWEST_CHOICES, MOST_CHOICES = 4, 2, 8

# What a Flex bubble and its parts take beside the words, in bytes; tests hold these against what LINE is sent.
_BUBBLE, _HERO, _BODY, _TITLE, _TEXT, _FOOTER, _BUTTON, _CAROUSEL = 20, 130, 80, 100, 90, 80, 190, 40


def line_messages(bubble: Bubble) -> int:
    """How many message objects a bubble of news is on LINE."""
    match bubble:
        case Text():
            return len(split_text(bubble.text, COVERED_UNITS))
        case Picture() | Card() | Carousel():
            return 1


def telegram_messages(bubble: Bubble, notice: str) -> int:
    """How many messages a bubble of news is on Telegram; a longer text than one holds counts as one too many."""
    match bubble:
        case Text():
            return 1 + (covered_units(bubble.text, notice) > TELEGRAM_TEXT_UNITS)
        case Carousel():
            return sum(_slide_messages(slide, notice) for slide in bubble.slides)
        case Picture() | Card():
            return 1


def _slide_messages(slide: Slide, notice: str) -> int:
    words = slide_words(slide)
    if slide.picture is None or not words:
        return 1
    return 1 + (covered_units(words, notice) > TELEGRAM_CAPTION_UNITS)


def covered_units(text: str, notice: str) -> int:
    """Length on Telegram of a text behind its neutral line."""
    return utf16_units(notice) + 1 + utf16_units(text)


def slide_words(slide: Slide) -> str:
    """What a slide says on Telegram, where numbers to call stand in the text."""
    calls = "\n".join(f"📞 {button.label}: {button.phone}" for button in slide.buttons if button.phone)
    return "\n\n".join(filter(None, (slide.title.strip(), slide.text.strip(), calls)))


def bubble_bytes(slide: Slide) -> int:
    """At most so many bytes of Flex JSON is a slide on LINE."""
    total = _BUBBLE
    if slide.picture is not None:
        total += _HERO + json_bytes(slide.picture.url)
    if slide.title.strip() or slide.text.strip():
        total += _BODY
    if slide.title.strip():
        total += _TITLE + json_bytes(slide.title)
    if slide.text.strip():
        total += _TEXT + json_bytes(slide.text)
    if slide.buttons:
        total += _FOOTER + sum(map(_button_bytes, slide.buttons))
    return total


def carousel_bytes(carousel: Carousel) -> int:
    """At most so many bytes of Flex JSON is a carousel on LINE."""
    return _CAROUSEL + sum(bubble_bytes(slide) + 1 for slide in carousel.slides)


def _button_bytes(button: Button) -> int:
    said = (button.label, button.says or button.label, button.data, button.url, button.phone)
    return _BUTTON + sum(map(json_bytes, said))


def json_bytes(text: str) -> int:
    """Bytes of a text in JSON with everything escaped that is not ASCII: so LINE may count, however it was posted."""
    return len(json.dumps(text)) - 2
