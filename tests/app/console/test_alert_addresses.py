"""Staff's own addresses over the pages, with a real mail server."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.console.texts import say
from app.runtime import Runtime
from core.settings import Settings
from tests.app.conftest import Browser
from tests.support.mail_server import MailHouse

PAGE = "/console/account/addresses"
BOT_CHAT = {
    "telegram_bot_token": SecretStr("1:t"), "telegram_webhook_secret": SecretStr("s"),
}  # fmt: skip


@pytest.fixture
async def mail(tmp_path: Path, settings: Settings) -> AsyncIterator[MailHouse]:
    async with MailHouse(tmp_path, plain=True) as mail:
        settings.smtp_url = SecretStr(mail.url())
        settings.telegram_bot_token, settings.telegram_webhook_secret = BOT_CHAT.values()
        yield mail


async def test_a_mail_address_is_proven_and_dropped(mail: MailHouse, anong: Browser) -> None:
    asked = await anong.post(f"{PAGE}/mail", address="anong.home@example.org")
    assert 'name="code"' in asked.text
    (sent,) = mail.kept.mails
    code = re.search(r"\d{6}", sent.get_content())
    assert (sent["To"], bool(code)) == ("anong.home@example.org", True)
    assert code is not None
    wrong = await anong.post(f"{PAGE}/mail/code", code="x")
    assert (wrong.status_code, 'name="code"' in wrong.text) == (400, True)
    assert (await anong.post(f"{PAGE}/mail/code", code=code[0])).status_code == 303
    page = (await anong.get(PAGE)).text
    assert "an…@example.org" in page
    assert "anong.home" not in page
    assert (await anong.post(f"{PAGE}/mail/drop")).status_code == 303
    assert (await anong.post(f"{PAGE}/mail/drop")).status_code == 404


async def test_a_chat_is_asked_for_by_a_code_and_only_where_it_is_switched_on(
    mail: MailHouse, anong: Browser
) -> None:
    page = (await anong.get(PAGE)).text
    assert f"{PAGE}/telegram/begin" in page
    assert f"{PAGE}/line/begin" not in page
    shown = (await anong.post(f"{PAGE}/telegram/begin")).text
    assert re.search(r"<b>STAFF-[2-9A-Z]{4}-[2-9A-Z]{4}</b>", shown)
    assert "STAFF-" not in (await anong.get(PAGE)).text
    assert (await anong.post(f"{PAGE}/mail/begin")).status_code == 404


async def test_what_cannot_be_sent_is_said_and_keeps_the_address(
    mail: MailHouse, anong: Browser, runtime: Runtime
) -> None:
    mail.kept.answers = ["550 nobody here"]
    refused = await anong.post(f"{PAGE}/mail", address="typo@example.org")
    assert (refused.status_code, 'value="typo@example.org"' in refused.text) == (503, True)
    wrong = await anong.post(f"{PAGE}/mail", address="no address")
    assert (wrong.status_code, say("problem.mail_address.do") in wrong.text) == (400, True)
    runtime.settings.smtp_url = None
    assert (await anong.post(f"{PAGE}/mail", address="a@example.org")).status_code == 409


async def test_who_works_on_no_case_has_no_such_page(
    malee: Browser, somchai: Browser, anong: Browser
) -> None:
    assert PAGE in (await anong.get("/console/account")).text
    for browser in (malee, somchai):
        assert (await browser.get(PAGE)).status_code == 403
        assert PAGE not in (await browser.get("/console/account")).text
