"""LINE's older template and imagemap messages, said in Flex, which draws them."""

from __future__ import annotations

from typing import Any

from bots.preview.wire import Node, child, children, number, words


def flex_of_template(template: Node) -> dict[str, Any]:
    """A Flex container that looks like the template; an unknown kind keeps its own name."""
    match words(template, "type"):
        case "buttons":
            return _column(template, template)
        case "confirm":
            return _confirm(template)
        case "carousel":
            columns = [_column(column, template) for column in children(template, "columns")]
            return {"type": "carousel", "contents": columns}
        case "image_carousel":
            columns = [_picture_column(column) for column in children(template, "columns")]
            return {"type": "carousel", "contents": columns}
        case kind:
            return {"type": kind or "template"}


def _column(column: Node, look: Node) -> dict[str, Any]:
    body: list[dict[str, Any]] = []
    if words(column, "title"):
        body.append({"type": "text", "text": words(column, "title"), "weight": "bold", "wrap": True})
    body.append(
        {"type": "text", "text": words(column, "text"), "size": "sm", "wrap": True, "color": "#666666"}
    )
    bubble: dict[str, Any] = {
        "type": "bubble",
        "size": "kilo",
        "body": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": body},
        "footer": {"type": "box", "layout": "vertical", "contents": _buttons(column)},
        "styles": {"footer": {"separator": True}},
    }
    if words(column, "thumbnailImageUrl"):
        bubble["hero"] = _hero(column, look)
    if child(column, "defaultAction"):
        bubble["body"]["action"] = child(column, "defaultAction")
    return bubble


def _hero(column: Node, look: Node) -> dict[str, Any]:
    return {
        "type": "image",
        "url": words(column, "thumbnailImageUrl"),
        "size": "full",
        "aspectRatio": "1:1" if words(look, "imageAspectRatio") == "square" else "1.51:1",
        "aspectMode": "fit" if words(look, "imageSize") == "contain" else "cover",
        "backgroundColor": words(column, "imageBackgroundColor"),
        "action": child(column, "defaultAction"),
    }


def _confirm(template: Node) -> dict[str, Any]:
    text = {"type": "text", "text": words(template, "text"), "wrap": True}
    return {
        "type": "bubble",
        "size": "kilo",
        "body": {"type": "box", "layout": "vertical", "contents": [text]},
        "footer": {"type": "box", "layout": "horizontal", "contents": _buttons(template)},
        "styles": {"footer": {"separator": True}},
    }


def _buttons(node: Node) -> list[dict[str, Any]]:
    return [{"type": "button", "height": "sm", "action": action} for action in children(node, "actions")]


def _picture_column(column: Node) -> dict[str, Any]:
    image = {"type": "image", "url": words(column, "imageUrl"), "size": "full", "aspectMode": "cover"}
    return {"type": "bubble", "size": "micro", "hero": {**image, "action": child(column, "action")}}


def flex_of_imagemap(message: Node) -> dict[str, Any]:
    """The picture with an unseen box over each area that can be tapped."""
    base = child(message, "baseSize") or {}
    wide, high = number(base, "width") or 1040, number(base, "height") or 1040
    picture = {
        "type": "image",
        "url": f"{words(message, 'baseUrl')}/1040",
        "size": "full",
        "aspectRatio": f"{wide:.0f}:{high:.0f}",
        "aspectMode": "cover",
    }
    areas = [_area(action, wide, high) for action in children(message, "actions")]
    body = {"type": "box", "layout": "vertical", "paddingAll": "none", "contents": [picture, *areas]}
    return {"type": "bubble", "size": "mega", "body": body}


def _area(action: Node, wide: float, high: float) -> dict[str, Any]:
    area = child(action, "area") or {}

    def share(key: str, whole: float) -> str:
        return f"{min(100, 100 * (number(area, key) or 0) / whole):.2f}%"

    return {
        "type": "box",
        "layout": "vertical",
        "position": "absolute",
        "offsetStart": share("x", wide),
        "offsetTop": share("y", high),
        "width": share("width", wide),
        "height": share("height", high),
        "action": action,
        "contents": [],
    }
