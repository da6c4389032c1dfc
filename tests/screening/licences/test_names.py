"""How alike the names of two companies are."""

import pytest

from screening.licences.names import ALIKE, grams_of, name_key


def likeness(one: str, other: str) -> float:
    first, second = grams_of(one), grams_of(other)
    return 2 * len(first & second) / max(1, len(first) + len(second))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("บริษัท จัดหางาน สยามรุ่งโรจน์ จำกัด", "บจก.สยามรุ่งโรจน์"),
        ("บริษัท สยามรุ่งโรจน์ จำกัด", "สยาม รุ่งโรจน์"),
        ("บริษัท สยามรุ่งโรจน์แมนเพาเวอร์ จำกัด", "บริษัท สยามรุ่งโรจแมนเพาเวอร์ จำกัด"),
        ("Golden Harvest Recruitment Co., Ltd.", "GOLDEN HARVEST RECRUITMENT COMPANY LIMITED"),
        ("บริษัท ทรัพย์เจริญ (ประเทศไทย) จำกัด", "ทรัพย์เจริญ"),
    ],
)
def test_a_name_written_otherwise_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("บริษัท จัดหางาน สยามรุ่งโรจน์ จำกัด", "บริษัท จัดหางาน เอเชียทองคำ จำกัด"),
        ("บริษัท สยามเซอร์วิส จำกัด", "บริษัท สยามแทรเวล จำกัด"),
        ("Golden Harvest Co., Ltd.", "Golden Gate Travel Co., Ltd."),
        ("บริษัท ทรัพย์เจริญ จำกัด", "บริษัท บุญเจริญ จำกัด"),
    ],
)
def test_names_that_share_a_word_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


def test_what_is_left_of_a_name_is_what_tells_it_apart() -> None:
    assert name_key("บริษัท จัดหางาน แสงดาวฤกษ์ จำกัด (มหาชน)") == name_key("บมจ.แสงดาวฤกษ์")
    assert name_key("จัดหางาน เอ") != ""
    assert grams_of("บริษัท ก จำกัด") == frozenset()
