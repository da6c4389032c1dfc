"""What a process has done so far, by the figures it shares with the others of its host."""

import json
from collections import Counter

from prometheus_client.mmap_dict import MmapedDict

from tests.support.stand import Stand


def work_of(stand: Stand, pid: int) -> Counter[str]:
    """Turns, sends and the like of one process, by the name of the counter."""
    found: Counter[str] = Counter()
    for path in (stand.folder / "var" / "metrics").glob(f"*/counter_{pid}.db"):
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path)):  # type: ignore[no-untyped-call]
            found[json.loads(key)[1]] += int(value)
    return found
