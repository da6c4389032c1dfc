"""What the person does with the phone, and the others around: friends in a group, staff."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.ids import new_id
from referrals.reaching import BlockedError
from simulator.phone import Person
from tests.app.public.posters import draw_blank, draw_poster
from tests.scenarios.casework import CASEWORK
from tests.scenarios.player import Player
from tests.scenarios.screen import Seen, buttons, buttons_below, shown

_UNITS = {"วินาที": 1, "นาที": 60, "ชั่วโมง": 3_600, "วัน": 86_400}
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"


async def _say(player: Player, words: str) -> None:
    player.chat = player.person.id
    player.sent = (await player.phones.say(player.person.id, words)).message_ids[-1]


async def _press(player: Player, label: str) -> None:
    """The newest button of this label that the phone shows."""
    phone = await player.phone()
    seen = next((one for one in buttons(phone) if one.label == label), None)
    assert seen is not None, f"no button {label!r}; shown: {buttons_below(phone, shown(phone))}"
    await _press_seen(player, seen)


async def _press_seen(player: Player, seen: Seen, *, stale: bool = False) -> None:
    chosen = {"data": seen.data} if seen.data else {"label": seen.label}
    group = player.group if player.chat == player.group else None
    await player.phones.press(player.person.id, seen.item, **chosen, group=group, stale=stale)


async def _press_twice(player: Player, label: str) -> None:
    """A double tap: the second goes out before anything was answered."""
    phone = await player.phone()
    seen = next((one for one in buttons(phone) if one.label == label), None)
    assert seen is not None, f"no button {label!r}"
    await _press_seen(player, seen)
    await _press_again(player, seen)


async def _press_old(player: Player, label: str) -> None:
    """A button of an earlier answer, which another device or a slow screen still shows."""
    shown_before = player.answers + player.unsettled
    found = [seen for answer, seen in player.ever_shown if seen.label == label and answer < shown_before]
    assert found, f"no earlier button {label!r}"
    await _press_again(player, found[-1])


async def _press_again(player: Player, seen: Seen) -> None:
    if player.person.platform == "telegram" or seen.item:
        await _press_seen(player, seen, stale=True)
        return
    # LINE takes quick replies away once they are used; another device sends them all the same.
    now_ms = int(player.stage.now().timestamp() * 1_000)
    event = {
        "type": "postback", "mode": "active", "timestamp": now_ms, "webhookEventId": f"01{new_id().hex}",
        "deliveryContext": {"isRedelivery": False}, "source": {"type": "user", "userId": player.person.id},
        "postback": {"data": seen.data},
    }  # fmt: skip
    assert await player.stage.house.post_line({"destination": "U", "events": [event]}) == 200


async def _sticker(player: Player, _words: str) -> None:
    await player.phones.send_sticker(player.person.id)


async def _picture(player: Player, name: str) -> None:
    drawn = {"ประกาศงาน": draw_poster, "รูปเปล่า": draw_blank}.get(name)
    await player.phones.send_picture(player.person.id, drawn() if drawn else b"not a picture")


async def _voice(player: Player, _words: str) -> None:
    await player.phones.send_audio(player.person.id, b"OggS" + bytes(60))


async def _file(player: Player, name: str) -> None:
    await player.phones.send_file(player.person.id, _PDF, name, media_type="application/pdf")


async def _contact(player: Player, number: str) -> None:
    await player.phones.send_contact(player.person.id, number, "พี่เอก")


async def _place(player: Player, words: str) -> None:
    latitude, _, longitude = words.partition(",")
    await player.phones.send_location(player.person.id, float(latitude), float(longitude))


async def _take_back(player: Player, _words: str) -> None:
    await player.phones.unsend(player.person.id, player.sent)


async def _edit(player: Player, words: str) -> None:
    await player.phones.edit(player.person.id, player.sent, words)


async def _wait(player: Player, words: str) -> None:
    number, unit = words.split()
    await player.stage.advance(timedelta(seconds=int(number) * _UNITS[unit]))
    await player.stage.do_chores()
    # Who is forgotten hears of it first, and is forgotten then.
    await player.stage.settle()
    await player.stage.do_chores()


async def _follow(player: Player, _words: str) -> None:
    await player.phones.follow(player.person.id)


async def _block(player: Player, _words: str) -> None:
    await player.phones.unfollow(player.person.id)


async def _other_device(player: Player, words: str) -> None:
    platform = next(one for one in ("line", "telegram") if one == words)
    player.person = await player.new_person(platform)
    player.chat = player.person.id


async def _own_device(player: Player, _words: str) -> None:
    player.person, player.chat = player.first, player.first.id


async def _invite(player: Player, name: str) -> None:
    group = await player.phones.create_group(player.person.platform, name, [player.person.id])
    player.group = player.chat = group.id
    await player.phones.add_bot(group.id, player.person.id)


async def _say_in_group(player: Player, words: str) -> None:
    player.chat = player.group
    await player.phones.say(player.person.id, words, group=player.group)


async def _call_in_group(player: Player, words: str) -> None:
    player.chat = player.group
    await player.phones.say(player.person.id, words, group=player.group, mention_bot=True)


async def _friend_says(player: Player, words: str) -> None:
    player.chat = player.group
    await player.phones.say((await _friend(player)).id, words, group=player.group)


async def _friend_calls(player: Player, words: str) -> None:
    player.chat = player.group
    await player.phones.say((await _friend(player)).id, words, group=player.group, mention_bot=True)


async def _friend(player: Player) -> Person:
    """Another member of the group."""
    if player.friend is None:
        player.friend = await player.new_person(player.person.platform)
        await player.phones.join(player.group, player.friend.id)
    return player.friend


async def _staff_take(player: Player, _words: str) -> None:
    found = await player.stage.referral_of(player.person)
    assert found is not None, "nothing with staff"
    await player.stage.staff_take(found.id)


async def _staff_answer(player: Player, words: str) -> None:
    found = await player.stage.referral_of(player.first)
    assert found is not None, "nothing with staff"
    await player.stage.staff_answer(found.id, words)


async def _staff_refused(player: Player, words: str) -> None:
    """Whoever blocked us can't be written to."""
    with pytest.raises(BlockedError):
        await _staff_answer(player, words)


async def _staff_close(player: Player, _words: str) -> None:
    found = await player.stage.referral_of(player.first)
    assert found is not None, "nothing with staff"
    await player.stage.staff_close(found.id)


ACTS: dict[str, Callable[[Player, str], Awaitable[None]]] = {
    "คน": _say,
    "กด": _press,
    "กดสองครั้ง": _press_twice,
    "กดปุ่มเก่า": _press_old,
    "สติกเกอร์": _sticker,
    "รูป": _picture,
    "เสียง": _voice,
    "ไฟล์": _file,
    "รายชื่อ": _contact,
    "ตำแหน่ง": _place,
    "ยกเลิกข้อความ": _take_back,
    "แก้เป็น": _edit,
    "รอ": _wait,
    "เพิ่มเพื่อน": _follow,
    "บล็อก": _block,
    "เครื่องอื่น": _other_device,
    "เครื่องเดิม": _own_device,
    "เชิญเข้ากลุ่ม": _invite,
    "ในกลุ่ม": _say_in_group,
    "เรียกในกลุ่ม": _call_in_group,
    "เพื่อนในกลุ่ม": _friend_says,
    "เพื่อนเรียกในกลุ่ม": _friend_calls,
    "เจ้าหน้าที่รับเรื่อง": _staff_take,
    "เจ้าหน้าที่": _staff_answer,
    "เจ้าหน้าที่ส่งไม่ได้": _staff_refused,
    "เจ้าหน้าที่ปิดเรื่อง": _staff_close,
    **CASEWORK,
}
