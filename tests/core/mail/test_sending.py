"""Mail through a real server: STARTTLS and TLS, refusals, and servers that are away."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from core.mail.sending import Mail, Mailer
from core.mail.server import read_server
from tests.support.mail_server import MailHouse

MAIL = Mail(UUID(int=7), "boon@example.org", "รู้ทัน: มีเรื่องรอ", "มีเรื่องรอเกินเวลา\nhttps://x.go.th/console")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[MailHouse]:
    async with MailHouse(tmp_path) as house:
        yield house


@pytest.mark.parametrize("tls", [False, True])
async def test_a_mail_arrives_under_starttls_and_tls(tmp_path: Path, tls: bool) -> None:  # noqa: FBT001
    async with MailHouse(tmp_path, tls=tls) as house:
        mailer = Mailer(read_server(house.url()), house.trust)
        assert await mailer.check() == ""
        assert await mailer.send(MAIL) == "sent"
    (mail,) = house.kept.mails
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == (MAIL.to, MAIL.subject, "auto-generated")
    assert mail["Message-ID"] == f"<{MAIL.id}@rootan.test>"
    assert mail.get_content().strip() == MAIL.text


async def test_a_certificate_that_nobody_vouches_for_gets_no_mail(house: MailHouse) -> None:
    mailer = Mailer(read_server(house.url()))
    assert await mailer.send(MAIL) == "not_sent"
    assert house.kept.mails == []


async def test_a_wrong_password_is_a_refusal(house: MailHouse) -> None:
    mailer = Mailer(read_server(house.url("wrong")), house.trust)
    assert await mailer.send(MAIL) == "refused"
    assert await mailer.check() == "answers 535"


@pytest.mark.parametrize(
    ("answer", "outcome"), [("550 nobody here", "refused"), ("451 come again", "not_sent")]
)
async def test_what_the_server_says_is_told_apart(house: MailHouse, answer: str, outcome: str) -> None:
    house.kept.answers = [answer]
    mailer = Mailer(read_server(house.url()), house.trust)
    assert await mailer.send(MAIL) == outcome
    assert await mailer.send(MAIL) == "sent"


async def test_a_server_that_is_away_leaves_the_mail_for_later(tmp_path: Path) -> None:
    async with MailHouse(tmp_path) as house:
        url, trust = house.url(), house.trust
    mailer = Mailer(read_server(url), trust)
    assert await mailer.send(MAIL) == "not_sent"
    assert await mailer.check() != ""
