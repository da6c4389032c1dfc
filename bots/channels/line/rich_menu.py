"""Uploading LINE's rich menu through the SDK: made, given its picture, shown to all, the former ones taken away.

The menu's name carries a fingerprint of what it shows, so that a second upload of the same changes nothing and one cut
in the middle is finished by the next.
"""

import hashlib
from typing import Any, Literal, NamedTuple

import aiohttp
import orjson
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration, RichMenuRequest
from linebot.v3.messaging.exceptions import ApiException

from bots.channels.line.menu_picture import HEIGHT, WIDTH, place_tiles
from core.errors import UnavailableError
from core.settings import Settings

_OURS = "rootan "
_SECONDS = 30.0
_NO_DEFAULT = 404


class MenuWords(NamedTuple):
    """What the menu says: the bar below the chat (14 graphemes), and a label a press, which the chat shows when pressed."""

    bar: str
    labels: dict[str, str]


async def upload_menu(settings: Settings, words: MenuWords, picture: bytes) -> Literal["new", "unchanged"]:
    """Show this menu to everybody; raises UnavailableError saying what LINE did not do."""
    if settings.line_channel_access_token is None:
        raise ValueError("LINE is off: ROOTAN_LINE_CHANNEL_ACCESS_TOKEN is not set")
    token = settings.line_channel_access_token.get_secret_value()
    configuration = Configuration(host=settings.line_api_base, access_token=token)
    async with AsyncApiClient(configuration) as client:
        try:
            return await _upload(client, settings.line_data_api_base, menu_of(words, picture), picture)
        except ApiException as error:
            raise UnavailableError(f"LINE did not take the menu (status {error.status})") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnavailableError(f"LINE did not take the menu ({type(error).__name__})") from error


def menu_of(words: MenuWords, picture: bytes) -> dict[str, Any]:
    """The menu as LINE's API takes it, named by a fingerprint of all that it shows."""
    menu = {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": words.bar,
        "areas": [
            {
                "bounds": {"x": left, "y": top, "width": right - left, "height": bottom - top},
                "action": {
                    "type": "postback",
                    "data": tile.press,
                    "label": words.labels[tile.press],
                    "displayText": words.labels[tile.press],
                },
            }
            for tile, (left, top, right, bottom) in place_tiles()
        ],
    }
    shown = hashlib.sha256(orjson.dumps(menu, option=orjson.OPT_SORT_KEYS) + picture).hexdigest()
    return menu | {"name": _OURS + shown[:16]}


async def _upload(
    client: AsyncApiClient, data_base: str, menu: dict[str, Any], picture: bytes
) -> Literal["new", "unchanged"]:
    line = AsyncMessagingApi(client)
    former = [
        known
        for known in (await line.get_rich_menu_list(_request_timeout=_SECONDS)).richmenus
        if known.name.startswith(_OURS)
    ]
    shown = await _default(line)
    if any(known.name == menu["name"] and known.rich_menu_id == shown for known in former):
        return "unchanged"
    made = await line.create_rich_menu(RichMenuRequest.from_dict(menu), _request_timeout=_SECONDS)
    await _give_picture(client, data_base, made.rich_menu_id, picture)
    await line.set_default_rich_menu(made.rich_menu_id, _request_timeout=_SECONDS)
    for known in former:
        await line.delete_rich_menu(known.rich_menu_id, _request_timeout=_SECONDS)
    return "new"


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
