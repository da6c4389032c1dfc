"""A case that lies open by its receipt: where it is, the rights, the money, and whether it came."""

from datetime import date
from typing import get_args
from uuid import UUID

import msgspec
import pytest

from bots.dialogues.case_news import say_news
from bots.dialogues.case_screen import say_baht, say_state, say_step
from bots.dialogues.receipt import SESSION_SECONDS
from bots.engine.steps import PrivateEffect, ReceiptEffect
from core.messages.wording import never_at_a_glance
from referrals.progress import TRACKS, AgencyState, AgencyTold, Money, Payment, Progress, Stop
from referrals.tracked import StaffAnswer, Tracked
from referrals.tracks.steps import steps_of
from tests.bots.dialogues.talk import Talk, words_of

REPORT, FIRST, SECOND = UUID(int=7), UUID(int=21), UUID(int=22)
CODE = "1234 5678 9012 3456"
SHELTER = {"th": "บ้านพักเด็กและครอบครัว", "en": "Shelter for children and families"}
POLICE = {"th": "สถานีตำรวจเมือง", "en": "Town police"}
PAID = Payment(FIRST, 40_000_000, date(2026, 11, 20))
MONEY = Money(ordered=85_000_000, paid=40_000_000, left=45_000_000, payments=(PAID,))


def opens(talk: Talk, progress: Progress, **found: object) -> Talk:
    """The report in its own chat, with no word that guards it; the notice of a first answer was shown before."""
    talk.says("สวัสดี")
    talk.tracked = msgspec.structs.replace(
        Tracked(referral=REPORT, stage="held", mine=True, opened=True, progress=progress), **found
    )
    talk.says(CODE)
    return talk


def codes(talk: Talk) -> list[str]:
    return [button.data for button in talk.buttons]


def on_money(money: Money) -> Progress:
    return Progress(stops=(Stop("compensation", "paid", PAID.on),), money=money)


def answered(answer: str) -> Progress:
    return on_money(msgspec.structs.replace(MONEY, payments=(msgspec.structs.replace(PAID, answer=answer),)))


def test_a_case_that_no_agency_knows_is_with_us(talk: Talk) -> None:
    opens(talk, Progress())
    assert "ดูว่าถึงไหน" not in talk.answer
    talk.presses("k1:case")
    assert talk.answer == "ยังไม่ได้ส่งเรื่องไปหน่วยงานไหน เรื่องอยู่กับเจ้าหน้าที่ของเรา"
    assert talk.step.reply.sensitive


def test_each_agency_is_told_with_what_it_said_and_who_is_asked_next(talk: Talk) -> None:
    told = Progress(
        agencies=(
            AgencyTold(POLICE, "declined", date(2026, 11, 20), next_name=SHELTER),
            AgencyTold(SHELTER, "done", date(2026, 11, 22), text="มีที่พักให้แล้ว โทรหาเราได้ตอนเช้า"),
        )
    )
    opens(talk, told).presses("k1:case")
    assert talk.answer.splitlines() == [
        "หน่วยงานที่เกี่ยวข้อง",
        "• สถานีตำรวจเมือง", "รับเรื่องนี้ไม่ได้ (20 พ.ย. 2569)", "เราส่งต่อให้ บ้านพักเด็กและครอบครัว แล้ว",
        "• บ้านพักเด็กและครอบครัว", "ทำส่วนของเขาเสร็จแล้ว (22 พ.ย. 2569)",
        "บ้านพักเด็กและครอบครัว เขียนถึงคุณ", "มีที่พักให้แล้ว โทรหาเราได้ตอนเช้า",
    ]  # fmt: skip


def test_agencies_that_no_screen_has_room_for_are_counted(talk: Talk) -> None:
    many = tuple(AgencyTold(POLICE, "declined", date(2026, 11, day)) for day in (17, 18, 19, 20, 21))
    opens(talk, Progress(agencies=many)).presses("k1:case")
    assert talk.answer.splitlines()[-1] == "ก่อนหน้านี้อีก 2 แห่ง"
    assert "19 พ.ย." in talk.answer
    assert "18 พ.ย." not in talk.answer


def test_each_track_is_told_with_what_comes_next(talk: Talk) -> None:
    told = Progress(
        stops=(
            Stop("victim", "protected", date(2026, 11, 20)),
            Stop("prosecution", "to_prosecutor", date(2026, 11, 21)),
        )
    )
    opens(talk, told).presses("k1:case")
    assert talk.answer.splitlines() == [
        "มีที่พักและคนดูแลชั่วคราวแล้ว (20 พ.ย. 2569)", "ต่อไป หลายหน่วยงานจะคุยกัน ว่าช่วยอะไรได้บ้าง",
        "ตำรวจส่งเรื่องให้อัยการแล้ว (21 พ.ย. 2569)", "ต่อไป อัยการตัดสินใจว่าจะฟ้องไหม",
    ]  # fmt: skip


def test_every_state_of_a_track_and_of_an_agency_has_words() -> None:
    for language in ("th", "en"):
        states = [step for track in TRACKS for step in steps_of(track) if step.to]
        assert all(say_step(language, Stop(step.track, step.to, PAID.on)) for step in states)
        for state in get_args(AgencyState):
            assert say_state(language, AgencyTold(POLICE, state, PAID.on))


def test_what_agencies_dispute_is_told_as_such_and_nothing_is_promised(talk: Talk) -> None:
    opens(talk, Progress(stops=(Stop("prosecution", "indicted", PAID.on, is_disputed=True),)))
    talk.presses("k1:case")
    assert "หน่วยงานบอกมาไม่ตรงกัน" in talk.answer
    assert "ต่อไป" not in talk.answer


def test_whether_anything_was_found_seized_or_sold_looks_all_the_same(talk: Talk) -> None:
    said = set()
    for step in ("assets_traced", "seized", "sold"):
        opens(talk, Progress(stops=(Stop("compensation", step, PAID.on),))).presses("k1:case")
        said.add(talk.answer)
    assert len(said) == 1
    assert "ยังตามเงินให้อยู่" in said.pop()


OF_COURT = msgspec.structs.replace(MONEY, is_of_court=True)


@pytest.mark.parametrize(
    ("stops", "money", "sections"),
    [
        ((), None, ("34", "35")),
        ((Stop("victim", "protected", PAID.on),), None, ("29", "34", "35")),
        ((Stop("compensation", "claim_filed", PAID.on),), Money(), ("34", "35")),
        # Too late for a claim.
        ((Stop("prosecution", "appeal", PAID.on),), Money(), ("34",)),
        ((Stop("compensation", "seized", PAID.on),), OF_COURT, ("35",)),
        # The Fund gave it: nobody is a creditor by a judgment.
        ((Stop("compensation", "paid", PAID.on),), MONEY, ("34", "35")),
    ],
)
def test_rights_are_those_of_now(
    talk: Talk, stops: tuple[Stop, ...], money: Money | None, sections: tuple[str, ...]
) -> None:
    opens(talk, Progress(stops=stops, money=money)).presses("k1:rights")
    told = [line for line in talk.answer.splitlines() if "(ม." in line]
    assert tuple(line.partition("(ม.")[2].removesuffix(")") for line in told) == sections
    assert "ถ้าเป็นคดีค้ามนุษย์" in talk.answer
    assert ("เจ้าหนี้ตามคำพิพากษา" in talk.answer) == (money is OF_COURT)


@pytest.mark.parametrize(
    "money", [msgspec.structs.replace(OF_COURT, left=0), msgspec.structs.replace(OF_COURT, is_closed=True)]
)
def test_no_right_is_told_that_has_lost_its_sense(talk: Talk, money: Money) -> None:
    opens(talk, Progress(money=money)).presses("k1:rights")
    assert "ตอนนี้ไม่มีข้อไหนที่คุณต้องทำเพิ่ม" in talk.answer
    assert "ม." not in talk.answer


def test_whom_to_ask_are_numbers_that_were_verified(talk: Talk) -> None:
    opens(talk, Progress()).presses("k1:ask")
    assert "1300" in talk.answer
    assert "m1:staff" in codes(talk)


def test_money_is_told_to_the_satang_and_how_much_is_left(talk: Talk) -> None:
    money = Money(ordered=85_000_050, paid=40_000_000, confirmed=40_000_000, left=45_000_050)
    opens(talk, on_money(money)).presses("k1:money")
    assert talk.answer.splitlines() == [
        "เรื่องเงิน", "สั่งให้จ่าย 850,000.50 บาท", "หน่วยงานบอกว่าจ่ายแล้ว 400,000.00 บาท",
        "คุณบอกว่าได้รับแล้ว 400,000.00 บาท", "ยังเหลือ 450,000.50 บาท",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("satang", "baht"), [(0, "0.00"), (5, "0.05"), (100, "1.00"), (123_456_789, "1,234,567.89")]
)
def test_satang_are_said_as_baht(satang: int, baht: str) -> None:
    assert say_baht(satang) == baht


def test_without_an_order_there_is_nothing_to_tell_of_money(talk: Talk) -> None:
    opens(talk, Progress(money=Money())).presses("k1:money")
    assert talk.answer == "ยังไม่มีคำสั่งให้จ่ายเงิน"


def test_of_somebody_elses_money_nothing_is_told_or_asked(talk: Talk) -> None:
    opens(talk, Progress(stops=(Stop("prosecution", "final", PAID.on),), money=None))
    assert "k1:got.yes" not in " ".join(codes(talk))
    talk.presses("k1:money")
    assert talk.answer.startswith("เรื่องเงินเราบอกเจ้าตัวเท่านั้น")


def test_who_opens_the_report_is_asked_at_once_whether_the_money_came(talk: Talk) -> None:
    opens(talk, on_money(MONEY))
    assert talk.answer.endswith("หน่วยงานบอกว่าจ่ายให้คุณ 400,000.00 บาท เมื่อ 20 พ.ย. 2569\nได้รับเงินจำนวนนี้แล้วหรือยัง")
    assert codes(talk)[:3] == [f"k1:got.{answer}:{FIRST.hex}" for answer in ("yes", "no", "unsure")]
    assert len(codes(talk)) <= 13
    assert talk.step.reply.sensitive


def test_three_answers_of_staff_leave_room_for_the_question(talk: Talk) -> None:
    answers = tuple(StaffAnswer(f"ข้อความ {n}", talk.now) for n in range(3))
    opens(talk, on_money(MONEY), answers=answers, erase_at=talk.now)
    assert len(talk.step.reply.bubbles) == 5
    assert "ข้อความ 2" in talk.answer
    assert talk.answer.endswith("แล้วหรือยัง")


@pytest.mark.parametrize(
    ("press", "got", "told"),
    [("yes", True, "จดไว้แล้วว่าคุณได้รับ 400,000.00 บาท"), ("no", False, "จดไว้แล้วว่ายังไม่ได้รับ 400,000.00 บาท")],
)
def test_the_answer_is_written_down_of_the_payment_that_the_button_names(
    talk: Talk, press: str, told: str, *, got: bool
) -> None:
    opens(talk, on_money(MONEY)).presses(f"k1:got.{press}:{FIRST.hex}")
    assert talk.effects(ReceiptEffect) == [ReceiptEffect(REPORT, FIRST, got)]
    assert talk.effects(PrivateEffect)
    assert talk.answer.startswith(told)


def test_who_is_not_sure_is_asked_again_another_time(talk: Talk) -> None:
    opens(talk, on_money(MONEY)).presses(f"k1:got.unsure:{FIRST.hex}")
    assert talk.effects(ReceiptEffect) == []
    assert talk.answer.startswith("ไม่เป็นไร")
    talk.presses("k1:status")
    assert talk.answer.endswith("แล้วหรือยัง")


@pytest.mark.parametrize(
    ("said", "got"), [("ได้", True), ("ได้รับเงินแล้วค่ะ", True), ("ไม่", False), ("ยังไม่ได้รับเงิน", False)]
)
def test_a_typed_answer_is_about_what_was_asked_last(talk: Talk, said: str, *, got: bool) -> None:
    opens(talk, on_money(MONEY)).says(said)
    assert talk.effects(ReceiptEffect) == [ReceiptEffect(REPORT, FIRST, got)]


def test_the_next_payment_is_asked_about_after_the_first(talk: Talk) -> None:
    two = msgspec.structs.replace(MONEY, payments=(PAID, Payment(SECOND, 45_000_000, date(2026, 11, 22))))
    opens(talk, on_money(two)).presses(f"k1:got.yes:{FIRST.hex}")
    assert "450,000.00 บาท เมื่อ 22 พ.ย. 2569" in talk.answer
    assert codes(talk)[0] == f"k1:got.yes:{SECOND.hex}"


@pytest.mark.parametrize(
    ("before", "press", "told"),
    [
        ("confirmed", "yes", "คุณตอบเรื่องเงินก้อนนี้ไว้แล้ว"), ("confirmed", "no", "คุณตอบเรื่องเงินก้อนนี้ไว้แล้ว"),
        ("denied", "no", "คุณตอบเรื่องเงินก้อนนี้ไว้แล้ว"), ("denied", "yes", "จดไว้แล้วว่าคุณได้รับ"),
    ],
)  # fmt: skip
def test_an_old_button_changes_nothing_that_was_said_but_money_may_come_late(
    talk: Talk, before: str, press: str, told: str
) -> None:
    opens(talk, answered(before)).presses(f"k1:got.{press}:{FIRST.hex}")
    assert talk.answer.startswith(told)
    assert bool(talk.effects(ReceiptEffect)) == told.startswith("จด")


def test_who_said_not_yet_is_asked_again_where_they_look_at_the_money(talk: Talk) -> None:
    opens(talk, answered("denied"))
    assert not any(code.startswith("k1:got") for code in codes(talk))
    talk.presses("k1:money")
    assert codes(talk)[0] == f"k1:got.yes:{FIRST.hex}"


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (Progress(), "เงินก้อนนี้ไม่อยู่ในรายการแล้ว"), (on_money(Money()), "เงินก้อนนี้ไม่อยู่ในรายการแล้ว"),
        (on_money(msgspec.structs.replace(MONEY, is_closed=True)), "เรื่องเงินปิดแล้ว"),
    ],
)  # fmt: skip
def test_a_button_of_money_that_is_no_more_does_nothing(talk: Talk, progress: Progress, told: str) -> None:
    opens(talk, progress).presses(f"k1:got.yes:{FIRST.hex}")
    assert talk.effects(ReceiptEffect) == []
    assert talk.answer.startswith(told)


@pytest.mark.parametrize("data", ["k1:got.yes", "k1:got.yes:", "k1:got.yes:nonsense", "k1:got.maybe:1"])
def test_a_button_that_names_no_payment_does_nothing(talk: Talk, data: str) -> None:
    opens(talk, Progress()).presses(data)
    assert talk.effects(ReceiptEffect) == []


def test_only_who_opened_the_report_may_answer(talk: Talk) -> None:
    """By the code alone, after the session, and after leaving no press and no word says anything of money."""
    told = on_money(MONEY)
    talk.tracked = Tracked(referral=REPORT, stage="held", progress=told)
    talk.says(CODE)
    for go in (
        lambda: talk.presses(f"k1:got.yes:{FIRST.hex}"),
        lambda: talk.presses("k1:money"),
        lambda: (
            opens(talk, told).wait(seconds=SESSION_SECONDS + 1) or talk.presses(f"k1:got.yes:{FIRST.hex}")
        ),
        lambda: opens(talk, told).presses("k1:done") and talk.says("ได้รับเงินแล้ว"),
        lambda: opens(talk, told).presses("x1:leave") and talk.presses(f"k1:got.yes:{FIRST.hex}"),
    ):
        go()
        assert talk.effects(ReceiptEffect) == []
        assert "400,000.00" not in words_of(talk.step.reply)


def test_what_goes_out_by_itself_names_neither_case_nor_money() -> None:
    line = say_news("th")
    assert words_of(line) == "รายการของคุณมีข่าวใหม่ พิมพ์เลขติดตามเพื่อเปิดดู"
    assert line.sensitive
    assert never_at_a_glance(line.notice + words_of(line)) == []
