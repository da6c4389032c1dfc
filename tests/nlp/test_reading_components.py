import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlp.reading_components import find_regions, labels, paint

masks = st.integers(1, 12).flatmap(
    lambda width: st.lists(st.lists(st.booleans(), min_size=width, max_size=width), min_size=1, max_size=12)
)


def test_what_touches_at_a_corner_is_one_region_and_what_does_not_is_another() -> None:
    mask = np.array([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 1]], bool)
    regions = find_regions(mask)
    boxes = sorted(zip(regions.left, regions.top, regions.right, regions.bottom, regions.area, strict=True))
    assert boxes == [(0, 0, 2, 2, 2), (3, 0, 4, 1, 1), (3, 2, 4, 3, 1)]


def test_an_empty_mask_has_no_region() -> None:
    assert len(find_regions(np.zeros((3, 3), bool)).area) == 0


@given(masks)
def test_regions_cover_the_mask_and_touch_no_other(rows: list[list[bool]]) -> None:
    mask = np.array(rows, bool)
    regions = find_regions(mask)
    number = labels(regions, mask.shape)
    assert ((number >= 0) == mask).all()
    assert regions.area.sum() == mask.sum()
    for one, other in (
        (number[:, :-1], number[:, 1:]),
        (number[:-1], number[1:]),
        (number[:-1, :-1], number[1:, 1:]),
    ):
        both = (one >= 0) & (other >= 0)
        assert (one[both] == other[both]).all()


@given(masks)
def test_painting_all_regions_gives_the_mask_back(rows: list[list[bool]]) -> None:
    mask = np.array(rows, bool)
    regions = find_regions(mask)
    everything = np.ones(len(regions.area), bool)
    assert (paint(regions, everything, (0, 0, mask.shape[1], mask.shape[0])) == mask).all()
