from nlp.pieces import Pieces
from nlp.prepared import prepare
from nlp.training.corpus import TEXTS, read_file
from nlp.training.intents import INTENTS, Taught, own_messages, teach, texts_aside

LESSONS = [
    *(Taught(text, "thanks", 1.0) for text in ("ขอบคุณค่ะ", "ขอบคุณมากนะ", "ขอบคุณครับพี่")),
    *(
        Taught(text, intent, 1.0)
        for intent in INTENTS
        if intent != "thanks"
        for text in (f"{intent} ก", f"{intent} ข")
    ),
]


def test_it_learns_what_it_is_taught() -> None:
    said = teach(LESSONS).weigh(Pieces(prepare("ขอบคุณมากค่ะ")))
    assert set(said) == set(INTENTS)
    assert max(said, key=said.__getitem__) == "thanks"


def test_the_hold_out_teaches_nothing() -> None:
    held = {
        example.text for example in read_file(TEXTS / "holdout" / "intents.txt") if len(example.text) > 20
    }
    assert not held & {one.text for one in own_messages()}
    assert not {one.text for one in texts_aside() if one.intent != "service_question"} & held


def test_stop_and_unreadable_only_teach_the_others() -> None:
    assert {"stop", "unreadable"} <= {one.intent for one in own_messages()}
    assert not {"stop", "unreadable"} & set(INTENTS)
