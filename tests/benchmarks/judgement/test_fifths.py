from nlp.training.corpus import read_folder
from nlp.training.real import read_development
from nlp.training.teaching import teach_offers


def test_a_lesson_begins_with_the_authored_offers_and_holds_the_real_ones_in_their_order() -> None:
    lesson, authored = teach_offers(), read_folder("offers")
    assert lesson.texts[: len(authored)] == [example.text for example in authored]
    truth = [example.label == "deceptive" for example in (*authored, *read_development())]
    column = lesson.columns[0]
    taught = [*column.target[: len(authored)], *column.target[lesson.origin == "development"]]
    assert taught == truth
