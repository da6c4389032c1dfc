"""The mail server through which staff are told of missed clocks."""

from app.cli.findings import Finding
from core.mail.sending import Mailer
from core.settings import Settings


async def look_at_mail(settings: Settings) -> list[Finding]:
    """Return whether the mail server takes us; nothing is sent."""
    server = settings.mail_server
    if server is None:
        return [
            Finding(True, "mail", "off: staff are told by chat and in the console only (ROOTAN_SMTP_URL)")
        ]
    where = f"{server.host}:{server.port}"
    wrong = await Mailer(server).check()
    if wrong:
        return [
            Finding(
                False,
                "mail",
                f"{where} does not take us ({wrong}): check address and password in ROOTAN_SMTP_URL",
            )
        ]
    return [Finding(True, "mail", f"{where} takes mail from {server.sender}")]
