"""What must be seen on the phone, and what staff must have."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from tests.scenarios.player import Player
from tests.scenarios.screen import buttons_below, shown, words_of

_ANYTHING = "…"
_BETWEEN = " · "


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


async def _link_opens(player: Player, words: str) -> None:
    """Press the button of the page behind the last link shown; it holds these words."""
    page = await player.stage.house.client.post(urlsplit(player.link).path)
    assert page.status_code == HTTPStatus.OK, page.status_code
    assert words in page.text, f"the page lacks {words!r}"


async def _link_is_used_up(player: Player, _words: str) -> None:
    page = await player.stage.house.client.post(urlsplit(player.link).path)
    assert page.status_code == HTTPStatus.NOT_FOUND, page.status_code


EXPECTED: dict[str, Callable[[Player, str], Awaitable[None]]] = {
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
    "ลิงก์ เปิดได้": _link_opens,
    "ลิงก์ เปิดไม่ได้": _link_is_used_up,
}
