"""A worker process knows every table by itself, not only beside a test that imported them. Guards 2."""

import sys
from pathlib import Path
from subprocess import run

ROOT = Path(__file__).parents[2]
_LOOK = "import app.worker.replies, core.db.base; print(len(core.db.base.Base.metadata.sorted_tables))"


def test_it_resolves_every_relation_between_rooms() -> None:
    looked = run(
        [sys.executable, "-W", "ignore", "-c", _LOOK], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert looked.returncode == 0, looked.stderr[-500:]
    assert int(looked.stdout) > 15
