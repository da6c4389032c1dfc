import pytest

from nlp.patterns import Rules, matches, parse

EVENTS = {"keep": [(0, 3)], "papers": [(10, 14), (40, 44)], "place": [(100, 106)]}


def test_neighbours_must_stand_within_the_gap() -> None:
    assert list(matches(parse("keep >7 papers"), EVENTS)) == [[(0, 14)]]
    assert list(matches(parse("keep >6 papers"), EVENTS)) == []


def test_without_a_gap_words_must_touch_nearly() -> None:
    assert list(matches(parse("keep papers"), EVENTS)) == []
    assert list(matches(parse("keep papers"), {"keep": [(0, 3)], "papers": [(5, 9)]})) == [[(0, 9)]]


def test_order_matters_unless_said_otherwise() -> None:
    assert list(matches(parse("papers >7 keep"), EVENTS)) == []
    assert list(matches(parse("papers <>7 keep"), EVENTS)) == [[(0, 14)]]


def test_both_sides_of_and_are_given_with_the_nearest_other() -> None:
    assert list(matches(parse("place & papers"), EVENTS)) == [[(100, 106), (40, 44)]]


def test_a_missing_concept_gives_nothing() -> None:
    assert list(matches(parse("keep & nowhere"), EVENTS)) == []


@pytest.mark.parametrize("source", ["", "keep >5", "keep &", "& keep"])
def test_an_incomplete_pattern_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="not complete"):
        parse(source)


def test_a_text_asks_only_for_rules_whose_words_it_holds() -> None:
    rules = Rules(
        [("taken", parse("papers & keep")), ("far", parse("place")), ("gone", parse("keep & nowhere"))]
    )
    assert [owner for owner, _ in rules.possible(EVENTS.keys())] == ["taken", "far"]
    assert rules.possible(frozenset()) == []
