"""A real SMTP server on loopback that keeps what it was given, with STARTTLS or TLS under a certificate of its own."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "rootan", "a-password-of-the-test"
SENDER = "no-reply@rootan.test"


class KeptMail:
    """What the server was given; `answers` are said, in order, in place of taking a mail.

    While `hold` is there, a mail that was taken is answered only once it is set; `taken` is set as soon as one came.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []
        self.hold: asyncio.Event | None = None
        self.taken = asyncio.Event()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.taken.set()
        if self.hold is not None:
            await self.hold.wait()
        return "250 kept"


class MailHouse:
    """The server, running on the test's own loop while the block lasts."""

    def __init__(self, folder: Path, *, tls: bool = False, plain: bool = False) -> None:
        """`plain` speaks without TLS and asks for no password, as a server on the same machine may."""
        self.kept = KeptMail()
        self._plain = plain
        self._tls = tls
        certificate, key = make_certificate(folder)
        self._own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._own.load_cert_chain(certificate, key)
        self.trust = ssl.create_default_context(cafile=str(certificate))
        self._server: asyncio.Server
        self.port = 0

    def url(self, password: str = PASSWORD) -> str:
        if self._plain:
            return f"smtp://127.0.0.1:{self.port}?from={SENDER}&tls=none"
        scheme = "smtps" if self._tls else "smtp"
        return f"{scheme}://{USER}:{password}@127.0.0.1:{self.port}?from={SENDER}"

    def _talk(self) -> SMTP:
        if self._plain:
            return SMTP(self.kept, hostname="mail.test")
        own = None if self._tls else self._own
        return SMTP(
            self.kept, tls_context=own, require_starttls=not self._tls, authenticator=_authenticate,
            auth_required=not self._tls, auth_exclude_mechanism=["LOGIN"], auth_require_tls=not self._tls, hostname="mail.test",
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(
            self._talk, "127.0.0.1", self.port, ssl=self._own if self._tls else None
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()


def _authenticate(_server: Any, _session: Any, _envelope: Any, _way: str, given: Any) -> AuthResult:
    return AuthResult(
        success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False
    )


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 that trusts itself, and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "mail.pem", folder / "mail.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths
