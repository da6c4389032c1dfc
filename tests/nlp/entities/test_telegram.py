import pytest

from nlp.entities.telegram import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://t.me/jobth99", "jobth99"),
        ("t.me/+AbCdEf123", "+abcdef123"),
        ("เทเลแกรม @hrjob88", "hrjob88"),
        ("Telegram: hr_job88", "hr_job88"),
        ("telegram.me/joinchat/abcdef", "abcdef"),
        ("t . me / jobth99", "jobth99"),
        ("tg://resolve?domain=jobth", "jobth"),
        ("เทเล @ job_th99", "job_th99"),
        ("t3l3gr4m: hr_job88", "hr_job88"),
    ],
)
def test_it_finds_names_and_links(text: str, value: str) -> None:
    assert [entity.value for entity in find(prepare(text))] == [value]


@pytest.mark.parametrize("text", ["ใช้ telegram ไหม", "pet.me/abcde", "telegram channel"])
def test_it_finds_nothing_without_a_name(text: str) -> None:
    assert find(prepare(text)) == []
