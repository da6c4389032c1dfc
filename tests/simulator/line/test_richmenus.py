"""Rich menus are made, shown and pressed."""

import io

import pytest
from linebot.v3.messaging import (
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    CreateRichMenuAliasRequest,
    MessageAction,
    RichMenuArea,
    RichMenuBounds,
    RichMenuBulkLinkRequest,
    RichMenuRequest,
    RichMenuSize,
    RichMenuSwitchAction,
    UpdateRichMenuAliasRequest,
)
from linebot.v3.messaging.exceptions import ApiException
from PIL import Image

from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.simulator.receiver import Receiver


def image(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


def menu(**more: object) -> RichMenuRequest:
    area = RichMenuArea(
        bounds=RichMenuBounds(x=0, y=0, width=400, height=270),
        action=MessageAction(label="ตรวจ", text="ตรวจงาน"),
    )
    switch = RichMenuArea(
        bounds=RichMenuBounds(x=400, y=0, width=400, height=270),
        action=RichMenuSwitchAction(richMenuAliasId="second", data="to=second"),
    )
    fields = {
        "size": RichMenuSize(width=800, height=270),
        "selected": True,
        "name": "หลัก",
        "chatBarText": "เมนู",
    }
    return RichMenuRequest(**{**fields, "areas": [area, switch], **more})


async def made(line: AsyncMessagingApi, blob: AsyncMessagingApiBlob) -> str:
    menu_id = (await line.create_rich_menu(menu())).rich_menu_id
    await blob.set_rich_menu_image(menu_id, body=image(800, 270), _headers={"Content-Type": "image/png"})
    return menu_id


async def test_a_menu_needs_its_picture_before_it_is_shown(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, line_blob: AsyncMessagingApiBlob
) -> None:
    menu_id = (await line.create_rich_menu(menu())).rich_menu_id
    with pytest.raises(ApiException, match="must upload richmenu image"):
        await line.set_default_rich_menu(menu_id)
    with pytest.raises(ApiException, match="does not match the size"):
        await line_blob.set_rich_menu_image(
            menu_id, body=image(900, 270), _headers={"Content-Type": "image/png"}
        )
    await line_blob.set_rich_menu_image(menu_id, body=image(800, 270), _headers={"Content-Type": "image/png"})
    with pytest.raises(ApiException, match="already been uploaded"):
        await line_blob.set_rich_menu_image(
            menu_id, body=image(800, 270), _headers={"Content-Type": "image/png"}
        )
    await line.set_default_rich_menu(menu_id)
    assert (await line.get_default_rich_menu_id()).rich_menu_id == menu_id
    assert (await phones.timeline(somsri.id)).rich_menu["richMenuId"] == menu_id
    await line.delete_rich_menu(menu_id)
    assert (await phones.timeline(somsri.id)).rich_menu is None


async def test_a_pressed_menu_speaks_and_switches(
    phones: SimulatorClient,
    somsri: Person,
    receiver: Receiver,
    line: AsyncMessagingApi,
    line_blob: AsyncMessagingApiBlob,
) -> None:
    first, second = await made(line, line_blob), await made(line, line_blob)
    await line.set_default_rich_menu(first)
    await line.create_rich_menu_alias(CreateRichMenuAliasRequest(richMenuAliasId="second", richMenuId=second))
    await phones.press(somsri.id, index=0, menu=True)
    assert receiver.event["message"]["text"] == "ตรวจงาน"
    await phones.press(somsri.id, index=1, menu=True)
    params = {"newRichMenuAliasId": "second", "status": "SUCCESS"}
    assert receiver.event["postback"] == {"data": "to=second", "params": params}
    assert (await phones.timeline(somsri.id)).rich_menu["richMenuId"] == second


async def test_aliases_are_made_moved_listed_and_deleted(
    phones: SimulatorClient, line: AsyncMessagingApi, line_blob: AsyncMessagingApiBlob
) -> None:
    first, second = await made(line, line_blob), await made(line, line_blob)
    await line.create_rich_menu_alias(CreateRichMenuAliasRequest(richMenuAliasId="main", richMenuId=first))
    await line.update_rich_menu_alias("main", UpdateRichMenuAliasRequest(richMenuId=second))
    assert (await line.get_rich_menu_alias("main")).rich_menu_id == second
    assert [alias.rich_menu_alias_id for alias in (await line.get_rich_menu_alias_list()).aliases] == ["main"]
    await line.delete_rich_menu_alias("main")
    with pytest.raises(ApiException, match="alias not found"):
        await line.get_rich_menu_alias("main")
    assert len((await line.get_rich_menu_list()).richmenus) == 2


async def test_people_get_menus_of_their_own(
    phones: SimulatorClient, somsri: Person, line: AsyncMessagingApi, line_blob: AsyncMessagingApiBlob
) -> None:
    menu_id = await made(line, line_blob)
    await line.link_rich_menu_id_to_user(somsri.id, menu_id)
    assert (await line.get_rich_menu_id_of_user(somsri.id)).rich_menu_id == menu_id
    await line.unlink_rich_menu_id_from_user(somsri.id)
    with pytest.raises(ApiException, match="the user has no richmenu"):
        await line.get_rich_menu_id_of_user(somsri.id)
    await line.link_rich_menu_id_to_users(RichMenuBulkLinkRequest(richMenuId=menu_id, userIds=[somsri.id]))
    assert (await line.get_rich_menu_id_of_user(somsri.id)).rich_menu_id == menu_id


@pytest.mark.parametrize(
    "wrong",
    [
        {"chatBarText": "ก" * 15},
        {"name": "x" * 301},
        {"size": RichMenuSize(width=700, height=270)},
        {"size": RichMenuSize(width=800, height=700)},
        {"areas": [menu().areas[0]] * 21},
        {
            "areas": [
                RichMenuArea(
                    bounds=RichMenuBounds(x=500, y=0, width=400, height=270),
                    action=MessageAction(label="x", text="x"),
                )
            ]
        },
    ],
)
async def test_a_menu_that_breaks_the_limits_is_refused(
    phones: SimulatorClient, line: AsyncMessagingApi, wrong: dict[str, object]
) -> None:
    unchecked = RichMenuRequest.construct(**{**dict(menu()), **_snake(wrong)})
    with pytest.raises(ApiException, match="The request body has 1 error"):
        await line.validate_rich_menu_object(unchecked)


def _snake(fields: dict[str, object]) -> dict[str, object]:
    return {{"chatBarText": "chat_bar_text"}.get(name, name): value for name, value in fields.items()}
