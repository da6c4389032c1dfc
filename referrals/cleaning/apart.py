"""Cleaning a file in a process of its own."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec

from referrals.cleaning.child import Outcome
from referrals.cleaning.kinds import MOST_BYTES, Cleaned, Refused

SECONDS = 30
_FOLDER = str(Path(__file__).parents[2])
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH")


def clean(data: bytes, *, seconds: int = SECONDS) -> Cleaned:
    """Return what may be kept of a file; waits for seconds, so call it in a thread. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("too_large")
    outcome = _clean_apart(data, seconds)
    if outcome.cleaned is None:
        raise Refused(outcome.refusal or "broken")
    return outcome.cleaned


def _clean_apart(data: bytes, seconds: int) -> Outcome:
    process = subprocess.Popen(  # noqa: S603 - this program itself; the file goes in by standard input
        [sys.executable, "-m", "referrals.cleaning.child", str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"PYTHONPATH": _FOLDER},
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired:
        return Outcome(refusal="broken")
    finally:
        _end(process)
    try:
        return msgspec.msgpack.decode(said, type=Outcome)
    except msgspec.DecodeError:
        # Ended by one of its limits.
        return Outcome(refusal="broken")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process with all it started; nothing of it outlives the file."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        # What was not taken in any more has nowhere to go.
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()
    process.wait()
