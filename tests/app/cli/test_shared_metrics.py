"""Figures of dead processes: gauges go at once, counters only with the last process."""

import os
from pathlib import Path

from app.cli.shared_metrics import clear_dead

DEAD = 2**22 + 1  # above the largest process number Linux gives


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*")}


def test_it_keeps_counters_while_others_live(tmp_path: Path) -> None:
    mine, theirs = f"counter_{os.getpid()}.db", f"counter_{DEAD}.db"
    for name in (mine, theirs, f"gauge_livemax_{DEAD}.db"):
        (tmp_path / name).write_bytes(b"")
    clear_dead(tmp_path)
    assert names(tmp_path) == {mine, theirs}


def test_it_starts_afresh_when_all_are_dead(tmp_path: Path) -> None:
    (tmp_path / f"counter_{DEAD}.db").write_bytes(b"")
    clear_dead(tmp_path)
    assert names(tmp_path) == set()


def test_it_needs_no_folder(tmp_path: Path) -> None:
    clear_dead(tmp_path / "none")
    assert not (tmp_path / "none").exists()
