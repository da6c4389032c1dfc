"""Rich menus: made, given a picture, shown to all or to one. Source: LINE reference, "Rich menu"."""

from __future__ import annotations

import io
from typing import Annotated, Any

import msgspec
import orjson
from msgspec import Meta
from PIL import Image, UnidentifiedImageError

from simulator.asgi import Request, Response
from simulator.line.account import LineAccount, RichMenu
from simulator.line.actions import MenuAction
from simulator.line.decoding import decode
from simulator.line.errors import RefusalError, answer, error
from simulator.line.strict import FieldError, Strict, check_graphemes

BIGGEST_PICTURE = 1024 * 1024
AliasId = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,32}$")]


class Size(Strict, kw_only=True):
    width: Annotated[int, Meta(ge=800, le=2500)]
    height: Annotated[int, Meta(ge=250)]

    def __post_init__(self) -> None:
        if self.width / self.height < 1.45:
            raise FieldError("height", "width divided by height must be 1.45 or more")


class Bounds(Strict, kw_only=True):
    x: Annotated[int, Meta(ge=0)]
    y: Annotated[int, Meta(ge=0)]
    width: Annotated[int, Meta(ge=1)]
    height: Annotated[int, Meta(ge=1)]


class MenuArea(Strict, kw_only=True):
    bounds: Bounds
    action: MenuAction


class MenuRequest(Strict, kw_only=True):
    size: Size
    selected: bool
    name: str
    chat_bar_text: str
    areas: Annotated[list[MenuArea], Meta(max_length=20)]

    def __post_init__(self) -> None:
        check_graphemes("name", self.name, 300, 1)
        check_graphemes("chatBarText", self.chat_bar_text, 14, 1)
        for index, area in enumerate(self.areas):
            bounds = area.bounds
            if bounds.x + bounds.width > self.size.width or bounds.y + bounds.height > self.size.height:
                raise FieldError(f"areas[{index}].bounds", "must lie inside the menu")


class AliasRequest(Strict, kw_only=True):
    rich_menu_alias_id: AliasId
    rich_menu_id: str


class AliasUpdate(Strict, kw_only=True):
    rich_menu_id: str


class BulkLink(Strict, kw_only=True):
    rich_menu_id: str
    user_ids: Annotated[list[str], Meta(min_length=1, max_length=500)]


class BulkUnlink(Strict, kw_only=True):
    user_ids: Annotated[list[str], Meta(min_length=1, max_length=500)]


_menu_decoder = msgspec.json.Decoder(MenuRequest)
_alias_decoder = msgspec.json.Decoder(AliasRequest)
_alias_update_decoder = msgspec.json.Decoder(AliasUpdate)
_link_decoder = msgspec.json.Decoder(BulkLink)
_unlink_decoder = msgspec.json.Decoder(BulkUnlink)


async def create(line: LineAccount, request: Request) -> Response:
    menu = decode(_menu_decoder, request.body)
    menu_id = f"richmenu-{line.world.ids.hexadecimal(32)}"
    line.menus[menu_id] = RichMenu(
        id=menu_id, menu=orjson.loads(request.body), width=menu.size.width, height=menu.size.height
    )
    return answer({"richMenuId": menu_id})


async def validate(line: LineAccount, request: Request) -> Response:
    del line
    decode(_menu_decoder, request.body)
    return answer({})


async def set_image(line: LineAccount, request: Request, menu_id: str) -> Response:
    """JPEG or PNG of the menu's own size, at most 1 MB, and only once."""
    menu = find(line, menu_id)
    if menu.image:
        raise RefusalError(error(400, "An image has already been uploaded to the richmenu"))
    if len(request.body) > BIGGEST_PICTURE:
        raise RefusalError(error(413, "The image is larger than 1 MB"))
    media_type = request.header(b"content-type") or ""
    if media_type not in ("image/png", "image/jpeg"):
        raise RefusalError(error(415, "Use image/png or image/jpeg"))
    try:
        size = Image.open(io.BytesIO(request.body)).size
    except (UnidentifiedImageError, OSError):
        raise RefusalError(error(400, "The image can't be read")) from None
    if size != (menu.width, menu.height):
        raise RefusalError(error(400, "The image size does not match the size of the rich menu"))
    menu.image, menu.image_type = request.body, media_type
    return answer({})


async def get_image(line: LineAccount, request: Request, menu_id: str) -> Response:
    del request
    menu = find(line, menu_id)
    if not menu.image:
        raise RefusalError(error(404, "Not found"))
    return Response(200, menu.image, menu.image_type.encode())


async def get(line: LineAccount, request: Request, menu_id: str) -> Response:
    del request
    return answer(_shown(find(line, menu_id)))


async def list_all(line: LineAccount, request: Request) -> Response:
    del request
    return answer({"richmenus": [_shown(menu) for menu in line.menus.values()]})


async def delete(line: LineAccount, request: Request, menu_id: str) -> Response:
    del request
    find(line, menu_id)
    del line.menus[menu_id]
    line.default_menu = "" if line.default_menu == menu_id else line.default_menu
    line.menu_of = {user: menu for user, menu in line.menu_of.items() if menu != menu_id}
    return answer({})


async def set_default(line: LineAccount, request: Request, menu_id: str) -> Response:
    del request
    line.default_menu = _with_image(line, menu_id)
    line.world.changes.tell("people_changed", "line")
    return answer({})


async def get_default(line: LineAccount, request: Request) -> Response:
    del request
    if not line.default_menu:
        raise RefusalError(error(404, "no default richmenu"))
    return answer({"richMenuId": line.default_menu})


async def cancel_default(line: LineAccount, request: Request) -> Response:
    del request
    line.default_menu = ""
    return answer({})


async def link(line: LineAccount, request: Request, user_id: str, menu_id: str) -> Response:
    del request
    line.menu_of[user_id] = _with_image(line, menu_id)
    line.world.changes.tell("chat_changed", "line", user_id)
    return answer({})


async def get_of_user(line: LineAccount, request: Request, user_id: str) -> Response:
    del request
    if user_id not in line.menu_of:
        raise RefusalError(error(404, "the user has no richmenu"))
    return answer({"richMenuId": line.menu_of[user_id]})


async def unlink(line: LineAccount, request: Request, user_id: str) -> Response:
    del request
    line.menu_of.pop(user_id, None)
    line.world.changes.tell("chat_changed", "line", user_id)
    return answer({})


async def link_many(line: LineAccount, request: Request) -> Response:
    body = decode(_link_decoder, request.body)
    menu_id = _with_image(line, body.rich_menu_id)
    line.menu_of.update(dict.fromkeys(body.user_ids, menu_id))
    return answer({}, 202)


async def unlink_many(line: LineAccount, request: Request) -> Response:
    for user_id in decode(_unlink_decoder, request.body).user_ids:
        line.menu_of.pop(user_id, None)
        line.world.changes.tell("chat_changed", "line", user_id)
    return answer({}, 202)


async def create_alias(line: LineAccount, request: Request) -> Response:
    body = decode(_alias_decoder, request.body)
    if body.rich_menu_alias_id in line.aliases:
        raise RefusalError(error(400, "conflict richmenu alias id"))
    line.aliases[body.rich_menu_alias_id] = _with_image(line, body.rich_menu_id)
    return answer({})


async def update_alias(line: LineAccount, request: Request, alias: str) -> Response:
    body = decode(_alias_update_decoder, request.body)
    _check_alias(line, alias)
    line.aliases[alias] = _with_image(line, body.rich_menu_id)
    return answer({})


async def get_alias(line: LineAccount, request: Request, alias: str) -> Response:
    del request
    _check_alias(line, alias)
    return answer({"richMenuAliasId": alias, "richMenuId": line.aliases[alias]})


async def list_aliases(line: LineAccount, request: Request) -> Response:
    del request
    pairs = [{"richMenuAliasId": alias, "richMenuId": menu} for alias, menu in line.aliases.items()]
    return answer({"aliases": pairs})


async def delete_alias(line: LineAccount, request: Request, alias: str) -> Response:
    del request
    _check_alias(line, alias)
    del line.aliases[alias]
    return answer({})


def find(line: LineAccount, menu_id: str) -> RichMenu:
    menu = line.menus.get(menu_id)
    if menu is None:
        raise RefusalError(error(404, "richmenu not found"))
    return menu


def menu_shown_to(line: LineAccount, user_id: str) -> dict[str, Any] | None:
    """The menu on a person's phone: their own before the default one."""
    menu = line.menus.get(line.menu_of.get(user_id, line.default_menu))
    return _shown(menu) if menu else None


def _with_image(line: LineAccount, menu_id: str) -> str:
    if not find(line, menu_id).image:
        raise RefusalError(error(400, "must upload richmenu image before applying it to user"))
    return menu_id


def _check_alias(line: LineAccount, alias: str) -> None:
    if alias not in line.aliases:
        raise RefusalError(error(404, "richmenu alias not found"))


def _shown(menu: RichMenu) -> dict[str, Any]:
    return {"richMenuId": menu.id, **menu.menu}
