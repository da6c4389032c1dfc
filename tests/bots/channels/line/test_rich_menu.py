"""Uploading LINE's menu: once, whole, and the former ones taken away."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration

from app.cli.channels import menu_words
from app.cli.setup.static_files import VENDOR
from bots.channels.line.menu_picture import draw_menu
from bots.channels.line.rich_menu import MenuWords, menu_of, upload_menu
from core.errors import UnavailableError
from core.settings import Settings
from simulator.client import SimulatorClient
from tests.support.house import settings_for


@pytest.fixture(scope="module")
def picture() -> bytes:
    return draw_menu(menu_words().labels, VENDOR / "sarabun-thai-600-normal.woff2")


@pytest.fixture
def settings(fresh: SimulatorClient, tmp_path: Path) -> Settings:
    return settings_for(fresh, tmp_path)


async def shown(settings: Settings) -> tuple[list[str], str]:
    """The names of the menus that LINE holds, and the name of the one it shows."""
    token = settings.line_channel_access_token
    assert token is not None
    configuration = Configuration(host=settings.line_api_base, access_token=token.get_secret_value())
    async with AsyncApiClient(configuration) as client:
        line = AsyncMessagingApi(client)
        menus = {menu.rich_menu_id: menu.name for menu in (await line.get_rich_menu_list()).richmenus}
        return list(menus.values()), menus[(await line.get_default_rich_menu_id()).rich_menu_id]


async def test_the_menu_is_shown_to_everybody(settings: Settings, picture: bytes) -> None:
    assert await upload_menu(settings, menu_words(), picture) == "new"
    name = menu_of(menu_words(), picture)["name"]
    assert await shown(settings) == ([name], name)


async def test_the_same_menu_is_not_uploaded_twice(settings: Settings, picture: bytes) -> None:
    await upload_menu(settings, menu_words(), picture)
    assert await upload_menu(settings, menu_words(), picture) == "unchanged"


async def test_a_changed_menu_takes_the_place_of_the_former(settings: Settings, picture: bytes) -> None:
    await upload_menu(settings, menu_words(), picture)
    other = MenuWords("เปิดเมนู", menu_words().labels)
    assert await upload_menu(settings, other, picture) == "new"
    name = menu_of(other, picture)["name"]
    assert await shown(settings) == ([name], name)


async def test_a_menu_left_without_its_picture_goes_with_the_next_upload(
    settings: Settings, picture: bytes
) -> None:
    with pytest.raises(UnavailableError, match="status 400"):
        await upload_menu(settings, menu_words(), b"no picture")
    assert await upload_menu(settings, menu_words(), picture) == "new"
    name = menu_of(menu_words(), picture)["name"]
    assert await shown(settings) == ([name], name)


def test_the_menu_passes_lines_strict_schema(shared: Any, picture: bytes) -> None:
    schema = orjson.loads((shared / "specs/line/enforceable/messaging-api.strict.schema.json").read_bytes())
    jsonschema_rs.Draft202012Validator(schema | {"$ref": "#/$defs/RichMenuRequest"}).validate(
        menu_of(menu_words(), picture)
    )
