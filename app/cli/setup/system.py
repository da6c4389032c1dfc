"""System packages: installed where the user is root on Debian or Ubuntu, else named in one line to copy.

`python -m app.cli.setup.system` looks after what the service wants, with `--tests` also what its tests want.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from app.cli.setup.browser import find_browser


class Need(NamedTuple):
    """Something from outside Python: how to tell it is there, and what brings it."""

    there: Callable[[], bool]
    packages: tuple[str, ...]
    brew: str
    without: str


def reads_thai() -> bool:
    """Tell whether Tesseract is here with Thai."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], check=False, capture_output=True, text=True)
    return "tha" in listed.stdout.split()


def has_thai_font() -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return sys.platform == "darwin"
    listed = subprocess.run([program, ":lang=th", "family"], check=False, capture_output=True, text=True)
    return bool(listed.stdout.strip())


def has_browser() -> bool:
    return find_browser() is not None


def has_quick_browser() -> bool:
    """Tell whether the browser is one without windows; elsewhere than on Debian, which has that packed, any will do."""
    browser = find_browser()
    return browser is not None and ("headless" in str(browser) or not _is_debian_itself())


SERVICE = (
    Need(reads_thai, ("tesseract-ocr", "tesseract-ocr-tha"), "tesseract tesseract-lang", "pictures are not read"),
)  # fmt: skip
TESTS = (
    Need(
        has_quick_browser,
        ("chromium-headless-shell",),
        "--cask chromium",
        "tests in a browser take longer, or are skipped where there is none",
    ),
    Need(has_thai_font, ("fontconfig", "fonts-thai-tlwg"), "fontconfig", "screenshots show boxes for Thai"),
)


def download_browser() -> None:
    """Let Playwright fetch its own Chromium; whether it starts here is looked at afterwards."""
    print("No Chromium here; Playwright downloads one.", flush=True)
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def provide(needs: tuple[Need, ...]) -> None:
    """Install what is missing, or print the line that does; never fails, for the service works without."""
    missing = [need for need in needs if not need.there()]
    if not missing:
        return
    if _is_root_on_debian():
        _apt("update", "-q")
        # One need at a time: a package that is not to be had must not keep the others away.
        for need in missing:
            print(f"Installing system packages: {' '.join(need.packages)}", flush=True)
            _apt("install", "-y", "-q", "--no-install-recommends", *need.packages)
        missing = [need for need in missing if not need.there()]
    for need in missing:
        print(f"Until you run `{_line(need)}`: {need.without}.", flush=True)


def _is_root_on_debian() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and Path("/etc/debian_version").exists()


def _is_debian_itself() -> bool:
    release = Path("/etc/os-release")
    return _is_root_on_debian() and release.exists() and "ID=debian" in release.read_text().splitlines()


def _apt(*words: str) -> None:
    command = ["apt-get", *words]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode != 0:
        print(f"apt-get {words[0]}: {done.stderr.strip()[-300:]}", flush=True)


def _line(need: Need) -> str:
    if sys.platform == "darwin":
        return f"brew install {need.brew}"
    return f"sudo apt-get install -y --no-install-recommends {' '.join(need.packages)}"


def main() -> int:
    provide(SERVICE)
    if "--tests" in sys.argv[1:]:
        if not has_browser():
            download_browser()
        provide(TESTS)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
