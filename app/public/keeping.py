"""Keeping a text that somebody let us keep: where to is the composition root's to say."""

from collections.abc import Awaitable, Callable

from app.runtime import Runtime
from core.db.database import is_connection_error
from core.logs import get_logger
from nlp.judgement import Judgement

# Keeps one text with its judgement and no person; it commits by itself.
KeepText = Callable[[Runtime, str, Judgement], Awaitable[None]]

_log = get_logger()


async def keep_agreed(keep: KeepText, runtime: Runtime, text: str, judgement: Judgement) -> bool:
    """Keep a text; False while the database is away, which changes nothing about the verdict."""
    try:
        await keep(runtime, text, judgement)
    except Exception as error:
        if not is_connection_error(error):
            raise
        _log.warning("text_not_kept", error=error)
        return False
    return True
