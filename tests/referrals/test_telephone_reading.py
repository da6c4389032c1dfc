import pytest

from referrals.telephone import UnreadAnswerError
from referrals.telephone_reading import hear, read_answers, read_readable


@pytest.mark.parametrize(
    ("question", "said"),
    [("G4", ["ดาวอังคาร"]), ("C3h", ["เมื่อไรก็ไม่รู้"]), ("G1", ["maybe"]), ("G1", ["yes", "no"])],
)
def test_an_answer_that_can_not_be_read_names_its_question(question: str, said: list[str]) -> None:
    with pytest.raises(UnreadAnswerError) as caught:
        read_answers({"C3": ["hours"], question: said})
    assert caught.value.holder == question


def test_answers_are_read_as_the_chat_reads_them() -> None:
    said = {"G4": ["", "กัมพูชา"], "M5": ["hurt", "none"], "G1": ["", "unsure"], "X1": ["..."], "G2": [""]}
    found = read_answers({**said, "G5": ["working"]})
    assert found["G4"] == ("country:KH",)
    assert found["M5"] == ("none",)
    assert found["G1"] == ("unsure",)
    assert "X1" not in found
    assert "G2" not in found


def test_what_is_half_written_stops_no_other_answer() -> None:
    typed = {"G1": ["maybe"], "G2": ["self"], "G4": ["ยังพิม"]}
    assert read_readable(typed) == ({"G2": ("self",)}, "G1")
    assert read_readable({"G2": ["self"]}) == ({"G2": ("self",)}, "")
    assert typed["G4"] == ["ยังพิม"]


def test_danger_is_heard_in_a_story_and_nothing_in_none() -> None:
    assert "detention" in hear("ช่วยด้วย เขาขังหนูไว้ในห้อง ออกไปไม่ได้")
    assert hear(" \n") == ()
