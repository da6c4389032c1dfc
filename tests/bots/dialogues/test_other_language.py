import pytest

from bots.dialogues.other_language import script_of
from tests.bots.dialogues.talk import Talk, judgement_of

BURMESE = "အလုပ်ခေါ်ပါသည် ပွိုင်ပက် လစာ 35000"
KHMER = "ត្រូវការបុគ្គលិក ធ្វើការនៅប៉ោយប៉ែត"
LAO = "ຮັບສະໝັກພະນັກງານ ເງິນເດືອນ 35000"
SMALL_TALK = judgement_of("not_an_offer", "small_talk")
CHINESE = "招聘客服 月薪8000 包吃住 联系 telegram"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        (BURMESE, "my"), (KHMER, "km"), (LAO, "lo"), (CHINESE, "zh"), ("スタッフ募集 給料がいい仕事です", "other"),
        ("Требуются сотрудники", "other"), ("직원 모집합니다", "other"), ("مطلوب موظفين", "other"),
        ("รับสมัครงาน", None), ("We are hiring", None), ("รับแอดมิน 招聘 ปอยเปต เงินดี", None), ("12345 😀", None), ("好", "zh"), ("", None),
    ],
)  # fmt: skip
def test_the_script_of_most_letters_counts(text: str, script: str | None) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (BURMESE, "1694 · 1300 · 1155"),
        (KHMER, "1694 · 1300 · 1155"),
        (LAO, "1300 · 1155"),
        (CHINESE, "1300 · 1155"),
    ],
)
def test_it_is_said_in_thai_in_english_and_in_the_readers_own_line(
    talk: Talk, text: str, numbers: str
) -> None:
    talk.presses("m1:menu")
    talk.says(text, judgement=judgement_of("unclear", "check_offer"))
    thai, english, own = (bubble.text for bubble in talk.step.reply.bubbles)
    assert thai.startswith("เราอ่านได้แค่ภาษาไทย")
    assert english.startswith("We read only Thai and English")
    assert own.endswith(numbers)
    assert script_of(own) == script_of(text)
    assert {"l1:en", "m1:staff"} <= {button.data for button in talk.buttons}


def test_of_another_script_there_is_no_line_of_its_own(talk: Talk) -> None:
    talk.presses("l1:en")
    talk.says("Требуются сотрудники", judgement=SMALL_TALK)
    english, thai = (bubble.text for bubble in talk.step.reply.bubbles)
    assert english.startswith("We read only")
    assert thai.startswith("เราอ่านได้แค่")
    assert "1155 Tourist police (24 h)" in english


def test_to_staff_it_is_passed_on_as_it_is(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.says(BURMESE, judgement=SMALL_TALK)
    assert "ส่งให้เจ้าหน้าที่แล้ว" in talk.answer


def test_after_a_plea_it_is_answered_too(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.says(BURMESE, judgement=SMALL_TALK)
    assert "1300" in talk.answer
