"""Sealing a packet by a password that no computer remembers: as an encrypted PDF, or as an archive of AES-256."""

import importlib
import io
import secrets
from collections.abc import Mapping

import regex

from core.errors import InvalidInputError

# Without letters and figures that are taken for each other when read out.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _GROUP = 5, 4
# 20 of 31 signs: 99 bits, beyond what anybody tries out.
_SHAPE = regex.compile(rf"(?:[{_ALPHABET}]{{{_GROUP}}}-){{{_GROUPS - 1}}}[{_ALPHABET}]{{{_GROUP}}}")


class PasswordError(InvalidInputError):
    """A password that we did not make: it could be one that is guessed."""

    code = "packet_password"


def new_password() -> str:
    """Return a password to be told apart from the packet: abcd-efgh-…"""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def read_password(typed: str) -> str:
    """Return a password of our making; raises PasswordError."""
    if not _SHAPE.fullmatch(typed):
        raise PasswordError("this is no password of a packet")
    return typed


def seal_archive(files: Mapping[str, bytes], password: str) -> bytes:
    """Return a ZIP whose files are encrypted (WinZip's AES-256, as 7-Zip and most archivers open); names stay readable."""
    # 3 MB of which most processes have no need.
    pyzipper = importlib.import_module("pyzipper")
    page = io.BytesIO()
    with pyzipper.AESZipFile(
        page, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, content in files.items():
            archive.writestr(name, content)
    return page.getvalue()
