import pytest

from nlp.entities.url import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("https://www.Example.com/Path?q=1", "example.com/Path?q=1", ""),
        ("สมัครที่ toea.doe.go.th ค่ะ", "toea.doe.go.th", "official"),
        ("doe.go.th.jobs-online.com/x", "doe.go.th.jobs-online.com/x", "lookalike"),
        ("http://bit.ly/3AbC.", "bit.ly/3AbC", "shortener"),
        ("hxxps://bad[.]site/login", "bad.site/login", ""),
        ("งานดี www.jobs.co.th/", "jobs.co.th", ""),
        ("bit . ly / abc12", "bit.ly/abc12", "shortener"),
        ("site(dot)com", "site.com", ""),
        ("https://หางาน.ไทย/a", "xn--72c0byc2ab.xn--o3cw4h/a", "punycode"),
        ("https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com", "punycode"),
        ("ｂｉｔ．ｌｙ/Ab1", "bit.ly/Ab1", "shortener"),
    ],
)
def test_addresses_get_one_form_and_a_kind(text: str, value: str, kind: str) -> None:
    (entity,) = find(prepare(text))
    assert entity.value == value
    assert entity.detail.get("kind", "") == kind


@pytest.mark.parametrize("text", ["เวลา 8.30-16.30 น.", "ราคา 12.50 บาท", "hr@school.ac.th", "จบป.6"])
def test_times_sums_and_mail_are_no_addresses(text: str) -> None:
    assert find(prepare(text)) == []


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("shopee-job.top/reg", "shopee"),
        ("https://lazadda.com", "lazada"),
        ("faceb00k-job.com", "facebook"),
        ("https://fасebook.com", "facebook"),
        ("thaiairvvays.com", "thaiairways"),
        ("doe-go-th.com", "doe"),
        ("www.tiktok-work.vip", "tiktok"),
    ],
)
def test_a_borrowed_name_is_a_look_alike(text: str, brand: str) -> None:
    (entity,) = find(prepare(text))
    assert (entity.detail["kind"], entity.detail["brand"]) == ("lookalike", brand)


@pytest.mark.parametrize(
    "text",
    [
        "shopee.co.th/x",
        "https://m.facebook.com/a",
        "jobthai.com",
        "www.google.com",
        "example.com",
        "https://kapook.com",
    ],
)
def test_the_owner_and_strangers_are_no_look_alikes(text: str) -> None:
    (entity,) = find(prepare(text))
    assert "brand" not in entity.detail


def test_the_registrable_domain_is_named() -> None:
    assert find(prepare("https://a.b.jobs.co.th/x"))[0].detail["domain"] == "jobs.co.th"


def test_the_host_stays_as_it_was_written() -> None:
    assert find(prepare("faceb00k-job.com"))[0].value == "faceb00k-job.com"
