"""Handing one mail to the mail server, with the closed words for how that can end."""

import ssl
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from typing import Literal, NamedTuple
from uuid import UUID

import aiosmtplib

from core.clock import utc_now
from core.logs import get_logger
from core.mail.server import MailServer

# Of each step: connecting, and every answer of the server.
_SECONDS = 8.0
_NAME = "รู้ทัน RooTan"
_log = get_logger()

MailOutcome = Literal[
    "sent",      # the server took it
    "refused",   # it will never take it: no such address, a wrong password
    "not_sent",  # not now: no connection, or it asks to come again
    "unclear",   # cut off after the content: it may have taken it
]  # fmt: skip


class Mail(NamedTuple):
    """What one mail says; `id` names it for good, so that a server that has it already can tell."""

    id: UUID
    to: str
    subject: str
    text: str


class Mailer:
    """Sends mail for one process. A connection lasts as long as one mail: there are few, and none may hang on."""

    def __init__(self, server: MailServer, trust: ssl.SSLContext | None = None) -> None:
        """`trust` says whose certificates count; the system's authorities where it is left out."""
        self._server = server
        self._trust = trust

    async def send(self, mail: Mail) -> MailOutcome:
        """Send one mail; never raises for anything the server or the network does."""
        client = self._client()
        handed_over = False
        try:
            await client.connect()
            if self._server.user:
                await client.login(self._server.user, self._server.password)
            await client.mail(self._server.sender)
            await client.rcpt(mail.to)
            handed_over = True
            await client.data(compose(self._server.sender, mail).as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            # Its text may quote the address.
            _log.warning("mail_refused", status=error.code)
            return "refused" if error.code >= 500 else "not_sent"
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            _log.warning("mail_not_sent", error=type(error).__name__)
            return "unclear" if handed_over else "not_sent"
        finally:
            client.close()
        return "sent"

    async def check(self) -> str:
        """Connect and sign in without sending; return what is wrong, "" where nothing is."""
        client = self._client()
        try:
            await client.connect()
            if self._server.user:
                await client.login(self._server.user, self._server.password)
        except aiosmtplib.SMTPResponseException as error:
            return f"answers {error.code}"
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            return type(error).__name__
        finally:
            client.close()
        return ""

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host, port=server.port, timeout=_SECONDS, use_tls=server.protection == "tls",
            start_tls=server.protection == "starttls", tls_context=self._trust, local_hostname="localhost",
        )  # fmt: skip


def compose(sender: str, mail: Mail) -> EmailMessage:
    """Return the mail as it goes out: marked as automatic, so that no machine answers it."""
    message = EmailMessage()
    message["From"] = formataddr((_NAME, sender))
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate(utc_now().timestamp())
    message["Message-ID"] = f"<{mail.id}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, cte="base64")
    return message
