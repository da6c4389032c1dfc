import pytest

from nlp.entities.licence import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ใบอนุญาตเลขที่ น.988/2543", "น.988/2543"),
        ("ใบอนุญาตจัดหางานเลขที่ ต.1234/2560", "ต.1234/2560"),
        ("ใบอนุญาตจัดหางาน ๑๒๓/๒๕๖๕", "123/2565"),
    ],
)
def test_it_reads_licence_numbers(text: str, value: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [value]


@pytest.mark.parametrize("text", ["ประกาศที่ 12/2565", "ใบอนุญาตขับขี่"])
def test_other_numbers_are_none(text: str) -> None:
    assert find(prepare(text)) == []
