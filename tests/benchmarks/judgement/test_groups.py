import pytest

from benchmarks.judgement.groups import OTHERS, Judged, families, print_confusion, print_groups, print_texts
from benchmarks.judgement.page import Page
from nlp.training.corpus import Example


def judged(subtype: str, *, positive: bool, flagged: bool) -> Judged:
    return Judged(Example("ความลับ", "deceptive", subtype, "post", "offers", 3), positive, flagged)


def test_subtypes_that_begin_alike_stand_together_where_few_share_one() -> None:
    subtypes = ["one_line_bank", "one_line_face", "one_line_face", "one_line_face", "one_day", "sms"]
    found = families(subtypes, fewest=3)
    assert found["one_line_face"] == "one_line_face"
    assert found["one_line_bank"] == found["one_day"] == found["sms"] == OTHERS
    assert families(["one_line_bank", "one_line_face", "one_day"], fewest=2) == {
        "one_line_bank": "one_line", "one_line_face": "one_line", "one_day": OTHERS,
    }  # fmt: skip
    assert families([], fewest=2) == {}


def test_a_group_tells_caught_and_flagged_apart(capsys: pytest.CaptureFixture[str]) -> None:
    texts = [judged("a", positive=True, flagged=True), judged("a", positive=True, flagged=False),
             judged("b", positive=False, flagged=True)]  # fmt: skip
    print_groups(Page(), "subtype", texts, lambda one: one.example.subtype)
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    assert rows[1:] == [["a", "2", "50", "%", "·", "·"], ["b", "·", "·", "1", "100", "%"]]


def test_a_confusion_has_truths_down_and_answers_across(capsys: pytest.CaptureFixture[str]) -> None:
    print_confusion(Page(), "given", [("x", "x"), ("x", "y"), ("x", "y"), ("y", "y")], ("x", "y", "z"))
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    assert rows == [["given"], ["x", "y"], ["x", "1", "2"], ["y", "·", "1"]]


def test_texts_are_printed_only_where_somebody_asks_for_them(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [judged("a", positive=True, flagged=False)]
    print_texts(Page(), wrong)
    assert capsys.readouterr().out == ""
    print_texts(Page(texts=True), [*wrong, judged("b", positive=True, flagged=True)])
    assert "[missed] offers:3 deceptive a post\nความลับ\n" in capsys.readouterr().out
