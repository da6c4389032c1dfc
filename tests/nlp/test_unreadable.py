import pytest

from nlp.prepared import prepare
from nlp.unreadable import is_unreadable


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "😀😀",
        "ๆๆๆๆ",
        "กฟหดกฟหด",
        "asdfghjkl",
        "qwertyuiop",
        "jkjkjkjk",
        "หหหหหหห",
        "ကျေးဇူးတင်ပါတယ်",
        "សួស្តី",
        "你好",
        "Привет",
        "ฯฯฯ",
    ],
)
def test_what_says_nothing_in_thai_or_english_is_unreadable(text: str) -> None:
    assert is_unreadable(prepare(text))


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "5",
        "555",
        "ขคบ",
        "สวัสดี",
        "hello",
        "were you there",
        "property",
        "ช่วยดวย",
        "khop khun ka",
        "ไม่ๆๆๆ",
        "งง",
        "ของเรา",
        "ทำไร",
        "นมนม",
        "ok 👍",
        "หนีออก",
        "typewriter",
    ],
)
def test_words_are_readable_however_they_are_typed(text: str) -> None:
    assert not is_unreadable(prepare(text))
