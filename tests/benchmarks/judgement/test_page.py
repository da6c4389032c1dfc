import pytest

from benchmarks.judgement.figures import Figure
from benchmarks.judgement.page import Goal, Page


def test_a_goal_says_whether_it_was_met() -> None:
    assert Goal(0.98).mark(0.98) == "≥ 0.98 met"
    assert Goal(0.98).mark(0.9799) == "≥ 0.98 MISSED"
    assert Goal(0.02, at_least=False, unit="%").mark(0.021) == "≤ 2 % MISSED"
    assert Goal(1_000).mark(1_200) == "≥ 1,000 met"
    assert Goal(5, at_least=False, unit=" ms").mark(4.9) == "≤ 5 ms met"


def test_the_end_lists_every_goal(capsys: pytest.CaptureFixture[str]) -> None:
    page = Page()
    page.hold("AUC", Figure(0.97, 0.96, 0.98), Goal(0.98))
    page.hold("speed", 1_200.0, Goal(1_000), "1,200")
    page.close()
    printed = capsys.readouterr().out
    assert "Goals: 1 of 2 met" in printed
    assert printed.splitlines()[-2].split() == ["AUC", "0.970", "(0.960–0.980)", "≥", "0.98", "MISSED"]
    assert printed.splitlines()[-1].split() == ["speed", "1,200", "≥", "1,000", "met"]
