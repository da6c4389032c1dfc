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


def test_a_short_word_may_stand_until_segmentation_says_otherwise() -> None:
    prepared = prepare("ร้านอาหาร")
    assert "parent" in prepared.names
    assert not prepared.has("parent")
    assert "parent" not in prepared.events_of(["parent"])
    assert prepare("อาตีหนู").has("parent")
