"""Plays a scenario line by line: what the person does, and what the phone must show then."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from core.ids import new_id
from simulator.faults import Platform
from simulator.phone import Item, Person, Timeline
from tests.app.public.posters import draw_blank, draw_poster
from tests.scenarios.screen import Seen, asks_for_place, buttons, buttons_below, shown, words_of
from tests.scenarios.stage import Stage
from tests.scenarios.telling import Line, Scenario

_ANYTHING = "…"
_BETWEEN = " · "
_RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
_LONGEST, _MAY_BE_LONG = 300, ("lessons/", "rights/")
_UNITS = {"วินาที": 1, "นาที": 60, "ชั่วโมง": 3_600, "วัน": 86_400}
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%%EOF\n"

Act = Callable[["Player", str], Awaitable[None]]


class Player:
    """One scenario under way. Its person holds the phone; another device is another person to the platforms."""

    def __init__(self, stage: Stage, scenario: Scenario, platform: Platform) -> None:
        self.stage = stage
        self.phones = stage.phones
        self.scenario = scenario
        self.platform = platform
        self.person: Person
        self.first: Person
        # Where the last act was done: a person's own chat, or a group.
        self.chat = ""
        self.group = ""
        self.friend: Person | None = None
        # What the last act was answered with, and how many of its bubbles were told already.
        self.heard: list[Item] = []
        self.told = 0
        self.told_loosely = False
        self.known: dict[str, set[str]] = {}
        # Every button that was ever shown, with the number of the answer.
        self.ever_shown: list[tuple[int, Seen]] = []
        self.answers = 0
        self.receipt = ""
        self.sent = ""
        self.unsettled = False

    async def play(self) -> None:
        await self.stage.begin_at(*self.scenario.clock)
        self.person = self.first = await self.new_person(self.platform)
        self.chat = self.person.id
        for line in self.scenario.on(self.platform):
            try:
                await self._play(line)
            except AssertionError as wrong:
                raise AssertionError(f"{self.scenario.name}:{line.number} {wrong}") from None
            except Exception as error:
                error.add_note(f"{self.scenario.name}:{line.number} on {self.platform}")
                raise
        await self._look()
        self._end_answer()

    async def _play(self, line: Line) -> None:
        if not line.together:
            await self._look()
        words = line.words.replace("{เลขติดตาม}", self.receipt)
        if line.key in EXPECTED:
            await EXPECTED[line.key](self, words)
            return
        if line.key not in ACTS:
            raise ValueError(f"no such line: {line.key}")
        if not line.together:
            self._end_answer()
            self.heard, self.told, self.told_loosely = [], 0, False
        await ACTS[line.key](self, words)
        self.unsettled = True

    async def _look(self) -> None:
        """Let the service work, then look at the phone."""
        if not self.unsettled:
            return
        self.unsettled = False
        await self.stage.settle()
        phone = await self.phone()
        before = self.known.setdefault(self.chat, set())
        new = [item for item in shown(phone) if item.author == "bot" and item.id not in before]
        before |= {item.id for item in new}
        self.heard += new
        self.answers += 1
        self.ever_shown += [(self.answers, seen) for seen in buttons(phone)]
        for item in new:
            if found := _RECEIPT.search(words_of(item)):
                self.receipt = found.group()
            assert self._is_short(item), f"longer than {_LONGEST}: {words_of(item)!r}"

    def _is_short(self, item: Item) -> bool:
        """Cards apart, which only LINE tells from texts; lessons and rights may say more."""
        is_text = item.message.get("type") == "text"
        return not is_text or len(words_of(item)) <= _LONGEST or self.scenario.name.startswith(_MAY_BE_LONG)

    def _end_answer(self) -> None:
        """Who tells one bubble exactly tells all of them."""
        left = self.said()[self.told :]
        if self.told and not self.told_loosely:
            assert not left, f"said more than told: {left}"

    def said(self) -> list[str]:
        return [words_of(item) for item in self.heard if not asks_for_place(item)]

    async def phone(self) -> Timeline:
        return await self.phones.timeline(self.chat)

    async def new_person(self, platform: Platform) -> Person:
        return await self.phones.create_person(platform, "ดาว")


# What the person does


async def _say(player: Player, words: str) -> None:
    player.chat = player.person.id
    player.sent = (await player.phones.say(player.person.id, words)).message_ids[-1]


async def _press(player: Player, label: str) -> None:
    """The newest button of this label that the phone shows."""
    phone = await player.phone()
    seen = next((one for one in buttons(phone) if one.label == label), None)
    assert seen is not None, f"no button {label!r}; shown: {buttons_below(phone, shown(phone))}"
    await _press_seen(player, seen)


async def _press_seen(player: Player, seen: Seen) -> None:
    chosen = {"data": seen.data} if seen.data else {"label": seen.label}
    group = player.group if player.chat == player.group else None
    await player.phones.press(player.person.id, seen.item, **chosen, group=group)


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
        await _press_seen(player, seen)
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


async def _staff_close(player: Player, _words: str) -> None:
    found = await player.stage.referral_of(player.first)
    assert found is not None, "nothing with staff"
    await player.stage.staff_close(found.id)


ACTS: dict[str, Act] = {
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
    "เจ้าหน้าที่ปิดเรื่อง": _staff_close,
}


# What must be seen then


async def _says(player: Player, words: str) -> None:
    """The next bubble, word for word; … stands for anything."""
    said = player.said()
    assert player.told < len(said), f"said no more, but {words!r} was told"
    pattern = ".*".join(re.escape(part) for part in words.split(_ANYTHING))
    heard = said[player.told]
    assert re.fullmatch(pattern, heard, re.DOTALL), f"\n said: {heard!r}\n told: {words!r}"
    player.told += 1


async def _says_among(player: Player, words: str) -> None:
    player.told_loosely = True
    assert any(words in said for said in player.said()), f"\n said: {player.said()!r}\n told: {words!r}"


async def _never_says(player: Player, words: str) -> None:
    assert player.heard, "said nothing at all"
    player.told_loosely = True
    assert not any(words in said for said in player.said()), f"said {words!r} in {player.said()!r}"


async def _is_silent(player: Player, _words: str) -> None:
    assert not player.heard, f"said {player.said()!r}"


async def _offers_just(player: Player, words: str) -> None:
    offered = buttons_below(await player.phone(), player.heard)
    assert sorted(offered) == sorted(words.split(_BETWEEN)), f"offered: {_BETWEEN.join(offered)}"


async def _offers(player: Player, words: str) -> None:
    offered = buttons_below(await player.phone(), player.heard)
    missing = [label for label in words.split(_BETWEEN) if label not in offered]
    assert not missing, f"not offered: {missing}; offered: {_BETWEEN.join(offered)}"


async def _never_offers(player: Player, words: str) -> None:
    offered = buttons_below(await player.phone(), player.heard)
    found = [label for label in words.split(_BETWEEN) if label in offered]
    assert not found, f"offered: {found}"


async def _screen(player: Player) -> list[str]:
    return [words_of(item) or item.text for item in shown(await player.phone())]


async def _screen_shows(player: Player, words: str) -> None:
    seen = await _screen(player)
    assert any(words in said for said in seen), f"the screen shows {seen!r}"


async def _screen_hides(player: Player, words: str) -> None:
    seen = await _screen(player)
    assert not any(words in said for said in seen), f"the screen shows {seen!r}"


async def _staff_have(player: Player, words: str) -> None:
    """Priority, source, state, kinds and reasons of the newest referral, as far as named; or that there is none."""
    found = await player.stage.referral_of(player.first)
    if words == "ไม่มี":
        assert found is None, f"there is one: {found.priority} {found.source}"
        return
    assert found is not None, "nothing with staff"
    known = {found.priority, found.source, found.state, *found.kinds, *found.reasons}
    assert set(words.split()) <= known, f"it is {sorted(known)}"


EXPECTED: dict[str, Act] = {
    "บอต": _says,
    "บอต มี": _says_among,
    "บอต ไม่มี": _never_says,
    "ไม่ตอบ": _is_silent,
    "ปุ่ม": _offers_just,
    "ปุ่ม มี": _offers,
    "ปุ่ม ไม่มี": _never_offers,
    "จอ มี": _screen_shows,
    "จอ ไม่มี": _screen_hides,
    "เคส": _staff_have,
}
