"""A process that has read every command's modules and forks for each run: reading them takes a command seconds.

On standard input one JSON object a run: words, folder, environment, and the files to be its standard streams; on standard
output one a run that ended: its number and status.
"""

import atexit
import gc
import json
import os
import select
import signal
import sys
from importlib import import_module
from typing import Any

from app.cli import entry

_STREAMS = ("given", "out", "err")
_LOOK_SECONDS = 0.005


def _become(run: dict[str, Any]) -> None:
    os.chdir(run["folder"])
    os.environ.clear()
    os.environ.update(run["environment"])
    for number, name in enumerate(_STREAMS):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
        os.dup2(os.open(run[name], flags), number)
    sys.argv = ["rootan", *run["words"]]


def _run_to_the_end(run: dict[str, Any]) -> int:
    """Return the status with which an interpreter of its own would end."""
    try:
        _become(run)
        entry.main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - the interpreter would print whatever it is
        sys.excepthook(*sys.exc_info())
        status = 1
    else:
        status = 0
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _begin(run: dict[str, Any]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        status = _run_to_the_end(run)
    finally:
        os._exit(status)


def serve() -> None:
    """Fork for every line, until the input ends; what still runs then is ended."""
    for module in entry.FAMILIES.values():
        import_module(module)
    gc.collect()
    gc.freeze()
    running: dict[int, int] = {}
    given = sys.stdin.buffer.raw  # type: ignore[attr-defined]
    unread = b""
    while True:
        readable, _, _ = select.select([given], [], [], _LOOK_SECONDS if running else None)
        if readable:
            heard = os.read(given.fileno(), 1 << 16)
            if not heard:
                break
            *lines, unread = (unread + heard).split(b"\n")
            for run in map(json.loads, lines):
                running[_begin(run)] = run["number"]
        while running and (ended := os.waitpid(-1, os.WNOHANG))[0]:
            status = os.waitstatus_to_exitcode(ended[1])
            sys.stdout.write(json.dumps({"number": running.pop(ended[0]), "status": status}) + "\n")
            sys.stdout.flush()
    for child in running:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    serve()
