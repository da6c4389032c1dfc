"""`make eval`, its small parts as the command line asks for them."""

import sys
from pathlib import Path

import pytest

from benchmarks.judgement.__main__ import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What stands behind the name of the command."""
    given: list[str] = ["judgement"]
    monkeypatch.setattr(sys, "argv", given)
    return given


def test_it_explains_how_to_choose_parts(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asked.append("--help")
    with pytest.raises(SystemExit, match=r"^0$"):
        main()
    said = capsys.readouterr().out
    for part in ("offers", "unseen", "crisis", "intents", "attacks", "pictures", "speed", "--texts"):
        assert part in said


def test_it_refuses_a_part_that_is_none(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asked.append("offer")
    with pytest.raises(SystemExit, match=r"^2$"):
        main()
    assert "no such part: offer; there are offers, " in capsys.readouterr().err


@pytest.mark.timeout(170)
def test_one_part_prints_its_tables_and_no_text_of_the_hold_out(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked.append("intents")
    main()
    printed = capsys.readouterr()
    assert "this judgement" in printed.out
    assert "keyword list" in printed.out
    assert "Answers (across)" in printed.out
    held_out = (ROOT / "nlp/training/texts/holdout/intents.txt").read_text("utf-8").splitlines()
    long_lines = [line for line in held_out if len(line) > 12 and not line.startswith("@@")]
    assert long_lines
    assert not [line for line in long_lines if line in printed.out]
    assert " s  done" in printed.err
