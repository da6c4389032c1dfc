"""Whole messages that stand for a press: typed words and Telegram's commands."""

import unicodedata

import regex

from bots.copy import whole_messages

# Politeness, punctuation and emoji around a word don't change what it asks for.
_AROUND = regex.compile(r"^[\s\p{P}\p{S}\p{Cf}\ufe0f]+|[\s\p{P}\p{S}\p{Cf}\ufe0f]+$")
_POLITE = regex.compile(r"(?:ค่ะ|คะ|ค่า|ครับ|คับ|ครับผม|นะ|จ้า|จ้ะ|หน่อย|ด้วย|ที|please)$")
_SPACE = regex.compile(r"\s+")
# Codes of words.toml that answer a question of ours.
YES, NO = frozenset({"answer.yes", "answer.agree"}), frozenset({"answer.no"})
_LONGEST = 60  # characters; no command is longer


def is_command(text: str) -> bool:
    """A command of Telegram's that we know: a press, whatever its word means elsewhere (/help)."""
    return text.startswith("/") and as_whole_message(text) in whole_messages()


def is_reply(text: str) -> bool:
    """A command, or a bare answer to a question of ours ("ไม่รู้"): too little to hear worry in."""
    return is_command(text) or whole_messages().get(as_whole_message(text), "").startswith("answer.")


def as_whole_message(text: str) -> str:
    """The message in the form in which words.toml lists it; "" for one too long to be a command."""
    if len(text) > _LONGEST:
        return ""
    plain = _SPACE.sub(" ", unicodedata.normalize("NFC", text).casefold()).strip()
    if plain.startswith("/"):
        # Telegram: /start may carry a payload, and in groups the bot's name.
        return plain.split(" ", 1)[0].split("@", 1)[0]
    while plain not in whole_messages():
        shorter = _POLITE.sub("", _AROUND.sub("", plain))
        if shorter in {plain, ""}:
            return _AROUND.sub("", plain)
        plain = shorter
    # A word of the list may itself end like a politeness: สถานะ.
    return plain
