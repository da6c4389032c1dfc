from nlp.judgement import judge
from nlp.prepared import prepare
from nlp.wording import LONGEST, Wording

LURE = (
    "พี่มีงานเบา ๆ ให้หนูช่วย ไม่ต้องบอกที่บ้านนะ เดี๋ยวพี่ให้คนไปรับที่ปั๊มตอนค่ำ เอาแค่บัตรกับเสื้อผ้าสองสามชุด "
    "ไปถึงแล้วค่อยคุยกันว่าทำอะไร ค่ารถเขาออกให้หมด"
)


def test_a_lure_without_any_classical_word_is_flagged_and_quoted() -> None:
    judgement = judge(LURE)
    assert judgement.band in {"danger", "caution"}
    quoted = [sign for sign in judgement.indicators if sign.code == "wording"]
    assert [sign.evidence == LURE[sign.start : sign.end] != "" for sign in quoted] == [True]


def test_the_stretch_is_short_and_runs_from_word_to_word() -> None:
    prepared = prepare(LURE)
    span = Wording(prepared).stretch()
    assert span is not None
    assert 0 < span[1] - span[0] <= LONGEST
    edges = {0}
    for word in prepared.words:
        edges.add(max(edges) + len(word))
    assert set(span) <= edges


def test_an_empty_text_moves_nothing() -> None:
    assert Wording(prepare("")).stretch() is None
