"""A phone's screen, ready to be drawn: the simulator's timeline through the previews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.sandbox.own_menu import OwnMenu, view_menu
from app.sandbox.words import clock_of, day_of
from bots.preview.line import view_chips, view_line
from bots.preview.telegram import view_telegram_message
from bots.preview.telegram_keys import keyboard_rows
from bots.preview.view import Part, Picture, Press, View
from simulator.phone import Item, Person, Timeline

_SHOWN = 80


class Line(msgspec.Struct, kw_only=True):
    """One message in the chat. `day` is set on the first of a day, `leads` on the first of one author's run."""

    id: str
    mine: bool
    view: View
    clock: str
    via: str = ""
    day: str = ""
    leads: bool = True
    read: bool = False
    edited: bool = False
    gone: bool = False


class Screen(msgspec.Struct, kw_only=True):
    """`notice` is what the lock screen shows of the bot's newest message. `typing_until`: epoch seconds."""

    person: Person
    lines: list[Line]
    chips: tuple[Press, ...] = ()
    keyboard: tuple[tuple[Press, ...], ...] = ()
    commands: list[dict[str, Any]] = []
    menu: OwnMenu | None = None
    typing_until: float = 0.0
    toast: str = ""
    notice: str = ""


def make_screen(person: Person, timeline: Timeline, base_url: str) -> Screen:
    """`base_url` is our own public address: its pictures are shown, nobody else's are fetched."""
    items = [item for item in timeline.items if _leaves_a_trace(item, timeline.platform)][-_SHOWN:]
    lines = [_line(item, timeline.platform, base_url) for item in items]
    _mark_days_and_runs(items, lines)
    _mark_read(lines, timeline.read_up_to)
    spoken = [line.view.notice for line in lines if not line.mine and not line.gone]
    return Screen(
        person=person,
        lines=lines,
        chips=view_chips(timeline.quick_reply),
        keyboard=keyboard_rows(timeline.reply_keyboard or {}),
        commands=timeline.commands,
        menu=view_menu(timeline.rich_menu),
        typing_until=timeline.activity.until if timeline.activity else 0.0,
        toast=timeline.toast,
        notice=spoken[-1] if spoken and lines and not lines[-1].mine else "",
    )


def _leaves_a_trace(item: Item, platform: str) -> bool:
    """On Telegram what is deleted is gone; LINE says that there was something."""
    return item.deleted_at is None or platform != "telegram"


def _line(item: Item, platform: str, base_url: str) -> Line:
    return Line(
        id=item.id,
        mine=item.author == "person",
        view=_view(item, platform, base_url),
        clock=clock_of(_moment(item)),
        via=item.via,
        edited=item.edited_at is not None,
        gone=item.deleted_at is not None,
    )


def _view(item: Item, platform: str, base_url: str) -> View:
    view = view_line([item.message])[0] if platform == "line" else view_telegram_message(item.message)
    address = _media_address(item, platform)
    parts = tuple(_with_own_picture(part, address, base_url) for part in view.parts)
    return msgspec.structs.replace(view, parts=parts, chips=(), keyboard=())


def _media_address(item: Item, platform: str) -> str:
    """Where the sandbox serves what a person (LINE) or anybody (Telegram) sent as a file."""
    if platform == "line":
        return f"/sandbox/media/line/{item.id}" if item.author == "person" else ""
    sizes = item.message.get("photo") or []
    return f"/sandbox/media/telegram/{sizes[-1]['file_id']}" if sizes else ""


def _with_own_picture(part: Part, address: str, base_url: str) -> Part:
    if not isinstance(part, Picture):
        return part
    return msgspec.structs.replace(part, url=part.url.removeprefix(base_url) if part.url else address)


def _mark_days_and_runs(items: Iterable[Item], lines: list[Line]) -> None:
    day, mine = "", None
    for item, line in zip(items, lines, strict=True):
        today = day_of(_moment(item))
        line.day = today if today != day else ""
        line.leads = bool(line.day) or line.mine is not mine
        day, mine = today, line.mine


def _mark_read(lines: list[Line], up_to: str) -> None:
    read = False
    for line in reversed(lines):
        read = read or (bool(up_to) and line.id == up_to)
        line.read = read and line.mine


def _moment(item: Item) -> datetime:
    return datetime.fromtimestamp(item.at, UTC)
