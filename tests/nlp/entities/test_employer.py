import pytest

from nlp.entities.employer import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("บริษัท ไทยรุ่งเรือง จำกัด รับสมัคร", "ไทยรุ่งเรือง"),
        ("บจก. เอบีซี", "เอบีซี"),
        ("นายจ้าง Crown Emirates Company Ltd.", "crown emirates"),
        ("Thai Odyssey Sdn. Bhd.", "thai odyssey"),
        ("บริษัท การบินไทย จำกัด (มหาชน)", "การบินไทย"),
    ],
)
def test_it_finds_names_of_companies(text: str, name: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [name]


def test_the_word_alone_is_no_name() -> None:
    assert find(prepare("บริษัทเราดูแลดี")) == []
