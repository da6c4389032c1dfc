from bots.engine.events import Event
from tests.bots.dialogues.talk import Talk, judgement_of

UNREADABLE = judgement_of("not_an_offer", "unreadable")


def test_what_is_not_understood_gets_a_hint_and_then_the_menu_and_a_person(talk: Talk) -> None:
    talk.says("?", judgement=UNREADABLE)
    assert 'เรายังไม่เข้าใจ ลองแตะปุ่มข้างล่าง หรือพิมพ์ "คุยกับคน"' in talk.answer
    talk.says("?", judgement=UNREADABLE)
    assert "ให้คนอ่านแทน" in talk.answer
    assert {"m1:check", "m1:staff", "m1:help"} <= {button.data for button in talk.buttons}


def test_being_understood_starts_the_count_over(talk: Talk) -> None:
    talk.says("?", judgement=UNREADABLE)
    talk.says("เมนู")
    talk.says("?", judgement=UNREADABLE)
    assert "เรายังไม่เข้าใจ" in talk.answer


def test_a_silent_step_does_not_start_the_count_over(talk: Talk) -> None:
    talk.says("?", judgement=UNREADABLE)
    talk.does(Event("other"))
    assert talk.state.puzzled == 1


def test_the_menu_leaves_the_current_dialogue(talk: Talk) -> None:
    talk.presses("m1:need")
    talk.presses("m1:menu")
    assert (talk.state.dialogue, talk.state.data) == ("", {})


def test_labels_are_typed_words_too(talk: Talk) -> None:
    talk.says("เตือนคนในบ้าน")
    assert "ก๊อปข้อความข้างล่าง" in talk.answer


def test_the_menu_offers_no_way_to_the_menu(talk: Talk) -> None:
    for _ in range(2):
        talk.presses("m1:menu")
        assert "m1:menu" not in {button.data for button in talk.buttons}
    talk.presses("m0:gone")
    assert "m1:menu" not in {button.data for button in talk.buttons}
