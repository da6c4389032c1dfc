import pytest

from nlp.entities.facebook import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://www.facebook.com/jobs.th?ref=1", "jobs.th"),
        ("m.me/jobsth", "jobsth"),
        ("facebook.com/profile.php?id=1000123", "1000123"),
        ("เพจ: งานฝีมือสร้างรายได้", "งานฝีมือสร้างรายได้"),
        ("เฟซบุ๊กชื่อ Somchai Dee", "somchai dee"),
        ("เพจ Department of Skill รับงาน", "department of skill"),
        ("facebook.com/groups/12345", "12345"),
        ("facebook.com/share/p/AbC", "abc"),
    ],
)
def test_it_finds_pages_by_link_and_name(text: str, value: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [value]


def test_it_finds_nothing_in_talk_about_facebook() -> None:
    assert find(prepare("เล่นเฟซบุ๊กทั้งวัน")) == []
