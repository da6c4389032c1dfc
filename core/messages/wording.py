"""What no message of ours says, wherever it is written: in copy, in lessons, in campaigns."""

import regex

# LINE cuts a button's label here.
LABEL_GRAPHEMES = 20
# design/look.md "Never": of an offer, of a person, and on a lock screen or a button.
_NEVER = ("ปลอดภัย", "คุณเป็นเหยื่อ", "เหยื่อ", "you are a victim", "victim")
_NEVER_WORDS = regex.compile(r"\b(safe|safely|guaranteed)\b", regex.IGNORECASE)
_NEVER_AT_A_GLANCE = (
    "ค้ามนุษย์", "อันตราย", "ทำร้าย", "ข่มขืน", "ตำรวจ", "ฆ่า", "แจ้งความ", "ฉุกเฉิน", "ด่วน",
    "traffick", "danger", "police", "abuse", "suicide", "rape", "emergency",
)  # fmt: skip


def never_said(text: str) -> list[str]:
    """The words in a text that we never say."""
    lower = text.lower()
    return [word for word in _NEVER if word in lower] + _NEVER_WORDS.findall(text)


def never_at_a_glance(text: str) -> list[str]:
    """The words in a text that a button or a lock screen never shows."""
    lower = text.lower()
    return [word for word in _NEVER_AT_A_GLANCE if word in lower]


def count_graphemes(text: str) -> int:
    """How many characters a reader sees; LINE counts labels so."""
    return len(regex.findall(r"\X", text))
