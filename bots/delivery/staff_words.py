"""What the person sees around staff's own words: that a person wrote them, and the ways on."""

import msgspec

from bots.channels.wording import words_in
from bots.dialogues.speech import LEAVE, MENU, buttons
from core.languages import Language
from core.messages.content import Content, Text

# Who has a matter with staff is with them already: as on other answers then, not the way to them but to where it stands.
_STATUS = "s1:status"


def from_staff(content: Content, language: Language) -> Content:
    """Staff's words as the person reads them; without choices of its own the content gets those of other answers."""
    first, *more = content.bubbles
    if isinstance(first, Text):
        first = Text(f"{words_in(language)['staff']}\n{first.text}")
    return msgspec.structs.replace(
        content,
        bubbles=(first, *more),
        choices=content.choices or buttons(language, LEAVE, _STATUS, MENU),
        # Written in the language of the console; the lock screen is the person's.
        notice=words_in(language)["notice"],
        language=language,
    )
