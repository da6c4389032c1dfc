"""LINE's menu below a chat, as the person's phone has it now: its tiles with their places, without the picture."""

from __future__ import annotations

from typing import Any

import msgspec

from bots.preview.actions import press_of
from bots.preview.view import Press


class Tile(msgspec.Struct, frozen=True):
    """Something to press; `css` places it, in per cent of the menu."""

    press: Press
    css: str


class OwnMenu(msgspec.Struct, frozen=True):
    """`bar` is what the closed menu shows."""

    bar: str
    tiles: tuple[Tile, ...]


def view_menu(menu: dict[str, Any] | None) -> OwnMenu | None:
    """Draw the menu that the simulator tells of; None where the phone shows none."""
    if menu is None:
        return None
    width, height = menu["size"]["width"], menu["size"]["height"]
    tiles = []
    for area in menu["areas"]:
        press, bounds = press_of(area["action"]), area["bounds"]
        if press is not None:
            sides = {
                "left": bounds["x"] / width,
                "top": bounds["y"] / height,
                "width": bounds["width"] / width,
                "height": bounds["height"] / height,
            }
            css = ";".join(f"{side}:{100 * share:.2f}%" for side, share in sides.items())
            tiles.append(Tile(press, css))
    return OwnMenu(menu["chatBarText"], tuple(tiles))
