"""Both phones as they show a wording: rendered as it would be sent, drawn as the sandbox draws what was."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from bots.channels.line import render as line
from bots.channels.telegram import render as telegram
from bots.preview.line import view_line
from bots.preview.telegram import view_telegram
from bots.preview.view import Platform, Press, View
from campaigns.composer.rendering import render
from campaigns.media import MediaFacts
from campaigns.plans.blocks import Wording
from core.languages import Language
from core.messages.content import Content

# As Telegram's previews show what waits for a tap.
_COVERED = " ▒"


class Phone(NamedTuple):
    """What one phone shows: its lock screen before the chat is opened, then the messages."""

    platform: Platform
    notices: tuple[str, ...]
    views: tuple[View, ...]
    chips: tuple[Press, ...] = ()


def phones_of(
    wording: Wording,
    language: Language,
    *,
    campaign_id: UUID,
    media: Mapping[str, MediaFacts],
    person: Mapping[str, str] | None = None,
) -> tuple[Phone, ...]:
    """Never raises: what a draft has wrong is drawn as it would arrive. Addresses of `media` are shown as they are."""
    content = render(wording, language, person=person or {}, links={}, campaign_id=campaign_id, media=media)
    return on_line(content, campaign_id), on_telegram(content, campaign_id)


def on_line(content: Content, message_id: UUID) -> Phone:
    """News is covered (bots.delivery.rules.cover_for): the lock screen shows its neutral line alone."""
    parts = line.render_parts(content, cover="covered", message_id=message_id)
    views = view_line([message for part in parts for message in part["messages"]])
    return Phone("line", _notices(views), views, views[-1].chips if views else ())


def on_telegram(content: Content, message_id: UUID) -> Phone:
    parts = telegram.render_parts(content, cover="covered", message_id=message_id)
    views = tuple(
        view_telegram(str(part["method"]), {key: value for key, value in part.items() if key != "method"})
        for part in parts
    )
    return Phone("telegram", _notices(views), views)


def _notices(views: tuple[View, ...]) -> tuple[str, ...]:
    """The lines in their order, each once, however much is covered behind it."""
    lines = [view.notice.split("\n")[0] for view in views if view.notice]
    return tuple({line.rstrip(_COVERED): line for line in reversed(lines)}.values())[::-1]
