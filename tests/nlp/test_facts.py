import pytest

from nlp.entities.everything import find_entities
from nlp.facts import entity_events
from nlp.prepared import prepare


def names(text: str) -> set[str]:
    prepared = prepare(text)
    return set(entity_events(prepared, find_entities(prepared)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("วันละ 500 บาท", {"@money", "@pay", "@pay_day"}),
        ("วันละ 1,500 บาท", {"@money", "@pay", "@pay_day", "@pay_high", "@pay_day_high"}),
        ("เดือนละ 12,000 บาท", {"@money", "@pay", "@pay_month"}),
        ("1,200 usd per month", {"@money", "@pay", "@pay_month", "@pay_high"}),
        ("อายุ 15-20 ปี", {"@age_minor"}),
        ("อายุ 18-35 ปี", set()),
        ("https://bit.ly/abc", {"@shortener"}),
        ("https://toea.doe.go.th", {"@official_url"}),
        ("https://doe.go.th.jobs.com", {"@lookalike_url"}),
        ("หางานที่ https://example.com", set()),
        ("โทร 02-123-4567", {"@landline"}),
        ("โทร 081-234-5678", set()),
        ("รับเฉพาะผู้หญิง", {"@women_only"}),
        ("https://shopee-job.top", {"@lookalike_url"}),
        ("https://xn--80ak6aa92e.com", {"@punycode_url"}),
    ],
)
def test_entities_raise_events(text: str, expected: set[str]) -> None:
    assert names(text) == expected
