from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from campaigns.sayings import (
    ContentError,
    Said,
    faults_of_ids,
    faults_of_label,
    faults_of_saying,
    hotline_numbers,
    read_folder,
)


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The smallest content."""

    id: str
    title: Said


def read(card_id: str, table: Mapping[str, Any]) -> Card:
    return msgspec.convert({**table, "id": card_id}, Card)


def no_faults(_found: Sequence[Card]) -> list[str]:
    return []


def named_amiss(found: Sequence[Card]) -> list[str]:
    return [f"{card.id} is named amiss" for card in found]


def test_a_folder_is_read_in_the_order_of_its_files_by_the_ids_in_their_names(tmp_path: Path) -> None:
    (tmp_path / "2_first_of_all.toml").write_text('title.th = "ก"', "utf-8")
    (tmp_path / "1_second.toml").write_text('title.th = "ข"', "utf-8")
    (tmp_path / "read_me.txt").write_text("no content", "utf-8")
    found = read_folder(tmp_path, read, no_faults)
    assert list(found) == ["second", "first_of_all"]
    assert found["second"] == Card("second", {"th": "ข"})


def test_every_problem_of_a_folder_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "1_one.toml").write_text("title = 1", "utf-8")
    (tmp_path / "2_two.toml").write_text("title = [", "utf-8")
    (tmp_path / "3_three.toml").write_text('title.th = "ก"', "utf-8")
    with pytest.raises(ContentError) as caught:
        read_folder(tmp_path, read, named_amiss)
    told = str(caught.value)
    assert tmp_path.name in told
    assert all(problem in told for problem in ("1_one.toml", "2_two.toml", "three is named amiss"))


def test_ids_are_short_plain_and_one_of_a_kind() -> None:
    assert list(faults_of_ids("here", ["a", "b_2"], "cards")) == []
    told = list(faults_of_ids("here", ["a", "a", "B", "x" * 25], "cards"))
    assert told == [
        "here: two cards are called a",
        "here: 'B' is not an id",
        f"here: {'x' * 25!r} is not an id",
    ]


@pytest.mark.parametrize(
    ("saying", "fault"),
    [
        ({"th": "ก"}, "here: en is missing"),
        ({"th": "ก" * 11, "en": "a"}, "here.th: longer than 10 characters"),
        ({"th": " ", "en": "a"}, "here.th: empty"),
        ({"th": "ปลอดภัย", "en": "a"}, "here.th: says ปลอดภัย"),
        ({"th": "โทร 1300", "en": "a"}, "here.th: writes out 1300"),
    ],
)
def test_a_fault_of_a_saying_is_named_with_its_place(saying: Said, fault: str) -> None:
    assert list(faults_of_saying("here", saying, 10)) == [fault]


def test_a_label_shows_nothing_over_a_shoulder() -> None:
    assert list(faults_of_label("here", {"th": "บทเรียน", "en": "Lessons"})) == []
    (told,) = faults_of_label("here", {"th": "ตำรวจ", "en": "a"})
    assert told.startswith("here: shows ")


def test_the_numbers_are_those_of_the_directory() -> None:
    assert "1300" in hotline_numbers()
