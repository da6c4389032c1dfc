import pytest

from nlp.entities.url import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("https://www.Example.com/Path?q=1", "example.com/Path?q=1", ""),
        ("สมัครที่ toea.doe.go.th ค่ะ", "toea.doe.go.th", "official"),
        ("doe.go.th.jobs-online.com/x", "doe.go.th.jobs-online.com/x", ""),
        ("http://bit.ly/3AbC.", "bit.ly/3AbC", "shortener"),
        ("hxxps://bad[.]site/login", "bad.site/login", ""),
        ("งานดี www.jobs.co.th/", "jobs.co.th", ""),
    ],
)
def test_addresses_get_one_form_and_a_kind(text: str, value: str, kind: str) -> None:
    (entity,) = find(prepare(text))
    assert entity.value == value
    assert entity.detail.get("kind", "") == kind


@pytest.mark.parametrize("text", ["เวลา 8.30-16.30 น.", "ราคา 12.50 บาท", "hr@school.ac.th", "จบป.6"])
def test_times_sums_and_mail_are_no_addresses(text: str) -> None:
    assert find(prepare(text)) == []
