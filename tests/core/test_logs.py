"""Logs hold ids and codes, never content, names, numbers or what an exception says. Guards 11."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from core.logs import configure_logs, get_logger

SECRET = "ช่วยด้วย โทร 0812345678"


@pytest.fixture
def start(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Called in the test, it begins to log; what it returns gives the lines."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def start() -> Any:
        # What is configured anew closes the handlers before it, and these are pytest's.
        root.handlers[:] = []
        configure_logs(json=True)
        return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield start
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_field_whose_name_is_not_known_is_not_printed(start: Any) -> None:
    logged = start()
    get_logger().info("sent", text=SECRET, name="ดาว", channel="line", count=3)
    (line,) = logged()
    assert (line["text"], line["name"], line["channel"], line["count"]) == (
        "<redacted>",
        "<redacted>",
        "line",
        3,
    )


def test_long_runs_of_digits_are_not_printed_wherever_they_stand(start: Any) -> None:
    logged = start()
    get_logger().info("refused", reason="phone 0812345678 and 123456789012")
    assert logged()[0]["reason"] == "phone <digits> and <digits>"


def test_of_an_exception_its_type_and_place_are_printed_and_not_its_words(start: Any) -> None:
    logged = start()
    try:
        int(SECRET)
    except ValueError as error:
        get_logger().error("failed", error=error)
    (line,) = logged()
    assert line["error"] == "ValueError"
    assert "test_of_an_exception" in line["where"]
    assert SECRET not in json.dumps(line, ensure_ascii=False)


def test_libraries_warnings_lose_their_text(start: Any) -> None:
    logged = start()
    logging.getLogger("some.library").warning("could not send %s", SECRET)
    logging.getLogger("some.library").info(SECRET)
    try:
        {}[SECRET]
    except KeyError:
        logging.getLogger("some.library").exception(SECRET)
    lines = logged()
    assert [(line["logger"], line["error"]) for line in lines] == [
        ("some.library", "WARNING"), ("some.library", "KeyError"),
    ]  # fmt: skip
    assert SECRET not in json.dumps(lines, ensure_ascii=False)
