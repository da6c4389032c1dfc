import pytest

from nlp.hints import HINTS, add_up_hints
from nlp.prepared import prepare
from nlp.vocabulary import lexicon


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("นั่งรถมากับเขาแล้วรู้สึกไม่ดี เขาไม่ให้ลง", "trafficking"),
        ("รุ่นพี่ให้กินเหล้าแล้วทำอะไรหนูไม่รู้", "sexual_violence"),
        ("นายจ้างไม่ให้พักเลย เป็นลมก็ยังให้ทำ", "forced_labour"),
        ("เราเป็นภาระทุกคน ถ้าตายไปทุกคนคงมีความสุข", "suicide"),
    ],
)
def test_several_hints_make_a_concern(text: str, kind: str) -> None:
    crisis = add_up_hints(prepare(text))
    assert crisis.level == "concern"
    assert kind in crisis.kinds


@pytest.mark.parametrize(
    "text",
    [
        "หนูกับแม่ไปตลาดเมื่อเช้านี้",
        "กลัวผีมากเลย",
        "เขาบังคับให้ซื้อครีมราคาแพง หนูไม่เอา",
        "หนูสบายดี เขาไม่ให้กลับก่อนเท่านั้นเอง ล้อเล่น",
    ],
)
def test_who_and_where_without_harm_or_talk_of_shopping_make_none(text: str) -> None:
    assert add_up_hints(prepare(text)).level == "none"


def test_a_long_text_is_not_added_up() -> None:
    assert add_up_hints(prepare("นั่งรถมากับเขาแล้วรู้สึกไม่ดี เขาไม่ให้ลง" + "งานวันนี้สนุกดี" * 20)).level == "none"


def test_every_hint_is_a_concept() -> None:
    assert {*HINTS.points, *HINTS.harm, *HINTS.quiet} <= lexicon().concepts
