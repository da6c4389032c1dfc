"""The authored texts are well formed and the hold-out stays apart from what models are taught."""

from pathlib import Path

import pytest

from nlp.training.corpus import HOLD_OUTS, read_file, read_folder
from nlp.training.likeness import count_shared, runs_of
from nlp.training.teaching import KINDS

LABELS = {
    "offers": {"deceptive", "genuine", "other"},
    "crisis": {"urgent", "concern", "none"},
}


@pytest.mark.parametrize("folder", LABELS)
def test_every_label_is_one_that_the_models_know(folder: str) -> None:
    assert {example.label for example in read_folder(folder)} == LABELS[folder]


def test_every_plea_names_kinds_of_the_contract() -> None:
    pleas = [example for example in read_folder("crisis") if example.label != "none"]
    assert {kind for plea in pleas for kind in plea.subtype.split(",")} <= set(KINDS)


def test_nobody_is_taught_a_text_of_the_hold_out() -> None:
    taught = [example.text for folder in LABELS for example in read_folder(folder)]
    held_out = [e.text for folder in HOLD_OUTS for e in read_folder(folder) if e.source in LABELS]
    runs = [runs_of(text) for text in taught + held_out]
    copies = [
        (runs[one], runs[other])
        for (one, other), shared in count_shared(runs).items()
        if one < len(taught) <= other and shared >= 0.5 * max(len(runs[one]), len(runs[other]))
    ]
    assert len(held_out) > 800
    assert copies == []


def test_a_bad_header_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("@@ deceptive task sms\nข้อความ\n\n@@ genuine\nข้อความ\n", "utf-8")
    with pytest.raises(ValueError, match=r"a\.txt:4"):
        list(read_file(file))


def test_a_header_without_a_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("@@ deceptive task sms\n\n@@ genuine shop post\nข้อความ\n", "utf-8")
    with pytest.raises(ValueError, match="without a text"):
        list(read_file(file))
