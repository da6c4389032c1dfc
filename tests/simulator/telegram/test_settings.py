"""The bot says who it is, sets its webhook, commands and texts, and fetches files."""

import pytest
import telegram
from telegram import BotCommand, BotCommandScopeAllPrivateChats, MenuButtonCommands, MenuButtonDefault
from telegram.error import BadRequest

from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.simulator.process import TELEGRAM_SECRET
from tests.simulator.receiver import Receiver


async def test_the_bot_knows_itself(bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.is_bot, me.username, me.id) == (True, "rootan_bot", 123456789)
    assert me.can_read_all_group_messages


async def test_of_a_group_who_made_it_keeps_it(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    other = await phones.create_person("telegram", "เอก")
    group = await phones.create_group("telegram", "บ้านเรา", [ton.id, other.id])
    await phones.add_bot(group.id, ton.id)
    (keeper,) = await bot.get_chat_administrators(int(group.id))
    assert (keeper.status, str(keeper.user.id)) == ("creator", ton.id)
    with pytest.raises(BadRequest, match="no administrators"):
        await bot.get_chat_administrators(int(ton.id))


async def test_a_webhook_is_set_asked_for_and_taken_away(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, receiver: Receiver
) -> None:
    try:
        await bot.set_webhook(
            f"{receiver.url}/telegram", secret_token="another_secret", allowed_updates=["message"]
        )
        info = await bot.get_webhook_info()
        assert (info.url, info.allowed_updates) == (f"{receiver.url}/telegram", ("message",))
        await phones.say(ton.id, "ถึงไหม")
        assert receiver.got[-1].headers["x-telegram-bot-api-secret-token"] == "another_secret"
        assert (await phones.unfollow(ton.id)).reason == "not_in_allowed_updates"
        await bot.delete_webhook()
        await phones.follow(ton.id)
        assert len(receiver.got) == 1
    finally:
        await bot.set_webhook(f"{receiver.url}/telegram", secret_token=TELEGRAM_SECRET, allowed_updates=[])


@pytest.mark.parametrize(
    ("url", "secret"), [("http://example.com/", None), ("https://example.com/", "with spaces")]
)
async def test_a_bad_webhook_is_refused(bot: telegram.Bot, url: str, secret: str | None) -> None:
    with pytest.raises(BadRequest):
        await bot.set_webhook(url, secret_token=secret)


async def test_commands_are_kept_for_each_scope_and_language(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot
) -> None:
    menu = [BotCommand("menu", "เมนู")]
    await bot.set_my_commands(menu)
    await bot.set_my_commands([BotCommand("stop", "Stop")], BotCommandScopeAllPrivateChats(), "en")
    assert await bot.get_my_commands() == tuple(menu)
    assert (await bot.get_my_commands(BotCommandScopeAllPrivateChats(), "en"))[0].command == "stop"
    assert (await phones.timeline(ton.id)).commands == [{"command": "menu", "description": "เมนู"}]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()


@pytest.mark.parametrize("command", [("Menu", "เมนู"), ("เมนู", "เมนู"), ("menu", "")])
async def test_bad_commands_are_refused(bot: telegram.Bot, command: tuple[str, str]) -> None:
    with pytest.raises(BadRequest, match=r"(?i)bot_command"):
        await bot.set_my_commands([command])


async def test_texts_and_menu_button_are_kept(bot: telegram.Bot) -> None:
    await bot.set_my_description("ตรวจงานก่อนไป", "th")
    await bot.set_my_short_description("ตรวจงาน")
    await bot.set_my_name("รู้ทัน")
    assert (await bot.get_my_description("th")).description == "ตรวจงานก่อนไป"
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_short_description()).short_description == "ตรวจงาน"
    assert (await bot.get_my_name()).name == "รู้ทัน"
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonDefault)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)
    with pytest.raises(BadRequest):
        await bot.set_my_short_description("ก" * 121)


async def test_a_picture_somebody_sent_is_fetched(
    phones: SimulatorClient, ton: Person, bot: telegram.Bot, receiver: Receiver, picture: bytes
) -> None:
    await phones.send_picture(ton.id, picture, caption="จริงไหม")
    message = receiver.update["message"]
    file = await bot.get_file(message["photo"][-1]["file_id"])
    assert bytes(await file.download_as_bytearray()) == picture
    assert message["caption"] == "จริงไหม"
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing")
