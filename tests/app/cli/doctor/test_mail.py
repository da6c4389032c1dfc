from pathlib import Path

from pydantic import SecretStr

from app.cli.doctor.mail import look_at_mail
from core.settings import Settings
from tests.support.mail_server import MailHouse


async def test_it_says_whether_the_mail_server_takes_us(settings: Settings, tmp_path: Path) -> None:
    (off,) = await look_at_mail(settings)
    assert (off.ok, off.where) == (True, "mail")
    async with MailHouse(tmp_path, plain=True) as mail:
        settings.smtp_url = SecretStr(mail.url())
        (there,) = await look_at_mail(settings)
        assert there.ok
    (away,) = await look_at_mail(settings)
    assert not away.ok
    assert "ROOTAN_SMTP_URL" in away.text
