from bots.dialogues.conversation import advance
from bots.engine.events import Event
from bots.engine.steps import Facts, State
from core.messages.content import Button, Content, Text
from tests.bots.dialogues.talk import CALM, Talk


def test_it_asks_for_what_waits_before_it_answers(talk: Talk) -> None:
    step = advance(State(), Event("press", data="open:1"), Facts(now=talk.now, crisis=CALM))
    assert step.wanted == {"waiting"}
    assert step.reply is None


def test_what_waits_is_shown_in_order_with_its_own_buttons(talk: Talk) -> None:
    talk.waiting = (
        Content((Text("หนึ่ง"), Text("สอง"))),
        Content((Text("สาม"),), choices=(Button("ตอบ", data="x"),)),
    )
    talk.presses("open:0192")
    assert talk.answer.startswith("หนึ่ง\nสอง\nสาม")
    assert talk.labels == ["ตอบ", "กลับหน้าแรก"]
    assert talk.step.reply is not None
    assert talk.step.reply.sensitive
    assert talk.step.reply.notice == "มีข้อความถึงคุณ"


def test_what_waits_without_buttons_gets_the_way_back_and_to_a_person(talk: Talk) -> None:
    talk.waiting = (Content((Text("คำตอบ"),)),)
    talk.presses("open:0192")
    assert {"m1:menu", "m1:staff"} <= {button.data for button in talk.buttons}


def test_nothing_waiting_is_told_so(talk: Talk) -> None:
    talk.presses("open:gone")
    assert "ไม่มีข้อความใหม่" in talk.answer
