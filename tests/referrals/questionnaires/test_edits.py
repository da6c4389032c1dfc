from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.questionnaires.edits import edits_between

WORDS = st.text(alphabet="กขคab", max_size=8)


def test_each_slip_counts_one() -> None:
    assert edits_between("ชลบุรี", "ชลบุรี", at_most=2) == 0
    assert edits_between("ชลบุรี", "ชลบุรีก", at_most=2) == 1
    assert edits_between("เชียงใหม่", "เชียงไหม่", at_most=2) == 1
    assert edits_between("เพชร", "เพรช", at_most=2) == 1
    assert edits_between("นครพนม", "นครปฐม", at_most=1) is None


@given(WORDS, WORDS)
@settings(deadline=None)
def test_it_is_the_same_both_ways_and_no_word_is_nearer_than_their_lengths(one: str, other: str) -> None:
    slips = edits_between(one, other, at_most=9)
    assert slips == edits_between(other, one, at_most=9)
    assert slips is not None
    assert abs(len(one) - len(other)) <= slips <= max(len(one), len(other))
    assert (slips == 0) is (one == other)


@given(WORDS, WORDS, st.integers(0, 4))
@settings(deadline=None)
def test_the_limit_only_hides_what_is_beyond_it(one: str, other: str, limit: int) -> None:
    slips = edits_between(one, other, at_most=9)
    assert slips is not None
    assert edits_between(one, other, at_most=limit) == (slips if slips <= limit else None)
