"""What one sees on a simulated phone: the words of each bubble, and the buttons that can be pressed now."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from bots.channels.wording import TEXTS
from simulator.control.buttons import inline_buttons, line_actions, quick_reply_actions
from simulator.phone import Item, Timeline

_PLACE = frozenset(words[key] for words in TEXTS.values() for key in ("place", "place_over"))


class Seen(NamedTuple):
    """A button; `item` is the message it belongs to, "" for a quick reply below the chat."""

    label: str
    data: str
    item: str


def words_of(item: Item) -> str:
    """The words of one bubble, those on its buttons left out."""
    message = item.message
    said = message.get("text") or message.get("caption")
    return str(said) if said else "\n".join(_words_inside(message.get("contents")))


def _words_inside(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _words_inside(one)
    elif isinstance(part, dict) and part.get("type") == "text":
        yield str(part["text"])
    elif isinstance(part, dict):
        for key, one in part.items():
            if key != "action":
                yield from _words_inside(one)


def asks_for_place(item: Item) -> bool:
    """Telegram's own bubbles that bring the button for a place, and take it away; LINE has it among the others."""
    return words_of(item) in _PLACE


def shown(phone: Timeline) -> list[Item]:
    return [item for item in phone.items if item.deleted_at is None]


def buttons(phone: Timeline) -> list[Seen]:
    """All that can be pressed, the newest first."""
    found = [_seen(action, "") for action in quick_reply_actions({"quickReply": phone.quick_reply or {}})]
    for item in reversed(shown(phone)):
        if item.author == "bot":
            of_item = line_actions if phone.platform == "line" else inline_buttons
            found += [_seen(one, item.id) for one in of_item(item.message)]
    return found


def buttons_below(phone: Timeline, answer: list[Item]) -> list[str]:
    """Labels of what an answer offers."""
    ids = {item.id for item in answer} | {""}
    keyboard = (phone.reply_keyboard or {}).get("keyboard", [])
    asked = [key["text"] for row in keyboard for key in row if any(asks_for_place(item) for item in answer)]
    return [seen.label for seen in buttons(phone) if seen.item in ids] + asked


def _seen(button: dict[str, Any], item: str) -> Seen:
    data = button.get("data") or button.get("callback_data") or ""
    return Seen(str(button.get("label") or button.get("text")), str(data), item)
