import pytest

from nlp.entities.promptpay import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("พร้อมเพย์ 081-234-5678", "0812345678", "mobile"),
        ("0812345678 (พร้อมเพย์)", "0812345678", "mobile"),
        ("PromptPay: 1 1002 00300 40 0", "1100200300400", "id_number"),
    ],
)
def test_it_finds_numbers_beside_the_word(text: str, value: str, kind: str) -> None:
    (entity,) = find(prepare(text))
    assert (entity.value, entity.detail) == (value, {"kind": kind})


def test_a_number_without_the_word_is_none() -> None:
    assert find(prepare("โทร 081-234-5678")) == []
