"""Texts are cut between what a reader sees as characters, and nothing of them is lost. Guards item 5 of the way out."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.channels.wording import as_item, cut_label, graphemes, split_text, utf16_units
from tests.support.contents import AWKWARD_TEXTS

ANY_TEXT = st.lists(
    st.one_of(
        st.sampled_from("กขคเแโัิีึืุู่้๊๋์ำ \n"),
        st.sampled_from(["😀", "👨\u200d👩\u200d👧", "\u0301", "\u202e", "🇹", "🇭", "\ufe0f", "e"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=300,
).map("".join)


def without_space(text: str) -> str:
    return regex.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", AWKWARD_TEXTS)
@pytest.mark.parametrize("limit", [1_000, 4_000, 5_000])
def test_awkward_texts_are_split_within_the_limit_and_whole(name: str, limit: int) -> None:
    text = AWKWARD_TEXTS[name]
    pieces = split_text(text, limit)
    assert all(utf16_units(piece) <= limit for piece in pieces)
    assert without_space("".join(pieces)) == without_space(text)


@pytest.mark.parametrize("name", [name for name in AWKWARD_TEXTS if "marks" not in name])
def test_no_piece_begins_or_ends_inside_a_character(name: str) -> None:
    text = AWKWARD_TEXTS[name]
    pieces = split_text(text, 1_000)
    joined = [cluster for piece in pieces for cluster in graphemes(piece) if not cluster.isspace()]
    assert joined == [cluster for cluster in graphemes(text) if not cluster.isspace()]


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, st.integers(min_value=8, max_value=60))
def test_any_text_is_split_within_the_limit_and_whole(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(utf16_units(piece) <= limit for piece in pieces)
    assert without_space("".join(pieces)) == without_space(text)


def test_a_cut_falls_at_a_paragraph_before_a_line_before_a_word() -> None:
    assert split_text("ก" * 60 + "\n\n" + "ข" * 30 + " " + "ค" * 30, 100) == [
        "ก" * 60,
        "ข" * 30 + " " + "ค" * 30,
    ]
    assert split_text("ก" * 60 + "\n" + "ข" * 30 + " " + "ค" * 30, 100)[0] == "ก" * 60
    assert split_text("ก" * 60 + " " + "ข" * 60, 100) == ["ก" * 60, "ข" * 60]


def test_a_short_text_stays_as_it_is() -> None:
    assert split_text("  สวัสดี ", 100) == ["  สวัสดี "]
    assert split_text("", 100) == [""]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("คุยกับเจ้าหน้าที่", "คุยกับเจ้าหน้าที่"),
        ("ผู้ป่วยน้ำท่วมผู้ป่วยน้ำท่วม", "ผู้ป่วยน้ำท่วมผู้ป่วยน้ำท่วม"),
        ("ก" * 21, "ก" * 19 + "…"),
        ("👨\u200d👩\u200d👧\u200d👦" * 21, "👨\u200d👩\u200d👧\u200d👦" * 19 + "…"),
    ],
)
def test_labels_are_counted_as_line_counts_them(label: str, shown: str) -> None:
    assert cut_label(label) == shown
    assert len(graphemes(cut_label(label))) <= 20


def test_a_line_of_a_list_stands_behind_a_point_unless_it_says_whom_to_call() -> None:
    assert as_item("ถามชื่อบริษัท") == "• ถามชื่อบริษัท"
    assert as_item("📞 เช็กกับ 1694") == "📞 เช็กกับ 1694"
