from nlp.entities.email import find
from nlp.prepared import prepare


def test_it_finds_an_address_in_lower_case() -> None:
    text = "ส่งประวัติ HR.Job@Company.co.th ได้เลย"
    (entity,) = find(prepare(text))
    assert entity.value == "hr.job@company.co.th"
    assert text[entity.start : entity.end] == "HR.Job@Company.co.th"


def test_a_handle_is_no_address() -> None:
    assert find(prepare("แอด @job99 นะ")) == []


def test_it_reads_an_address_written_around_its_signs() -> None:
    (entity,) = find(prepare("ส่งมาที่ hr (at) abc [dot] com"))
    assert entity.value == "hr@abc.com"
