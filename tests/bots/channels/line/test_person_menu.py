"""One person's own menu, against the simulated platform."""

from pathlib import Path

from app.cli.channels import line_menus
from bots.channels.line.channel import LineChannel
from bots.channels.line.rich_menu import upload_menus
from simulator.client import SimulatorClient
from tests.support.house import settings_for


async def test_a_person_sees_their_own_menu_also_after_it_was_replaced(
    fresh: SimulatorClient, tmp_path: Path
) -> None:
    settings = settings_for(fresh, tmp_path)
    person = await fresh.create_person("line", "ดาว")
    channel = LineChannel(settings)
    try:
        # Nobody has uploaded any yet: nothing can be shown, and nothing breaks.
        assert (await channel.show_menu(person.id, "report")).outcome == "refused"
        menus = line_menus()
        await upload_menus(settings, menus)
        assert (await channel.show_menu(person.id, "report")).outcome == "sent"
        shown = (await fresh.timeline(person.id)).rich_menu
        assert shown["name"].startswith("rootan report ")
        # Two changes later the menu that this process knows is gone; it looks again.
        for bar in ("หนึ่ง", "สอง"):
            await upload_menus(settings, [menu._replace(bar=bar) for menu in menus])
        assert (await channel.show_menu(person.id, "report")).outcome == "sent"
        assert (await fresh.timeline(person.id)).rich_menu["chatBarText"] == "สอง"
    finally:
        await channel.close()


async def test_a_platform_that_is_away_is_asked_again_later(fresh: SimulatorClient, tmp_path: Path) -> None:
    channel = LineChannel(
        settings_for(fresh, tmp_path).model_copy(update={"line_api_base": "http://127.0.0.1:9"})
    )
    try:
        assert (await channel.show_menu("U" + "0" * 32, "regular")).outcome == "not_sent"
    finally:
        await channel.close()
