"""What Telegram's refusals mean to us, from python-telegram-bot's exceptions."""

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.channels.base import Result

# With these httpx never put the request on the wire.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_PERSON_GONE = ("chat not found", "user is deactivated", "peer_id_invalid")


def read_error(error: TelegramError) -> Result:
    """Sort a failed call. A time-out after sending is unclear: Telegram has no retry keys."""
    if isinstance(error, RetryAfter):
        seconds = error.retry_after
        return Result("wait", 429, float(seconds if isinstance(seconds, int) else seconds.total_seconds()))
    if isinstance(error, Forbidden):
        return Result("blocked", 403)
    if isinstance(error, ChatMigrated):
        return Result("refused", 400)
    if isinstance(error, BadRequest):
        gone = any(words in str(error).lower() for words in _PERSON_GONE)
        return Result("blocked" if gone else "refused", 400)
    if isinstance(error, NetworkError):
        return Result("not_sent" if isinstance(error.__cause__, _NEVER_SENT) else "unclear")
    if isinstance(error, InvalidToken):
        # Our own token is wrong or was just replaced: nothing is the matter with the message.
        return Result("not_sent", 401)
    return Result("refused", None)
