from app.public.edits import FORGOTTEN, FREE, WAITS, Edits

LURE = "รับแอดมินตอบแชต ปอยเปต เดินทางฟรี ไม่ต้องใช้พาสปอร์ต เงินเดือน 45,000 บาท มีที่พัก แอดไลน์ @admin99"
OTHER = "ร้านก๋วยเตี๋ยวหน้าโรงพยาบาลหาคนล้างจาน วันละ 400 หยุดวันอาทิตย์ มาคุยที่ร้านได้เลยช่วงบ่าย"
ME, SOMEBODY = b"me", b"somebody"


def tuned(times: int) -> list[str]:
    """One lure with another word put in each time."""
    words = ("ด่วน", "ดี", "ใหม่", "จริง", "ด้วย", "เร็ว", "ง่าย", "สบาย", "มั่นคง", "พิเศษ", "สนุก", "อบอุ่น")
    return [LURE.replace("เดินทางฟรี", f"เดินทาง{word}") for word in words[:times]]


def test_a_few_edits_are_free_and_further_ones_wait_ever_longer() -> None:
    edits = Edits()
    assert edits.take(ME, LURE, 0) == 0
    texts = tuned(FREE + 3)
    assert [edits.take(ME, text, 1) for text in texts[:FREE]] == [0] * FREE
    now = 1.0
    for text, wait in zip(texts[FREE:], WAITS, strict=False):
        assert edits.take(ME, text, now) == wait
        now += wait
        assert edits.take(ME, text, now) == 0


def test_asking_while_waiting_does_not_lengthen_the_wait() -> None:
    edits = Edits()
    texts = tuned(FREE + 1)
    for text in (LURE, *texts[:FREE]):
        edits.take(ME, text, 0)
    assert [edits.take(ME, texts[FREE], now) for now in (1, 5, 14)] == [14, 10, 1]
    assert edits.take(ME, texts[FREE], 15) == 0


def test_the_same_text_again_is_never_slowed_whatever_tricks_dress_it() -> None:
    edits = Edits()
    for text in (LURE, *tuned(FREE)):
        edits.take(ME, text, 0)
    assert edits.take(ME, LURE, 1) == 0
    assert edits.take(ME, LURE.replace("45,000", "๔๕,๐๐๐").replace(" ", "  "), 1) == 0


def test_other_offers_and_other_addresses_are_not_slowed() -> None:
    edits = Edits()
    texts = tuned(FREE + 1)
    for text in (LURE, *texts[:FREE]):
        edits.take(ME, text, 0)
    assert edits.take(ME, OTHER, 1) == 0
    assert edits.take(SOMEBODY, texts[FREE], 1) == 0
    assert edits.take(ME, texts[FREE], 1) > 0


def test_what_is_left_out_or_moved_about_is_an_edit_too() -> None:
    edits = Edits()
    parts = LURE.split(" ")
    assert edits.take(ME, LURE, 0) == 0
    shapes = [" ".join(parts[n:] + parts[:n]) for n in range(1, 4)] + [
        " ".join(parts[:6]),
        " ".join(parts[:5]),
    ]
    waits = [edits.take(ME, shape, 0) for shape in shapes]
    assert waits[:FREE] == [0] * FREE
    assert waits[FREE] > 0


def test_it_forgets_after_an_hour() -> None:
    edits = Edits()
    texts = tuned(FREE + 1)
    for text in (LURE, *texts[:FREE]):
        edits.take(ME, text, 0)
    assert edits.take(ME, texts[FREE], FORGOTTEN + 1) == 0


def test_texts_too_short_to_be_tuned_pass() -> None:
    edits = Edits()
    assert [edits.take(ME, f"งานดี {n}", 0) for n in range(30)] == [0] * 30


def test_it_keeps_no_word() -> None:
    edits = Edits()
    edits.take(ME, LURE, 0)
    assert "ปอยเปต" not in repr(edits._known)
    assert "admin99" not in repr(edits._known)
