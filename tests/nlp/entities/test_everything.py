from nlp.entities.everything import find_entities
from nlp.prepared import prepare


def test_a_number_is_one_thing_only() -> None:
    found = find_entities(prepare("พร้อมเพย์ 0812345678 หรือ กสิกร 123-4-56789-0 โทร 02-123-4567"))
    assert [entity.value for entity in found["promptpay"]] == ["0812345678"]
    assert [entity.value for entity in found["bank_account"]] == ["1234567890"]
    assert [entity.value for entity in found["phone"]] == ["+6621234567"]
    assert "money" not in found


def test_keys_without_entities_are_left_out() -> None:
    assert find_entities(prepare("สวัสดีค่ะ")) == {}


def test_entities_come_in_order_of_appearance() -> None:
    places = find_entities(prepare("จากโคราช ไปแม่สอด ข้ามไปเมียวดี"))["place"]
    assert [entity.value for entity in places] == ["นครราชสีมา", "แม่สอด", "เมียวดี"]
