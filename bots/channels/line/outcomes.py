"""What LINE's answers mean to us (Messaging API, "Status codes", "Rate limits", "Retry failed API requests")."""

from typing import Any

from bots.channels.base import Result
from bots.channels.reading import at, text_of

# LINE gives no time to wait; its limits are per second, and its own advice is to slow down.
_RATE_WAIT = 1.0
_CONCURRENCY_WAIT = 2.0


def read_answer(status: int, body: Any) -> Result:
    """Sort an answer of LINE. `body` is its parsed JSON, or anything: something between us and LINE may answer, too."""
    said = text_of(body, "message").lower()
    if status < 400:
        return Result("sent" if status < 300 and isinstance(body, dict) else "unclear", status)
    if status == 409:
        return Result("already", status)
    if status == 429:
        return _too_many(status, said)
    if status >= 500:
        return Result("unclear", status)
    if status == 401:
        # Our own token is wrong or was just replaced: nothing is the matter with the message.
        return Result("not_sent", status)
    if status == 400 and "reply token" in said:
        return Result("token_gone", status)
    return Result("unfit" if status == 413 or _is_about_content(body) else "refused", status)


def _is_about_content(body: Any) -> bool:
    """Whether LINE names the messages of a call, not whom it is for, as what is wrong (LINE reference, "Error responses")."""
    details = at(body, "details")
    named = [text_of(one, "property") for one in details] if isinstance(details, list) else []
    return any(name.startswith("messages") for name in named)


def _too_many(status: int, said: str) -> Result:
    """429 has three meanings: the month's quota, too many calls at once, too many calls a second."""
    if "monthly limit" in said:
        return Result("quota", status)
    if "concurren" in said:
        return Result("wait", status, _CONCURRENCY_WAIT)
    return Result("wait", status, _RATE_WAIT)
