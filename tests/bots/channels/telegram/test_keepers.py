"""Who keeps a group, as Telegram tells it."""

from bots.channels.telegram.channel import TelegramChannel
from bots.channels.telegram.parse import KEEPER, parse_update
from simulator.client import SimulatorClient


async def test_who_made_the_group_keeps_it_and_nobody_else(
    telegram: TelegramChannel, fresh: SimulatorClient
) -> None:
    ton, ek = [await fresh.create_person("telegram", name) for name in ("ต้น", "เอก")]
    group = await fresh.create_group("telegram", "บ้านเรา", [ton.id, ek.id])
    await fresh.add_bot(group.id, ton.id)
    assert await telegram.is_keeper(group.id, ton.id) is True
    assert await telegram.is_keeper(group.id, ek.id) is False
    assert await telegram.is_keeper(group.id, KEEPER) is True
    assert await telegram.is_keeper("-404", ton.id) is None


def message(**more: object) -> dict[str, object]:
    chat = {"id": -55, "type": "supergroup"}
    return {"update_id": 1, "message": {"message_id": 1, "chat": chat, "from": {"id": 7}, **more}}


def test_who_hides_behind_the_name_of_the_group_is_a_keeper_and_behind_another_nobody() -> None:
    assert parse_update(message(text="ก"), 0.0).author == "7"
    assert parse_update(message(text="ก", sender_chat={"id": -55}), 0.0).author == KEEPER
    assert parse_update(message(text="ก", sender_chat={"id": -66}), 0.0).author == ""


def test_our_name_is_not_part_of_what_was_said_and_anothers_is() -> None:
    said = message(text="/check@rootan_bot ทัก @Rootan_Bot กับ @rootan_bot2 นะ")
    assert parse_update(said, 0.0, "rootan_bot").text == "/check ทัก  กับ @rootan_bot2 นะ"


def test_the_words_that_are_answered_are_read_unless_they_are_ours() -> None:
    theirs = message(text="@rootan_bot", reply_to_message={"text": "รับแอดมิน", "from": {"username": "ek"}})
    ours = message(text="ก", reply_to_message={"caption": "ตอบ", "from": {"username": "Rootan_bot"}})
    assert (parse_update(theirs, 0.0, "rootan_bot").text, parse_update(theirs, 0.0, "rootan_bot").quoted) == (
        "", "รับแอดมิน",
    )  # fmt: skip
    assert parse_update(ours, 0.0, "rootan_bot").quoted == ""
