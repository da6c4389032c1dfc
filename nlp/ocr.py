"""The text and the QR codes of a picture, read by a process of its own."""

import threading

import msgspec

from nlp.apart import passed_on, run_apart
from nlp.pictures import MOST_BYTES
from nlp.pictures import UnreadablePicture as UnreadablePicture
from nlp.reading import Outcome
from nlp.reading import Reading as Reading

SECONDS = 20
# Reading takes a core for seconds: one picture at a time in a process that has other work, so that text keeps its pace.
_ROOM = threading.BoundedSemaphore(1)
# One thread each: numpy's and Tesseract's own threads would take every core.
_THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1")
_PASSED_ON = ("PATH", "TESSDATA_PREFIX", "TMPDIR", "LD_LIBRARY_PATH")


def read_picture(data: bytes, *, seconds: int = SECONDS) -> Reading:
    """Read a picture; waits for seconds, so call it in a thread. Raises UnreadablePicture.

    Without Tesseract a picture with a QR code still gives the code; one without raises `no_tesseract`. `timeout` also
    means that pictures before this one took too long.
    """
    if len(data) > MOST_BYTES:
        raise UnreadablePicture("too_large")
    if not _ROOM.acquire(timeout=seconds):
        raise UnreadablePicture("timeout")
    try:
        outcome = _read_apart(data, seconds)
    finally:
        _ROOM.release()
    if outcome.reading is None:
        raise UnreadablePicture(outcome.problem or "timeout")
    return outcome.reading


def _read_apart(data: bytes, seconds: int) -> Outcome:
    said = run_apart("nlp.reading_child", data, seconds=seconds, environment=passed_on(_PASSED_ON) | _THREADS)
    try:
        return Outcome(problem="timeout") if said is None else msgspec.json.decode(said, type=Outcome)
    except msgspec.DecodeError:
        # Ended by one of its limits, of which the seconds are the usual one.
        return Outcome(problem="timeout")
