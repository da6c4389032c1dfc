"""A browser counts only when it starts."""

from pathlib import Path

import pytest

from app.cli.setup import browser
from app.cli.setup.browser import find_browser


def make_program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_it_takes_a_download_that_starts_and_passes_over_one_that_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, good = (
        tmp_path / "chromium-2" / "chrome-linux" / "chrome",
        tmp_path / "chromium-1" / "chrome-linux" / "chrome",
    )
    make_program(broken, "exit 127")
    make_program(good, "echo Chromium 1")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(browser, "_MAC", ())
    assert find_browser() == good
    good.unlink()
    assert find_browser() is None


def test_of_several_it_takes_the_one_without_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_program(tmp_path / "full" / "chromium", "echo Chromium 1")
    make_program(tmp_path / "quick" / "chromium-headless-shell", "echo Chromium 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'full'}:{tmp_path / 'quick'}")
    assert find_browser() == tmp_path / "quick" / "chromium-headless-shell"
