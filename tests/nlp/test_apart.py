import os
import sys

import msgspec
import psutil
import pytest

from nlp.apart import passed_on, run_apart

PATH = passed_on(("PATH",))


def test_it_is_bound_in_memory_time_files_and_rank() -> None:
    said = run_apart("tests.nlp.bound", b"", seconds=20, environment=PATH)
    assert said is not None
    told = msgspec.json.decode(said)
    bounds = [[900_000_000] * 2, [20] * 2, [64] * 2, [0] * 2]
    if sys.platform == "linux":
        assert told["limits"] == bounds
    else:
        assert told["limits"][1:] == bounds[1:]
    assert told["nice"] == min(os.nice(0) + 10, 19)


def test_it_knows_of_the_environment_what_it_is_given_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTAN_KEYS", "secret")
    said = run_apart("tests.nlp.bound", b"", seconds=20, environment={**PATH, "OMP_NUM_THREADS": "1"})
    assert said is not None
    # Python itself names the character set.
    known = set(msgspec.json.decode(said)["known"]) - {"LC_CTYPE"}
    assert known == {"PATH", "OMP_NUM_THREADS", "PYTHONPATH"}
    assert passed_on(("ROOTAN_KEYS", "NOWHERE")) == {"ROOTAN_KEYS": "secret"}


def test_what_takes_too_long_is_ended_with_all_it_started() -> None:
    assert run_apart("tests.nlp.bound", b"endless", seconds=3, environment=PATH) is None
    left = [one for one in psutil.process_iter(["cmdline"]) if "987654" in (one.info["cmdline"] or ())]
    _, alive = psutil.wait_procs(left, timeout=10)
    assert not alive


def test_data_that_nobody_takes_in_does_not_stop_it() -> None:
    assert run_apart("tests.nlp.no_such_module", bytes(9_000_000), seconds=20, environment=PATH) == b""
