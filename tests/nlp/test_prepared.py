from nlp.prepared import prepare


def test_spans_travel_between_given_and_squeezed() -> None:
    text = "งาน แอด\u200bมิน ที่ ปอยเปต"
    prepared = prepare(text)
    start, end = prepared.events["hotspot"][0]
    first, last = prepared.squeezed.given(start, end)
    assert text[first:last] == "ปอยเปต"
    assert prepared.squeezed_span(first, last) == (start, end)


def test_words_inside_each_other_count_once() -> None:
    assert prepare("เตือนภัย อย่าหลงเชื่อ ข่าวปลอม").count("warning") == 3


def test_an_entity_keeps_no_empty_details() -> None:
    entity = prepare("abc").entity("abc", 0, 3, kind="", bank="scb")
    assert entity.detail == {"bank": "scb"}
