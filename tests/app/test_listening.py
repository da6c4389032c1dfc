"""Groups that want to be warned: what of their talk is judged, what of it stays, and that nobody waits for it."""

import asyncio
import time
from typing import Any

import pytest

from app import examiner
from app.examining.asking import Weigh, Weighed
from app.listening import MOST_WAITING, GroupListener
from tests.support import housing
from tests.support.house import House, QuietHouse

front, phones, house, quiet = housing.front, housing.phones, housing.house, housing.quiet
OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000"
GROUP, OTHER, DAO = "C" + "9" * 32, "C" + "8" * 32, "U" + "da0" * 10 + "da"


def said(number: int, text: str, group: str = GROUP, **more: Any) -> dict[str, Any]:
    return {
        "type": "message", "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "replyToken": f"{number:032d}", "source": {"type": "group", "groupId": group, "userId": DAO},
        "message": {"type": "text", "id": f"m{number}", "text": text},
    } | more  # fmt: skip


def called(number: int, text: str, group: str = GROUP, author: str = DAO) -> dict[str, Any]:
    mention = {"mentionees": [{"type": "user", "isSelf": True, "index": 0, "length": 4}]}
    message = {"type": "text", "id": f"m{number}", "text": f"@บอท {text}", "mention": mention}
    source = {"type": "group", "groupId": group, "userId": author}
    return said(number, text, group, message=message, source=source)


async def post(quiet: QuietHouse, *events: dict[str, Any]) -> None:
    assert await quiet.post_line({"destination": "U", "events": list(events)}) == 200


@pytest.fixture
async def listener(quiet: QuietHouse) -> GroupListener:
    """The listener of a house whose group has switched warnings on; it judges here, in the test's process."""
    for number, author in ((1, DAO), (2, "U" + "e" * 32)):
        await post(quiet, called(number, "เปิดเตือน", author=author))
        await quiet.turn()
    listener: GroupListener = quiet.service._listener

    async def weigh(words: Weigh) -> Weighed:
        return examiner.weigh(words)

    listener._weigh = weigh
    await listener.look_once()
    quiet.notebook.sent.clear()
    # Or the warning would queue up behind them.
    await quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    return listener


async def warnings(quiet: QuietHouse) -> int:
    """How many warnings stand, when everything heard has been judged."""
    async with asyncio.timeout(10):
        while quiet.service._listener._waiting.qsize():
            await asyncio.sleep(0.02)
    # The last one may just be being stored.
    await asyncio.sleep(0.2)
    return int(await quiet.value("SELECT count(*) FROM inbound_event WHERE event_id LIKE 'warning:%'"))


async def test_an_offer_of_danger_is_answered_with_a_warning_and_none_of_its_words_is_stored(
    quiet: QuietHouse, listener: GroupListener
) -> None:
    await post(quiet, said(3, OFFER))
    assert await warnings(quiet) == 1
    await quiet.turn()
    (answer,) = [str(sent.envelope.content) for sent in quiet.notebook.sent]
    assert "⛔ อันตราย" in answer
    assert "มีประกาศงานที่น่าสงสัยในกลุ่มนี้" in answer
    assert quiet.notebook.sent[0].envelope.handle == f"{3:032d}"
    rows = await quiet.rows("SELECT body FROM inbound_event WHERE event_id = '01E3'")
    assert [row.body for row in rows] == [None]
    assert await quiet.value("SELECT count(*) FROM screening") == 0


async def test_a_webhook_that_comes_again_warns_once(quiet: QuietHouse, listener: GroupListener) -> None:
    for _ in range(2):
        await post(quiet, said(3, OFFER))
    assert await warnings(quiet) == 1


@pytest.mark.parametrize(
    "event",
    [
        said(3, "พรุ่งนี้ไปกินข้าวที่บ้านยายกันนะทุกคน"),
        said(3, "สั้น ๆ"),
        said(3, OFFER + " ช่วยด้วย โดนขังอยู่ในตึก ออกไปไม่ได้ เขายึดพาสปอร์ต"),
        said(3, OFFER, OTHER),
        said(3, OFFER, mode="standby"),
        said(3, "", message={"type": "sticker", "id": "m3"}),
        called(3, OFFER),
    ],
)
async def test_nothing_else_makes_a_warning(
    quiet: QuietHouse, listener: GroupListener, event: dict[str, Any]
) -> None:
    await post(quiet, event)
    assert await warnings(quiet) == 0


async def test_where_warnings_are_off_nobody_listens(quiet: QuietHouse) -> None:
    await post(quiet, said(1, OFFER))
    await quiet.service._listener.look_once()
    await post(quiet, said(2, OFFER))
    assert quiet.service._listener._waiting.qsize() == 0
    assert await warnings(quiet) == 0


async def test_switched_off_while_it_was_judged_it_says_nothing(
    quiet: QuietHouse, listener: GroupListener
) -> None:
    async def slowly(words: Weigh) -> Weighed:
        await quiet.rows("DELETE FROM group_setting")
        await listener.look_once()
        return examiner.weigh(words)

    listener._weigh = slowly
    await post(quiet, said(3, OFFER))
    assert await warnings(quiet) == 0


async def test_no_webhook_waits_for_judgement_and_a_flood_is_bounded(
    quiet: QuietHouse, listener: GroupListener
) -> None:
    never = asyncio.Event()

    async def hang(words: Weigh) -> Weighed:
        await never.wait()
        return Weighed(danger=False)

    listener._weigh = hang
    begun = time.monotonic()
    await post(quiet, *(said(number, OFFER) for number in range(3, 3 + MOST_WAITING + 50)))
    assert time.monotonic() - begun < 2
    assert listener._waiting.qsize() <= MOST_WAITING


async def test_after_a_failure_the_next_words_are_heard(quiet: QuietHouse, listener: GroupListener) -> None:
    tries = []

    async def once_broken(words: Weigh) -> Weighed:
        tries.append(words)
        if len(tries) == 1:
            raise RuntimeError("away")
        return examiner.weigh(words)

    listener._weigh = once_broken
    await post(quiet, said(3, OFFER), said(4, OFFER))
    assert await warnings(quiet) == 1


async def test_in_a_telegram_group_a_posted_offer_is_warned_of(house: House) -> None:
    """With the examiner in its own process, through the platform and back."""
    house.service.bot_name = "rootan_bot"
    ton, ek = [await house.phones.create_person("telegram", name) for name in ("ต้น", "เอก")]
    group = await house.phones.create_group("telegram", "บ้านเรา", [ton.id, ek.id])
    await house.phones.add_bot(group.id, ton.id)
    await house.phones.say(ton.id, "เปิดเตือน", group=group.id, mention_bot=True)
    await house.work()
    for row in await house.rows("SELECT id FROM inbound_event WHERE body IS NOT NULL"):
        await house.handlers["ask_keeper"]([row.id])
    await house.work()
    await house.service._listener.look_once()
    before = await house.said_to(group.id)
    await house.phones.say(ek.id, OFFER, group=group.id)
    async with asyncio.timeout(30):
        while not await house.value("SELECT count(*) FROM inbound_event WHERE event_id LIKE 'warning:%'"):
            await asyncio.sleep(0.05)
    await house.work()
    said = (await house.said_to(group.id))[len(before) :]
    assert said[0].startswith("⛔ อันตราย")
    assert "ทักแชตส่วนตัวได้เลย" in said[-1]
