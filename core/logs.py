"""Structured logs: constant event names, ids as fields, never a word of content."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

# A field is printed only when its name is known to hold no personal data.
ALLOWED_FIELDS = frozenset({
    "event", "level", "timestamp", "logger", "process", "request_id", "job", "job_id", "message_id", "batch_id",
    "event_id", "referral_id", "contact_id", "conversation_id", "account_id", "campaign_id", "channel", "lane",
    "state", "outcome", "reason", "status", "count", "seconds", "milliseconds", "bytes", "error", "attempt", "size",
    "route", "method", "version", "address", "port", "pid", "path_kind", "kind", "band", "rules", "model", "queue",
    "worker", "entrypoint", "pending", "where",
})  # fmt: skip
_LONG_DIGITS = re.compile(r"\d{9,}")


def keep_known_fields(_logger: object, _name: str, fields: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace every field that is not known to be harmless, and every long run of digits.

    Of an exception its type and the place it was raised at are kept; its text may quote content.
    """
    error = fields.get("error")
    if isinstance(error, BaseException) and error.__traceback__ is not None:
        frame = traceback.extract_tb(error.__traceback__, limit=-1)[-1]
        fields.setdefault("where", f"{Path(frame.filename).name}:{frame.lineno} {frame.name}")
    return {name: _harmless(name, value) for name, value in fields.items()}


def _harmless(name: str, value: object) -> object:
    if name not in ALLOWED_FIELDS:
        return "<redacted>"
    if name == "error" and isinstance(value, BaseException):
        return type(value).__name__
    return _LONG_DIGITS.sub("<digits>", value) if isinstance(value, str) and name != "timestamp" else value


def configure_logs(*, json: bool, level: int = logging.INFO) -> None:
    """Set up structlog for this process; libraries' own logs are kept to warnings without their text."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_known_fields,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_TypeOnlyHandler()], force=True)


class _TypeOnlyHandler(logging.Handler):
    """Library warnings may quote arguments, so only where they came from and their kind is kept."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else record.levelname
        structlog.get_logger().warning("library_log", logger=record.name, error=kind, where=record.funcName)


def get_logger() -> Any:
    return structlog.get_logger()
