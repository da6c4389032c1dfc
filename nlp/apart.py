"""Running a module of ours in a process of its own: what a hostile file does to a decoder, it does there.

`python -m MODULE SECONDS`, bytes in by standard input, bytes out by standard output. The module binds itself with
`bind_limits` before it reads anything.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_FOLDER = str(Path(__file__).parents[1])
_NICENESS = 10


def passed_on(names: Iterable[str]) -> dict[str, str]:
    """Those variables of this process's environment that such a process may know."""
    return {name: os.environ[name] for name in names if name in os.environ}


def run_apart(module: str, data: bytes, *, seconds: int, environment: Mapping[str, str]) -> bytes | None:
    """Return what the module said of the data, None where it took too long; waits, so call it in a thread.

    One that was ended by its limits said nothing, or half of something: whoever decodes it must expect that.
    """
    process = subprocess.Popen(  # noqa: S603 - this program itself; the data go in by standard input
        [sys.executable, "-m", module, str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": _FOLDER},
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process)
    return said


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with all it started; nothing of it outlives the data."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        # What was not taken in any more has nowhere to go.
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()
    process.wait()


def bind_limits(seconds: int, *, memory: int, file: int) -> None:
    """Limit this process and all it starts: bytes of address space, bytes of each file written, seconds of a core.

    It leaves no core dump and stands behind everything else in the queue for a core.
    """
    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, file),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        # macOS knows no limit of address space.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    os.nice(_NICENESS)
