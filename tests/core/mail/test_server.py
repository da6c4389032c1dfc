import pytest

from core.mail.server import MailServer, read_server

SECRET = "s3cr3t-never-shown"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://anong%40x.org:p%3Aw@mail.x.org",
         MailServer("mail.x.org", 587, "starttls", "anong@x.org", "anong@x.org", "p:w")),
        ("smtps://mail.x.org?from=no-reply@x.org", MailServer("mail.x.org", 465, "tls", "no-reply@x.org")),
        ("smtp://u:p@mail.x.org:2525?from=no-reply@x.org",
         MailServer("mail.x.org", 2525, "starttls", "no-reply@x.org", "u", "p")),
        ("smtp://127.0.0.1:25?from=a@x.org&tls=none", MailServer("127.0.0.1", 25, "none", "a@x.org")),
    ],
)  # fmt: skip
def test_it_reads_an_address(url: str, server: MailServer) -> None:
    assert read_server(url) == server


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://mail.x.org?from=a@x.org", "smtp://"),
        ("smtp://?from=a@x.org", "host"),
        (f"smtp://:{SECRET}@mail.x.org?from=a@x.org", "both user and password"),
        ("smtp://anong@mail.x.org?from=a@x.org", "both user and password"),
        (f"smtp://u:{SECRET}@mail.x.org", "sender"),
        ("smtp://mail.x.org?from=nobody", "sender"),
        ("smtp://mail.x.org?from=a@x.org&tls=none", "127.0.0.1"),
        ("smtp://mail.x.org?from=a@x.org&starttls=off", "starttls"),
    ],
)
def test_half_an_address_is_refused_and_says_what_is_missing(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        read_server(url)
    assert SECRET not in str(refused.value)


def test_it_never_shows_its_password() -> None:
    assert SECRET not in repr(read_server(f"smtp://u:{SECRET}@mail.x.org?from=a@x.org"))
