"""`make eval`, its small parts from the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.judgement", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=150)


def test_it_explains_how_to_choose_parts() -> None:
    said = run("--help").stdout
    for part in ("offers", "unseen", "crisis", "intents", "attacks", "pictures", "speed", "--texts"):
        assert part in said


def test_it_refuses_a_part_that_is_none() -> None:
    refused = run("offer")
    assert refused.returncode == 2
    assert "no such part: offer; there are offers, " in refused.stderr


@pytest.mark.timeout(170)
def test_one_part_prints_its_tables_and_no_text_of_the_hold_out() -> None:
    ended = run("intents")
    assert ended.returncode == 0, ended.stderr
    assert "this judgement" in ended.stdout
    assert "keyword list" in ended.stdout
    assert "Answers (across)" in ended.stdout
    held_out = (ROOT / "nlp/training/texts/holdout/intents.txt").read_text("utf-8").splitlines()
    long_lines = [line for line in held_out if len(line) > 12 and not line.startswith("@@")]
    assert long_lines
    assert not [line for line in long_lines if line in ended.stdout]
    assert " s  done" in ended.stderr
