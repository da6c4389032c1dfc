"""Which handles an offer gives, and when two offers give the same one."""

import pytest

from nlp.entities.everything import entities_in
from nlp.judgement import judge
from screening.handles import handles_in, read_handle, registrable
from screening.standing import HandleKind
from tests.screening.conftest import OFFER


def named(text: str) -> set[tuple[str, str]]:
    return {(handle.kind, handle.value) for handle in handles_in(judge(text))}


def test_an_offer_gives_its_line_id_and_telephone_with_their_places() -> None:
    handles = handles_in(judge(OFFER))
    assert named(OFFER) == {("line_id", "@canaryboss"), ("phone", "+66891234567")}
    assert {OFFER[h.start : h.end] for h in handles} == {"@canaryboss", "0891234567"}


@pytest.mark.parametrize(
    "other",
    [
        OFFER.replace("0891234567", "089-123-4567"),
        OFFER.replace("0891234567", "+66 89 123 4567"),
        OFFER.replace("@canaryboss", "@CanaryBoss"),
        OFFER.replace("0891234567", "๐๘๙๑๒๓๔๕๖๗"),
    ],
)
def test_one_handle_written_otherwise_is_the_same(other: str) -> None:
    assert named(other) == named(OFFER)


@pytest.mark.parametrize(
    ("link", "value"),
    [
        ("https://jobs.richwork.co.th/apply?id=3", "richwork.co.th"),
        ("http://richwork.com", "richwork.com"),
        ("https://docs.google.com/forms/d/abc", "docs.google.com/forms/d/abc"),
        ("https://bit.ly/3AbC", "bit.ly/3AbC"),
        ("https://richwork.github.io/go", "richwork.github.io/go"),
    ],
)
def test_a_site_is_its_registered_domain_and_on_shared_hosts_its_page(link: str, value: str) -> None:
    assert ("url", value) in named(f"สมัครงานแอดมิน รายได้ 30,000 บาท ที่ {link} วันนี้")


def test_an_official_site_is_nobodys_handle() -> None:
    assert named("สมัครงานที่ https://toea.doe.go.th กรมการจัดหางาน เงินเดือน 30,000 บาท") == set()


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.co.th", "b.co.th"),
        ("b.co.th", "b.co.th"),
        ("x.y.com", "y.com"),
        ("y.io", "y.io"),
        ("go.th", "go.th"),
    ],
)
def test_the_registered_part_of_a_host(host: str, domain: str) -> None:
    assert registrable(host) == domain


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("line_id", "@CanaryBoss", "@canaryboss"),
        ("line_id", "boss_job99", "boss_job99"),
        ("phone", "089 123 4567", "+66891234567"),
        ("telegram", "@fastjobs", "fastjobs"),
        ("url", "www.RichWork.com/x", "richwork.com"),
        ("bank_account", "123-4-56789-0", "1234567890"),
    ],
)
def test_staff_may_write_a_handle_as_they_please(kind: HandleKind, written: str, value: str) -> None:
    assert read_handle(kind, written, entities_in) == value


@pytest.mark.parametrize(
    ("kind", "written"), [("phone", "hello"), ("url", "nothing"), ("bank_account", "12"), ("line_id", "")]
)
def test_what_an_offer_would_not_give_as_a_handle_is_none(kind: HandleKind, written: str) -> None:
    assert read_handle(kind, written, entities_in) is None


def test_a_text_of_hundreds_of_numbers_gives_a_dozen() -> None:
    numbers = " ".join(f"08{n:08}" for n in range(10_000_000, 10_000_030))
    assert len(handles_in(judge(f"รับแอดมิน รายได้ดี โทร {numbers}"))) == 12
