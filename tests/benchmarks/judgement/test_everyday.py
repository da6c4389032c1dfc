import pytest

from benchmarks.judgement.everyday import everyday_unseen
from nlp.training.real import DATA
from nlp.training.teaching import teach_crisis, teach_offers

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder of development texts (../shared/data) is absent"
)


def test_no_message_that_was_taught_is_asked() -> None:
    asked = everyday_unseen()
    assert len(asked) == 3_000
    for lesson in (teach_offers(), teach_crisis()):
        taught = {
            text for text, origin in zip(lesson.texts, lesson.origin, strict=True) if origin == "everyday"
        }
        assert len(taught) > 1_000
        # Two of the messages may read the same; a draw by another seed would share hundreds.
        assert len(taught.intersection(asked)) <= 5
