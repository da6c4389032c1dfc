"""The lexicon and the wording together: pleas are heard, everyday talk is left alone."""

import pytest

from nlp.distress import CONCERN, hear_crisis, score_plea
from nlp.findings import Crisis, CrisisLevel
from nlp.prepared import prepare
from nlp.wording import Wording


def heard(text: str) -> Crisis:
    prepared = prepare(text)
    return hear_crisis(prepared, Wording(prepared))


@pytest.mark.parametrize(
    "text",
    [
        "เขาเก็บพาสปอร์ตหนูไว้ ประตูข้างล่างล็อกตลอด ออกไปไหนไม่ได้เลย",
        "พ่อเลี้ยงเข้ามาในห้องหนูอีกแล้วเมื่อคืน แม่ไม่อยู่",
        "ลูกชายโทรมาบอกว่าถูกพาข้ามไปฝั่งโน้น เขาให้หาเงินมาไถ่สองแสน",
        "สามีตีค่ะ เมื่อกี้เอามีดมาขู่ด้วย",
    ],
)
def test_a_plea_is_heard(text: str) -> None:
    crisis = heard(text)
    assert crisis.level in {"concern", "urgent"}
    assert crisis.kinds


@pytest.mark.parametrize(
    "text", ["หิวจนจะตายแล้ว กินอะไรดี", "ฆ่าเวลาด้วยการดูซีรีส์", "ตื่นตีหนึ่งมาดูบอล", "ขอบคุณค่ะ", "สวัสดีค่ะ", ""]
)
def test_everyday_talk_is_left_alone(text: str) -> None:
    crisis = heard(text)
    assert (crisis.level, crisis.kinds) == ("none", ())
    assert crisis.score < CONCERN


@pytest.mark.parametrize("level", ["concern", "urgent"])
def test_the_lexicon_raises_what_the_wording_says(level: CrisisLevel) -> None:
    signs = Crisis(level, ("detention",), 0.7)
    assert score_plea(-0.5, signs) > score_plea(-0.5, Crisis("none", (), 0.0))
