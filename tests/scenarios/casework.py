"""What agencies, courts and staff do with the first person's matter, as acts of a scenario."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from tests.scenarios.player import Player
from tests.support.casework import Casework

_KINDS = {"ตำรวจ": "police", "บ้านพัก": "msdhs", "อัยการ": "prosecutor", "บังคับคดี": "execution"}


class Desk:
    """The casework of one scenario, and the request that each agency was sent last."""

    def __init__(self, casework: Casework) -> None:
        self.casework = casework
        self.requests: dict[str, UUID] = {}


async def _desk(player: Player) -> Desk:
    if player.desk is None:
        found = await player.stage.referral_of(player.first)
        assert found is not None, "nothing with staff"
        player.desk = Desk(player.stage.casework(found.id))
    return player.desk


async def _send(player: Player, name: str) -> None:
    """Also after another one that said no, which the new request then follows."""
    desk = await _desk(player)
    after = next(reversed(desk.requests.values()), None)
    desk.requests[name] = await desk.casework.send(_KINDS[name], after)


def _deed(deed: str, **more: str) -> Callable[[Player, str], Awaitable[None]]:
    async def act(player: Player, name: str) -> None:
        desk = await _desk(player)
        await desk.casework.answer(desk.requests[name], _KINDS[name], deed, **more)

    return act


async def _finish(player: Player, words: str) -> None:
    """`name: what it writes to the person`."""
    name, _, text = words.partition(": ")
    await _deed("finish", outcome="helped", citizen_text=text)(player, name)


async def _step(player: Player, words: str) -> None:
    """A track and a step, as codes; with an outcome where the step has one."""
    track, step, *outcome = words.split()
    more = {"outcome": outcome[0]} if outcome else {}
    await (await _desk(player)).casework.step(track, step, **more)


async def _order(player: Player, baht: str) -> None:
    await (await _desk(player)).casework.order(_satang(baht))


async def _pay(player: Player, baht: str) -> None:
    await (await _desk(player)).casework.pay(_satang(baht))


def _satang(baht: str) -> int:
    whole, _, part = baht.replace(",", "").partition(".")
    return int(whole) * 100 + int(part)


CASEWORK: dict[str, Callable[[Player, str], Awaitable[None]]] = {
    "ส่งต่อ": _send,
    "หน่วยงานรับ": _deed("accept"),
    "หน่วยงานไม่รับ": _deed("decline", reason="other_area"),
    "หน่วยงานเสร็จ": _finish,
    "ขั้น": _step,
    "ศาลสั่งจ่าย": _order,
    "หน่วยงานจ่าย": _pay,
}
