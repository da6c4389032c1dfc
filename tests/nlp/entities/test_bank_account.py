import pytest

from nlp.entities.bank_account import find
from nlp.prepared import prepare


@pytest.mark.parametrize(
    ("text", "value", "bank"),
    [
        ("โอนมาที่ 123-4-56789-0 กสิกร", "1234567890", "kbank"),
        ("ไทยพาณิชย์ 4051234567 ชื่อ สมชาย", "4051234567", "scb"),
        ("เลขบัญชี 020012345678 ออมสิน", "020012345678", "gsb"),
        ("เลขที่บัญชี 987-6-54321-0", "9876543210", ""),
        ("กรุงไทย 081-2-34567-8", "0812345678", "ktb"),
    ],
)
def test_it_finds_accounts_near_a_bank_or_account_word(text: str, value: str, bank: str) -> None:
    (entity,) = find(prepare(text))
    assert entity.value == value
    assert entity.detail.get("bank", "") == bank


@pytest.mark.parametrize(
    "text", ["โทร 0812345678", "รหัสพัสดุ 1234567890", "โอนแล้วโทร 0812345678", "เงินเดือน 35,000 บาท"]
)
def test_other_numbers_are_no_accounts(text: str) -> None:
    assert find(prepare(text)) == []


def test_a_list_of_accounts_is_read_to_a_bound() -> None:
    assert len(find(prepare("กสิกร 123-4-56789-0 " * 200))) == 40
