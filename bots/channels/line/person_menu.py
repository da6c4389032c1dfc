"""Which rich menu one person has: found by its alias, then linked to them. Source: LINE reference, "Rich menu"."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from bots.channels.base import Result
from bots.channels.line.outcomes import read_answer
from bots.channels.line.rich_menu import alias_of
from bots.channels.reading import text_of

Call = Callable[[str, str], Awaitable[tuple[int, Any]]]
_GONE = 404


class PersonMenus:
    """Links menus by their names; `call` asks LINE (path, method) and returns status and parsed answer."""

    def __init__(self, call: Call) -> None:
        self._call = call
        # Ids by name, until LINE says that one is gone: `channels sync` put another in its place.
        self._ids: dict[str, str] = {}

    async def show(self, address: str, menu: str) -> Result:
        """Link the menu to the person. A menu or person that LINE does not know is "refused"."""
        return await _never_raising(self._show(address, menu))

    async def forget(self, address: str) -> Result:
        """Unlink whatever menu the person has of their own; they see the one for everybody."""
        return await _never_raising(self._unlink(address))

    async def _unlink(self, address: str) -> Result:
        return read_answer(*await self._call(f"/v2/bot/user/{address}/richmenu", "DELETE"))

    async def _show(self, address: str, menu: str) -> Result:
        known = menu in self._ids
        result = await self._link(address, menu)
        if known and result.status == _GONE:
            result = await self._link(address, menu)
        return result

    async def _link(self, address: str, menu: str) -> Result:
        if menu not in self._ids:
            status, found = await self._call(f"/v2/bot/richmenu/alias/{alias_of(menu)}", "GET")
            menu_id = text_of(found, "richMenuId")
            if status != 200 or not menu_id:
                return read_answer(status if status != 200 else 500, found)
            self._ids[menu] = menu_id
        status, said = await self._call(f"/v2/bot/user/{address}/richmenu/{self._ids[menu]}", "POST")
        if status == _GONE:
            del self._ids[menu]
        return read_answer(status, said)


async def _never_raising(asking: Awaitable[Result]) -> Result:
    try:
        return await asking
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Result("not_sent")
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Result("unclear")
