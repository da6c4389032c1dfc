import pytest

from nlp.entities.licence import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ใบอนุญาตเลขที่ น.988/2543", "น.988/2543"),
        ("ใบอนุญาตจัดหางานเลขที่ ต.1234/2560", "ต.1234/2560"),
        ("ใบอนุญาตจัดหางาน ๑๒๓/๒๕๖๕", "123/2565"),
        ("ใบอนุญาตจัดหางานต่างประเทศเลขที่ ต. 1234/2560", "ต.1234/2560"),
        ("บริษัทจัดหางาน เอบีซี จำกัด น.988/2543", "น.988/2543"),
        ("เลขที่ใบอนุญาต นจ.0012-2558", "นจ.0012/2558"),
    ],
)
def test_it_reads_licence_numbers(text: str, value: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [value]


@pytest.mark.parametrize("text", ["ประกาศที่ 12/2565", "ใบอนุญาตขับขี่"])
def test_other_numbers_are_none(text: str) -> None:
    assert find(prepare(text)) == []


def test_the_letter_says_where_the_licence_holds() -> None:
    assert find(prepare("ใบอนุญาตเลขที่ ต.12/2560"))[0].detail == {"scope": "abroad"}
    assert find(prepare("ใบอนุญาตเลขที่ น.12/2560"))[0].detail == {"scope": "home"}
