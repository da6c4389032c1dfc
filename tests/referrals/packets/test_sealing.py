import io
import zipfile

import pytest
import pyzipper

from referrals.packets.sealing import PasswordError, new_password, read_password, seal_archive


def test_every_password_is_another_and_is_read_back() -> None:
    passwords = {new_password() for _ in range(200)}
    assert len(passwords) == 200
    assert all(read_password(password) == password for password in passwords)
    assert not set("".join(passwords)) & set("01iloO")


@pytest.mark.parametrize(
    "typed", ["", "password", "2222", "2222-2222-2222-2222-222o", "2222-2222-2222-2222-2222\n", "A" * 24]
)
def test_a_password_of_other_make_is_refused(typed: str) -> None:
    with pytest.raises(PasswordError):
        read_password(typed)


def test_an_archive_opens_with_its_password_and_no_other() -> None:
    sealed = seal_archive({"packet.json": "ลับ".encode() * 50}, password := new_password())
    assert "ลับ".encode() not in sealed
    with pyzipper.AESZipFile(io.BytesIO(sealed)) as archive:
        archive.setpassword(password.encode())
        assert archive.read("packet.json") == "ลับ".encode() * 50
        archive.setpassword(new_password().encode())
        with pytest.raises(RuntimeError):
            archive.read("packet.json")
    with zipfile.ZipFile(io.BytesIO(sealed)) as plain, pytest.raises((RuntimeError, NotImplementedError)):
        plain.read("packet.json")
