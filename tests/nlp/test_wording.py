import random
from itertools import accumulate

from nlp.judgement import judge
from nlp.prepared import prepare
from nlp.wording import LONGEST, Wording, heaviest_stretch

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


def _heaviest_of_all(words: list[str], weights: list[float]) -> float:
    """The greatest weight of any stretch that may be quoted, each weighed in turn."""
    edges = list(accumulate(map(len, words), initial=0))
    ends = [at for at, word in enumerate(words) if word.strip()]
    return max(
        (
            sum(weights[first : last + 1])
            for first in ends
            for last in ends
            if first <= last and edges[last + 1] - edges[first] <= LONGEST
        ),
        default=0.0,
    )


def test_no_stretch_that_may_be_quoted_weighs_more_than_the_one_chosen() -> None:
    drawn = random.Random(2569)
    for _ in range(300):
        words = [drawn.choice([" ", "ก", "งาน", "มัดจำ", "ก" * 25]) for _ in range(drawn.randrange(1, 40))]
        weights = [float(drawn.randrange(-9, 9)) for _ in words]
        edges = list(accumulate(map(len, words), initial=0))
        span = heaviest_stretch(edges, weights, [word.isspace() for word in words])
        best = _heaviest_of_all(words, weights)
        if span is None:
            assert best <= 0
            continue
        first, end = edges.index(span[0]), edges.index(span[1])
        assert span[1] - span[0] <= LONGEST
        assert words[first].strip()
        assert words[end - 1].strip()
        assert sum(weights[first:end]) == best > 0
