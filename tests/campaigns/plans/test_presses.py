from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.dialogues.routing import PRESSES
from campaigns.plans.presses import MOST_BYTES, CampaignPress, decode_press, encode_press

IDS = st.from_regex(r"[a-z0-9_]{1,18}", fullmatch=True)
CAMPAIGN = UUID("0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000")


@given(st.uuids(), IDS, IDS)
def test_a_press_comes_back_as_what_it_was(campaign: UUID, question: str, choice: str) -> None:
    data = encode_press(campaign, question, choice)
    assert decode_press(data) == CampaignPress(campaign, question, choice)
    assert len(data) <= MOST_BYTES


@pytest.mark.parametrize(
    ("question", "choice"),
    [("", "a"), ("q", ""), ("q:1", "a"), ("q", "a b"), ("q" * 30, "a" * 8), ("ก" * 12, "ก" * 2)],
)
def test_ids_that_do_not_fit_are_refused(question: str, choice: str) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        encode_press(CAMPAIGN, question, choice)


@given(st.text(max_size=80) | st.builds("g1:{}:q:a".format, st.text("AZaz09-_=", min_size=20, max_size=24)))
def test_what_is_none_of_ours_is_none(data: str) -> None:
    found = decode_press(data)
    assert found is None or encode_press(*found) == data


def test_no_other_press_of_the_chat_is_taken_for_one() -> None:
    assert [code for code in PRESSES if decode_press(code)] == []
