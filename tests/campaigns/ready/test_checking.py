from datetime import date, time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from campaigns.ready.checking import faults_in
from campaigns.ready.planning import load_programmes
from campaigns.ready.programme import read_programme
from campaigns.sayings import ContentError

BOTH = {"th": "ก", "en": "a"}
LESSON = {"type": "lesson", "id": "l", "pack": "family_school", "lesson": "listen"}


def faults(*blocks: dict[str, Any], step: dict[str, Any] | None = None, **changes: Any) -> str:
    occasion = {
        "id": "day", "title": BOTH, "why": BOTH, "subject": "family",
        "when": {"type": "yearly", "month": 5, "day": 14, "at": time(18)},
        "step": [{"notice": BOTH, "blocks": list(blocks) or [LESSON]} | (step or {})],
        "source": BOTH, "as_of": date(2026, 11, 23), "owner": BOTH,
    } | changes  # fmt: skip
    return "\n".join(faults_in([read_programme("trial", {"title": BOTH, "occasion": [occasion]})]))


def test_nothing_is_wrong_with_a_whole_one() -> None:
    assert faults() == ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"source": {"th": "ก"}}, "trial.day.source: en is missing"),
        ({"title": {"th": "บ้านที่ปลอดภัย", "en": "a"}}, "says ปลอดภัย"),
        ({"when": {"type": "yearly", "month": 2, "day": 29, "at": time(18)}}, "no such day in every year"),
        ({"when": {"type": "yearly", "month": 5, "day": 1, "at": time(19)}}, "too early or too late"),
        ({"when": {"type": "yearly", "month": 5, "day": 1, "at": time(9), "days": [0, 3]}}, "2 days for 1 steps"),
        ({"when": {"type": "course", "begins": "entered", "at": time(9), "days": [-1]}}, "days do not rise"),
        ({"step": {"notice": {"th": "ด่วน", "en": "a"}}}, "trial.day.1.notice: shows ด่วน"),
        ({"step": {"notice": {"th": "ก" * 61, "en": "a"}}}, "notice.th: longer than 60"),
        ({"step": {"blocks": []}}, "says nothing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(changes: dict[str, Any], fault: str) -> None:
    assert fault in faults(**changes)


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        (LESSON | {"lesson": "nothing"}, "there is no lesson family_school/nothing"),
        ({"type": "question", "quiz": "job_offers", "question": "nothing"}, "there is no question"),
        ({"type": "question", "quiz": "job_offers", "question": "fold_bags", "compares": True}, "needs the one"),
        ({"type": "text", "id": "t", "text": {"th": "โทร 1300", "en": "a"}}, "writes out 1300"),
        ({"type": "text", "id": "t", "text": {"th": "ก" * 301, "en": "a"}}, "longer than 300"),
        (
            {"type": "buttons", "id": "b", "text": BOTH, "presses": [{"label": BOTH, "call": "1599"}]},
            "1599 is not in the directory",
        ),
        (
            {"type": "buttons", "id": "b", "text": BOTH, "presses": [{"label": BOTH, "opens": "quiz:none"}]},
            "no place quiz:none",
        ),
        (
            {"type": "buttons", "id": "b", "text": BOTH, "presses": [{"label": BOTH, "address": "https://a.test"}]},
            "opens a place of ours",
        ),
        (
            {"type": "survey", "id": "s", "question": BOTH, "choices": [
                {"id": "a", "label": {"th": "แจ้งตำรวจ", "en": "a"}, "reply": BOTH},
                {"id": "a", "label": BOTH, "reply": {"th": "คุณเป็นเหยื่อ", "en": "a"}},
            ]},
            "two choices are called a",
        ),
    ],
)  # fmt: skip
def test_blocks_are_checked_too(block: dict[str, Any], fault: str) -> None:
    assert fault in faults(block)


def test_a_question_is_asked_once_in_a_campaign() -> None:
    assert "two blocks are called l" in faults(LESSON, LESSON)


def test_pictures_and_links_are_no_part_of_it() -> None:
    with pytest.raises(msgspec.ValidationError):
        faults({"type": "link", "id": "a", "text": BOTH, "label": BOTH, "address": "https://a.test"})


def test_a_folder_with_a_fault_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "1_trial.toml").write_text('title = {th = "ก", en = "a"}\n', "utf-8")
    with pytest.raises(ContentError, match="nothing is ready in it"):
        load_programmes(tmp_path)
