"""A process apart that tells how it is bound: `python -m tests.nlp.bound SECONDS`; "endless" in, and it never ends."""

import os
import resource
import subprocess
import sys

import msgspec

from nlp.apart import bind_limits

if __name__ == "__main__":
    bind_limits(int(sys.argv[1]), memory=900_000_000, file=64)
    if sys.stdin.buffer.read() == b"endless":
        subprocess.run(["sleep", "987654"], check=True)
    limits = [resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE]
    told = {
        "limits": [resource.getrlimit(one) for one in limits], "nice": os.nice(0), "known": sorted(os.environ),
    }  # fmt: skip
    sys.stdout.buffer.write(msgspec.json.encode(told))
