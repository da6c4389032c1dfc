from collections.abc import Callable

import pytest

from bots.engine.events import Event
from bots.engine.steps import AskKeeperEffect, GroupWarnsEffect
from nlp.judgement import judge
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of, words_of

OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000"
COME_OVER = "ทักแชตส่วนตัวได้เลย"
# Words of our private chats that nobody in a group may read.
PERSONAL = ("เจ้าหน้าที่", "เลขติดตาม", "แจ้งเรื่อง", "รายงาน", "1300", "191")
Said = Callable[..., str]


@pytest.fixture
def said(talk: Talk) -> Said:
    """Say something to us in the group; return what we answer."""

    def say(text: str, *, quoted: str = "", author: str = "U1", message: str = "m1") -> str:
        event = Event("text", place="group", text=text, quoted=quoted, author=author, message=message)
        judged = judge(quoted or text) if quoted or text else None
        talk.does(event, judged, judged.crisis if judged else crisis_of("none"))
        assert talk.buttons == []
        assert not any(word in talk.answer for word in PERSONAL)
        return talk.answer

    return say


@pytest.mark.parametrize(
    "event",
    [
        Event("text", place="group", addressed=True, text="งานนี้จริงไหม"),
        Event("press", place="group", addressed=True, data="m1:staff"),
        Event("join", place="group", addressed=False),
    ],
)
def test_whoever_calls_us_in_a_group_is_sent_to_a_private_chat(talk: Talk, event: Event) -> None:
    before = talk.state
    step = talk.does(event)
    assert words_of(step.reply) == COME_OVER
    assert talk.buttons == []
    assert step.effects == ()
    assert talk.state == before


@pytest.mark.parametrize(
    "kind", ["text", "picture", "sticker", "location", "leave", "other", "reading", "evidence"]
)
def test_unaddressed_talk_in_a_group_gets_no_answer(talk: Talk, kind: str) -> None:
    step = talk.does(Event(kind, place="group", addressed=False, text="หยุด"))  # type: ignore[arg-type]
    assert step.reply is None
    assert step.effects == ()


def test_on_standby_a_group_gets_no_answer_either(talk: Talk) -> None:
    assert talk.does(Event("text", place="group", text="@rootan", standby=True)).reply is None


@pytest.mark.parametrize("text", [OFFER, f"ตรวจ {OFFER}", f"/check {OFFER}", f"เช็กงาน\n{OFFER}"])
def test_an_offer_gets_its_band_two_reasons_and_what_to_do(talk: Talk, said: Said, text: str) -> None:
    lines = said(text).split("\n")
    assert lines[0] == "⛔ อันตราย"
    assert lines[-1] == "อย่าเพิ่งไป อย่าเพิ่งโอน"
    assert [line.startswith("• ") for line in lines[1:-1]] == [True, True]
    assert talk.step.effects == ()


def test_of_a_message_that_is_answered_with_our_name_its_words_are_judged(said: Said) -> None:
    for text in ("", "ตรวจ", "งานนี้จริงไหม"):
        assert said(text, quoted=OFFER).startswith("⛔ อันตราย")


def test_much_talk_beside_a_quoted_message_belongs_into_a_private_chat(said: Said) -> None:
    assert said("วันนี้" * 20, quoted="ไปกินข้าวกันไหม") == COME_OVER


def test_the_command_alone_says_how_and_words_without_an_offer_are_told_so(said: Said) -> None:
    assert "พิมพ์" in said("ตรวจ")
    assert said("ตรวจ ขอบคุณค่ะ") == "ไม่เจอคำชวนทำงานในข้อความนี้"


def test_an_undecided_offer_is_never_called_harmless(talk: Talk) -> None:
    talk.does(Event("text", place="group", text="ตรวจ รับคนส่งของ"), judgement_of("unclear"))
    assert talk.answer == "❔ ยังบอกไม่ได้\nถามชื่อบริษัท ที่อยู่ และเลขใบอนุญาต"


@pytest.mark.parametrize("text", ["ขอคุยกับเจ้าหน้าที่", "ตามเรื่องที่แจ้งไว้", "ขอความช่วยเหลือ", "1234567890123456"])
def test_anything_personal_belongs_into_a_private_chat(talk: Talk, said: Said, text: str) -> None:
    assert said(text) == COME_OVER
    assert talk.step.effects == ()


@pytest.mark.parametrize("level", ["concern", "urgent"])
def test_a_cry_for_help_in_a_group_gets_that_line_only(talk: Talk, level: str) -> None:
    crisis = crisis_of(level, "detention")  # type: ignore[arg-type]
    for text in ("ช่วยด้วย โดนขัง", f"ตรวจ {OFFER}", "เปิดเตือน"):
        step = talk.does(Event("text", place="group", text=text), judge(text), crisis)
        assert words_of(step.reply) == COME_OVER
        assert step.effects == ()


class TestOnLine:
    @pytest.fixture(autouse=True)
    def on_line(self, talk: Talk) -> None:
        talk.channel = "line"

    @pytest.mark.parametrize(("word", "warns"), [("เปิดเตือน", True), ("ปิดเตือนค่ะ", False)])
    def test_two_members_switch_it(self, talk: Talk, said: Said, word: str, *, warns: bool) -> None:
        assert "สมาชิกอีกคน" in said(word, author="U1")
        assert talk.effects(GroupWarnsEffect) == []
        talk.wait(minutes=9)
        assert "แล้ว" in said(word, author="U2")
        assert talk.effects(GroupWarnsEffect) == [GroupWarnsEffect(warns)]
        assert "wish" not in talk.state.data

    def test_one_member_alone_switches_nothing(self, talk: Talk, said: Said) -> None:
        for _ in range(3):
            assert "สมาชิกอีกคน" in said("เปิดเตือน", author="U1")
            assert talk.effects(GroupWarnsEffect) == []

    def test_a_second_member_who_comes_late_begins_anew(self, talk: Talk, said: Said) -> None:
        said("เปิดเตือน", author="U1")
        talk.wait(minutes=11)
        said("เปิดเตือน", author="U2")
        assert talk.effects(GroupWarnsEffect) == []
        said("เปิดเตือน", author="U1")
        assert talk.effects(GroupWarnsEffect) == [GroupWarnsEffect(True)]

    def test_who_wants_the_contrary_confirms_nothing(self, talk: Talk, said: Said) -> None:
        said("เปิดเตือน", author="U1")
        said("ปิดเตือน", author="U2")
        assert talk.effects(GroupWarnsEffect) == []

    def test_somebody_whom_the_platform_does_not_name_can_neither_begin_nor_confirm(
        self, talk: Talk, said: Said
    ) -> None:
        assert "เพิ่มเราเป็นเพื่อน" in said("เปิดเตือน", author="")
        said("เปิดเตือน", author="U1")
        said("เปิดเตือน", author="")
        assert talk.effects(GroupWarnsEffect) == []


class TestOnTelegram:
    @pytest.fixture(autouse=True)
    def on_telegram(self, talk: Talk) -> None:
        talk.channel = "telegram"

    def keeper(self, talk: Talk, answer: str, message: str = "m1") -> str:
        talk.does(Event("keeper", place="group", data=answer, message=message))
        return talk.answer

    def test_the_platform_is_asked_and_a_keeper_switches_it(self, talk: Talk, said: Said) -> None:
        for word, warns in (("เปิดเตือน", True), ("ปิดเตือน", False)):
            assert said(word) == ""
            assert talk.effects(AskKeeperEffect) == [AskKeeperEffect()]
            told = self.keeper(talk, "yes")
            assert "เตือนแล้ว" in told
            assert ("แอดมิน" in told) == warns
            assert talk.effects(GroupWarnsEffect) == [GroupWarnsEffect(warns)]

    def test_who_keeps_nothing_switches_nothing(self, talk: Talk, said: Said) -> None:
        said("เปิดเตือน")
        assert "เฉพาะแอดมิน" in self.keeper(talk, "no")
        assert talk.effects(GroupWarnsEffect) == []

    def test_an_answer_counts_for_the_message_that_it_was_asked_for(self, talk: Talk, said: Said) -> None:
        said("เปิดเตือน", message="of a keeper")
        said("ปิดเตือน", message="of somebody else")
        assert self.keeper(talk, "yes", "of a keeper") == ""
        assert self.keeper(talk, "no", "of somebody else") != ""
        assert talk.effects(GroupWarnsEffect) == []

    def test_an_answer_that_comes_late_or_twice_changes_nothing(self, talk: Talk, said: Said) -> None:
        said("เปิดเตือน")
        talk.wait(minutes=11)
        assert self.keeper(talk, "yes") == ""
        said("เปิดเตือน")
        self.keeper(talk, "yes")
        assert self.keeper(talk, "yes") == ""
        assert talk.effects(GroupWarnsEffect) == []


def test_a_warning_says_why_and_what_to_do_and_then_keeps_quiet_for_a_while(talk: Talk) -> None:
    warning = Event("warning", place="group", addressed=False, data="เหตุหนึ่ง\nเหตุสอง\nเหตุสาม")
    talk.does(warning)
    first, second = talk.answer.split("\nมีประกาศงาน")
    assert first == "⛔ อันตราย\n• เหตุหนึ่ง\n• เหตุสอง\nอย่าเพิ่งไป อย่าเพิ่งโอน"
    assert second.endswith(COME_OVER)
    talk.wait(minutes=9)
    assert talk.does(warning).reply is None
    talk.wait(minutes=2)
    assert talk.does(warning).reply is not None
