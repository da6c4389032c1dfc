"""Under which names people find us on the platforms: asked once by each web process, when somebody needs them."""

from dataclasses import dataclass
from typing import Any

from app.runtime import Runtime
from bots.channels.line.names import read_basic_id
from bots.channels.telegram.names import read_bot_name


@dataclass(frozen=True, slots=True)
class OurNames:
    """LINE's id begins with "@", Telegram's is the bot's name; "" where that platform is off or did not tell."""

    line: str = ""
    telegram: str = ""


async def read_names(state: Any) -> OurNames:
    """Return our names; what a platform told is kept in the application's `state`."""
    runtime: Runtime = state.runtime
    settings = runtime.settings
    known: dict[str, str] = getattr(state, "our_names", None) or {}
    state.our_names = known
    if settings.line_on and not known.get("line"):
        known["line"] = settings.line_basic_id or await read_basic_id(settings)
    if settings.telegram_on and not known.get("telegram"):
        name = await read_bot_name(settings)
        known["telegram"] = f"@{name}" if name else ""
    return OurNames(known.get("line", ""), known.get("telegram", ""))
