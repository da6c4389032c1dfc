"""Cleaning a file in a process of its own, which alone knows the decoders: 16 MB that nobody else needs."""

import msgspec

from nlp.apart import passed_on, run_apart
from referrals.cleaning.kinds import MOST_BYTES, Cleaned, Outcome, Refused

SECONDS = 30
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
    said = run_apart("referrals.cleaning.child", data, seconds=seconds, environment=passed_on(_PASSED_ON))
    try:
        return Outcome(refusal="broken") if said is None else msgspec.msgpack.decode(said, type=Outcome)
    except msgspec.DecodeError:
        # Ended by one of its limits.
        return Outcome(refusal="broken")
