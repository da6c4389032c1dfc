"""The mail server that one address names: `smtp://` with STARTTLS, `smtps://` with TLS from the first byte."""

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

Protection = Literal["starttls", "tls", "none"]

_SCHEMES: dict[str, tuple[Protection, int]] = {"smtp": ("starttls", 587), "smtps": ("tls", 465)}


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """Where mail is handed over, by whom, and which sender it names."""

    host: str
    port: int
    protection: Protection
    sender: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"<MailServer {self.host}:{self.port}>"


def read_server(url: str) -> MailServer:
    """Read `smtp://user:password@host:587?from=no-reply@example.org`; raises ValueError that says what is missing.

    The sender may be left out where the user is an address. `tls=none` is for a server on this very machine.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise ValueError("begin with smtp:// (STARTTLS) or smtps:// (TLS)")
    if not parts.hostname:
        raise ValueError("name the mail server's host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("give both user and password, or neither")
    protection, port = _SCHEMES[parts.scheme]
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := given.keys() - {"from", "tls"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is not known here; there are from and tls")
    if "tls" in given:
        if given["tls"] != "none" or not _is_here(parts.hostname):
            raise ValueError("tls=none is only for a server on 127.0.0.1 or localhost")
        protection = "none"
    sender = given.get("from", user)
    if "@" not in sender or any(char.isspace() for char in sender):
        raise ValueError("add the sender: ?from=no-reply@example.org")
    return MailServer(parts.hostname, parts.port or port, protection, sender, user, password)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
