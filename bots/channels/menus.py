"""What a channel with a menu of each person's own can do (LINE)."""

from typing import Protocol, runtime_checkable

from bots.channels.base import Channel, Result


@runtime_checkable
class MenuChannel(Channel, Protocol):
    """A channel on which every person may have a menu of their own below the chat."""

    async def show_menu(self, address: str, menu: str) -> Result:
        """Show one person the menu of this name; "refused" where there is no such menu or person. Never raises."""
        ...

    async def forget_menu(self, address: str) -> Result:
        """Show one person no menu of their own any more; "refused" where there is no such person. Never raises."""
        ...
