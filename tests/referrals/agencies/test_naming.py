import pytest

from referrals.agencies.naming import names_somebody


@pytest.mark.parametrize(
    "text",
    [
        "เขาชื่อว่ามะลิ", "นางสาวมาลี ทองดี", "นายสมชาย อยู่ชั้นสอง", "ด.ญ. ฟ้า", "เลขบัตร 1-1023-45678-90-1",
        "โทร 081-234-5678", "โทร ๐๘๑๒๓๔๕๖๗๘", "+66 81 234 5678", "ไลน์: dao99", "แอด @dao99", "dao@example.org",
        "พาสปอร์ต AA1234567", "13.75012, 100.50012", "Ms. Dao", "her name is Dao",
    ],
)  # fmt: skip
def test_names_numbers_and_addresses_are_noticed(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "นายจ้างยึดพาสปอร์ต", "นายหน้าพาไปปอยเปต", "ค้างค่าจ้าง 45,000 บาท สามเดือน", "หญิง 3 คน ถูกขังชั้น 4",
        "ขอที่พักคืนนี้", "People stood in line.", "คดีดำที่ คม.12/2569", "เด็กชายแดนสองคน",
    ],
)  # fmt: skip
def test_what_names_nobody_passes(text: str) -> None:
    assert not names_somebody(text)
