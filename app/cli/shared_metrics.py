"""Figures of all processes of a host in one folder, so that any web process shows them at `/metrics`.

Must run before anything imports `prometheus_client`, which looks at the environment then.
"""

import os
import re
import shutil
import socket
from pathlib import Path

import psutil

from core.settings import Settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_FILE = re.compile(r"^(?P<kind>\w+)_(?P<pid>\d+)\.db$")


def share_metrics(settings: Settings) -> None:
    """Name the host's folder to this process and its children, and clear what dead processes left there."""
    named = os.environ.get(VARIABLE)
    # Containers that share a data folder have process numbers of their own.
    folder = Path(named) if named else (settings.data_dir / "metrics" / socket.gethostname()).resolve()
    clear_dead(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ[VARIABLE] = str(folder)


def clear_dead(folder: Path) -> None:
    """Drop gauges of dead processes; their counters go only when all are dead, or sums would fall."""
    found = {path: match for path in folder.glob("*.db") if (match := _FILE.match(path.name))}
    dead = {path for path, match in found.items() if not psutil.pid_exists(int(match["pid"]))}
    if dead == found.keys():
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in dead:
        if found[path]["kind"].startswith("gauge"):
            path.unlink(missing_ok=True)
