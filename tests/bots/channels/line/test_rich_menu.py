"""Uploading LINE's menus: once, whole, found by their aliases, and the former ones kept for whoever has them."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration

from app.cli.channels import line_menus
from bots.channels.line.rich_menu import Menu, alias_of, menu_of, upload_menus
from core.errors import UnavailableError
from core.settings import Settings
from simulator.client import SimulatorClient
from tests.support.house import settings_for


@cache
def menus() -> list[Menu]:
    return line_menus()


@pytest.fixture
def settings(fresh: SimulatorClient, tmp_path: Path) -> Settings:
    return settings_for(fresh, tmp_path)


async def held(settings: Settings) -> tuple[dict[str, str], dict[str, str], str]:
    """What LINE holds: names by id, ids by alias, and the id of the menu that everybody sees."""
    token = settings.line_channel_access_token
    assert token is not None
    configuration = Configuration(host=settings.line_api_base, access_token=token.get_secret_value())
    async with AsyncApiClient(configuration) as client:
        line = AsyncMessagingApi(client)
        names = {menu.rich_menu_id: menu.name for menu in (await line.get_rich_menu_list()).richmenus}
        aliases = (await line.get_rich_menu_alias_list()).aliases
        return (
            names,
            {alias.rich_menu_alias_id: alias.rich_menu_id for alias in aliases},
            (await line.get_default_rich_menu_id()).rich_menu_id,
        )


def changed(bar: str = "เปิดเมนู") -> list[Menu]:
    return [menus()[0]._replace(bar=bar), *menus()[1:]]


async def test_every_menu_is_found_by_its_alias_and_the_first_is_shown_to_everybody(
    settings: Settings,
) -> None:
    assert await upload_menus(settings, menus()) == len(menus())
    names, aliases, default = await held(settings)
    assert {alias: names[menu_id] for alias, menu_id in aliases.items()} == {
        alias_of(menu.name): menu_of(menu)["name"] for menu in menus()
    }
    assert len(names) == len(menus())
    assert default == aliases["rootan-new"]


async def test_the_same_menus_are_not_uploaded_twice(settings: Settings) -> None:
    await upload_menus(settings, menus())
    before = await held(settings)
    assert await upload_menus(settings, menus()) == 0
    assert await held(settings) == before


async def test_of_a_changed_menu_the_former_one_stays_and_the_one_before_it_goes(settings: Settings) -> None:
    await upload_menus(settings, menus())
    assert await upload_menus(settings, changed()) == 1
    names, aliases, default = await held(settings)
    assert names[default] == menu_of(changed()[0])["name"]
    assert default == aliases["rootan-new"]
    assert menu_of(menus()[0])["name"] in names.values()
    assert await upload_menus(settings, changed("เมนูอื่น")) == 1
    names, _, _ = await held(settings)
    assert len(names) == len(menus()) + 1
    assert menu_of(menus()[0])["name"] not in names.values()


async def test_one_cut_in_the_middle_is_finished_by_the_next(settings: Settings) -> None:
    broken = [*menus()[:2], menus()[2]._replace(picture=b"no picture"), *menus()[3:]]
    with pytest.raises(UnavailableError, match="status 400"):
        await upload_menus(settings, broken)
    assert await upload_menus(settings, menus()) == len(menus()) - 2
    names, aliases, _ = await held(settings)
    assert sorted(names) == sorted(aliases.values())


def test_the_menus_pass_lines_strict_schema(shared: Any) -> None:
    schema = orjson.loads((shared / "specs/line/enforceable/messaging-api.strict.schema.json").read_bytes())
    validator = jsonschema_rs.Draft202012Validator(schema | {"$ref": "#/$defs/RichMenuRequest"})
    for menu in menus():
        validator.validate(menu_of(menu))
