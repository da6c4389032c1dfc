import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.losses import loss_in

MONEY = [
    "โอนไปแล้ว 500 ทำไงดี", "โอนไปแล้ว", "โอนแล้วค่ะ", "โอน 3000 ไปแล้วค่ะ", "ส่งสลิปไปแล้ว เขาบล็อก",
    "เงินโอนไปแล้ว เขาหายไปเลย", "หนูโอนค่าประกันไปแล้ว 1500 เขาไม่ตอบเลย", "จ่ายค่าสมัครไป 300 แล้วเขาเงียบ",
    "แม่โอนให้เขาไปสองหมื่น", "โอนเงินให้แอดมินแล้วค่ะ", "เติมเงินไป 5,000 ถอนไม่ได้", "เผลอโอนไป",
    "โดนหลอกให้โอนเงิน 20000", "โดนหลอกโอนเงินไปแล้ว 20,000 แจ้งใคร", "ถอนเงินไม่ได้ค่ะ เขาให้เติมอีก",
    "จ่ายค่ามัดจำไปแล้วค่ะ", "เสียเงินไปแล้ว 3 หมื่น", "สูญเงินไปแสนนึง", "วางมัดจำไปแล้วติดต่อไม่ได้",
    "I already sent them money", "I paid 500 baht and they blocked me",
]  # fmt: skip
PAPERS = [
    "ให้เลขบัญชีไปแล้ว", "ส่งรูปบัตรประชาชนกับสมุดบัญชีไปแล้ว", "บอกเลขบัตรกับ otp ไปแล้ว", "ส่งพาสปอร์ตให้เขาไปแล้ว",
    "ยังไม่ได้โอน แต่ส่งรูปบัตรไปแล้ว", "ให้บัตรเขาไป", "I sent them my passport",
]  # fmt: skip
NOTHING = [
    "ยังไม่ได้โอนค่ะ", "อย่าโอนเงินไปแล้วกัน", "เงินเดือนโอนเข้าแล้ว", "โอนค่าประกันก่อนเริ่มงาน", "โอนแล้วส่งสลิปมา",
    "เตือนภัย มีคนโอนไปแล้วหลายราย", "วันนี้ไปธนาคารมา", "เขาโอนเงินมาให้แล้ว", "บริษัทโอนเงินเดือนให้แล้ว",
    "รับสมัครพนักงานบัญชี เงินเดือน 15000", "ถ้าโอนก่อนจะโดนหลอกไหม", "จ่ายค่าไฟแล้ว", "สมัครงานส่งเอกสารไปแล้ว",
    "กลัวโดนหลอก", "ส่งข้อความไปแล้ว", "เปิดบัญชีแล้ว", "จ่ายค่าแรงทุกวัน", "นายจ้างโอนค่าแรงแล้วค่ะ", "เกือบโอนไปแล้ว", "", "สวัสดี",
]  # fmt: skip


@pytest.mark.parametrize("text", MONEY)
def test_money_that_is_gone_is_heard(text: str) -> None:
    assert loss_in(text) == "money"


@pytest.mark.parametrize("text", PAPERS)
def test_an_account_number_or_an_id_that_was_given_is_heard(text: str) -> None:
    assert loss_in(text) == "papers"


@pytest.mark.parametrize("text", NOTHING)
def test_what_has_not_happened_or_is_somebody_elses_is_not(text: str) -> None:
    assert loss_in(text) is None


def test_it_is_heard_after_a_long_forwarded_text_and_across_blanks() -> None:
    assert loss_in("รับสมัครคนแพ็กของที่บ้าน รายได้ดี " * 60 + "\nโอน  ไป\nแล้ว 500") == "money"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="โอนจ่ายไปแล้วค่าเขา เงินบล็อก 0123\n", max_size=4_000))
def test_no_text_holds_it_up(text: str) -> None:
    assert loss_in(text) in {None, "money", "papers"}
