"""Uploading LINE's rich menus through the SDK: each made, given its picture and an alias, and the first shown to all.

Nothing of it is kept by us. A menu's name carries a fingerprint of what it shows, and its alias says which one is
meant now: a second upload of the same changes nothing, one cut in the middle is finished by the next. Of a menu that
changed the former one stays, because people may have it; the one before it goes.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import aiohttp
import orjson
from linebot.v3.messaging import (
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    CreateRichMenuAliasRequest,
    RichMenuRequest,
    UpdateRichMenuAliasRequest,
)
from linebot.v3.messaging.exceptions import ApiException

from bots.channels.line.menu_picture import HEIGHT, WIDTH, Tile, place_tiles
from core.errors import UnavailableError
from core.settings import Settings

_OURS = "rootan "
_SECONDS = 30.0
_NO_DEFAULT = 404


class Menu(NamedTuple):
    """One menu: its name ("regular", "regular-en"), the bar below the chat (14 graphemes), its tiles with a label a press,
    which the chat shows when pressed, and its picture.
    """

    name: str
    bar: str
    tiles: Sequence[Tile]
    labels: dict[str, str]
    picture: bytes


class _Known(NamedTuple):
    """What LINE holds of ours."""

    names: dict[str, str]  # by id
    aliases: dict[str, str]  # ids by alias
    default: str


def alias_of(name: str) -> str:
    """Under which LINE finds the menu of this name."""
    return f"rootan-{name}"


async def upload_menus(settings: Settings, menus: Sequence[Menu]) -> int:
    """Have LINE hold these menus and show the first to everybody who has none of their own; return how many are new.

    Raises UnavailableError saying what LINE did not do.
    """
    if settings.line_channel_access_token is None:
        raise ValueError("LINE is off: ROOTAN_LINE_CHANNEL_ACCESS_TOKEN is not set")
    token = settings.line_channel_access_token.get_secret_value()
    configuration = Configuration(host=settings.line_api_base, access_token=token)
    async with AsyncApiClient(configuration) as client:
        try:
            return await _upload(client, settings.line_data_api_base, menus)
        except ApiException as error:
            raise UnavailableError(f"LINE did not take the menu (status {error.status})") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnavailableError(f"LINE did not take the menu ({type(error).__name__})") from error


def menu_of(menu: Menu) -> dict[str, Any]:
    """The menu as LINE's API takes it, named by a fingerprint of all that it shows."""
    made = {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": menu.bar,
        "areas": [
            {
                "bounds": {"x": left, "y": top, "width": right - left, "height": bottom - top},
                "action": {
                    "type": "postback",
                    "data": tile.press,
                    "label": menu.labels[tile.press],
                    "displayText": menu.labels[tile.press],
                },
            }
            for tile, (left, top, right, bottom) in place_tiles(menu.tiles)
        ],
    }
    shown = hashlib.sha256(orjson.dumps(made, option=orjson.OPT_SORT_KEYS) + menu.picture).hexdigest()
    return made | {"name": f"{_OURS}{menu.name} {shown[:16]}"}


async def _upload(client: AsyncApiClient, data_base: str, menus: Sequence[Menu]) -> int:
    line = AsyncMessagingApi(client)
    known = await _known(line)
    kept: set[str] = set()
    new = 0
    for menu in menus:
        current = known.aliases.get(alias_of(menu.name), "")
        if known.names.get(current) == menu_of(menu)["name"]:
            kept.add(current)
            continue
        made = await _make(client, data_base, line, menu)
        await _set_alias(line, menu.name, made, anew=not current)
        kept |= {made, current}
        new += 1
        known.aliases[alias_of(menu.name)] = made
    first = known.aliases[alias_of(menus[0].name)]
    if known.default != first:
        await line.set_default_rich_menu(first, _request_timeout=_SECONDS)
    if new:
        for menu_id in known.names.keys() - kept:
            await line.delete_rich_menu(menu_id, _request_timeout=_SECONDS)
    return new


async def _known(line: AsyncMessagingApi) -> _Known:
    menus = (await line.get_rich_menu_list(_request_timeout=_SECONDS)).richmenus
    aliases = (await line.get_rich_menu_alias_list(_request_timeout=_SECONDS)).aliases
    return _Known(
        {menu.rich_menu_id: menu.name for menu in menus if menu.name.startswith(_OURS)},
        {alias.rich_menu_alias_id: alias.rich_menu_id for alias in aliases},
        await _default(line),
    )


async def _make(client: AsyncApiClient, data_base: str, line: AsyncMessagingApi, menu: Menu) -> str:
    request = RichMenuRequest.from_dict(menu_of(menu))
    made = await line.create_rich_menu(request, _request_timeout=_SECONDS)
    await _give_picture(client, data_base, made.rich_menu_id, menu.picture)
    return str(made.rich_menu_id)


async def _set_alias(line: AsyncMessagingApi, name: str, menu_id: str, *, anew: bool) -> None:
    alias = alias_of(name)
    if anew:
        create = CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu_id)
        await line.create_rich_menu_alias(create, _request_timeout=_SECONDS)
    else:
        update = UpdateRichMenuAliasRequest(richMenuId=menu_id)
        await line.update_rich_menu_alias(alias, update, _request_timeout=_SECONDS)


async def _default(line: AsyncMessagingApi) -> str:
    try:
        return str((await line.get_default_rich_menu_id(_request_timeout=_SECONDS)).rich_menu_id)
    except ApiException as error:
        if error.status == _NO_DEFAULT:
            return ""
        raise


async def _give_picture(client: AsyncApiClient, data_base: str, menu_id: str, picture: bytes) -> None:
    """The SDK's own call for pictures knows only LINE's host; this one obeys ROOTAN_LINE_DATA_API_BASE."""
    await client.call_api(
        f"/v2/bot/richmenu/{menu_id}/content",
        "POST",
        header_params={"Content-Type": "image/png"},
        body=picture,
        response_types_map={},
        auth_settings=["Bearer"],
        _host=data_base,
        _request_timeout=_SECONDS,
    )
