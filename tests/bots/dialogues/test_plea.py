import pytest

from bots.engine.steps import HoldNewsEffect, OpenReferralEffect
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of


def test_asking_for_help_asks_one_by_one_and_opens_nothing(talk: Talk) -> None:
    talk.presses("m1:need")
    assert "เราถามทีละข้อ" in talk.answer
    assert talk.step.effects == (HoldNewsEffect(),)
    talk.says("เขาไม่จ่ายค่าแรงมาสามเดือน", judgement=judgement_of("not_an_offer", "small_talk"))
    assert "เราเก็บที่เล่าไว้แล้ว" in talk.answer
    assert talk.step.effects == ()


def test_what_is_told_after_words_of_concern_leads_to_a_person(talk: Talk) -> None:
    talk.says("แย่", crisis=crisis_of("concern", "danger"))
    talk.says("เขาไม่จ่ายค่าแรงมาสามเดือน", judgement=judgement_of("not_an_offer", "small_talk"))
    assert "ให้เจ้าหน้าที่ช่วยดูไหม" in talk.answer
    assert talk.step.effects == ()


def test_somebody_in_danger_who_can_write_is_asked_one_by_one_but_not_whether_they_can(talk: Talk) -> None:
    talk.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    talk.presses("c1:free")
    talk.presses("r1:begin.free")
    assert talk.state.step == "G1"


@pytest.mark.parametrize("yes", ["ใช่", "ค่ะ", "อยาก", "โอเค"])
def test_a_yes_to_our_offer_calls_staff(talk: Talk, yes: str) -> None:
    talk.says("แย่", crisis=crisis_of("concern", "danger"))
    talk.says(yes)
    (effect,) = talk.effects(OpenReferralEffect)
    assert (effect.priority, effect.kinds) == ("P1", ("danger",))


@pytest.mark.parametrize("no", ["ไม่", "ไม่เป็นไร"])
def test_a_no_is_taken(talk: Talk, no: str) -> None:
    talk.says("แย่", crisis=crisis_of("concern", "danger"))
    talk.says(no)
    assert talk.step.effects == ()
    assert "เมื่อไหร่ก็พิมพ์มาได้" in talk.answer


def test_numbers_asked_for_out_of_the_blue_are_the_general_ones(talk: Talk) -> None:
    talk.presses("c1:numbers")
    for number in ("191", "1300"):
        assert number in talk.answer


def test_numbers_after_a_plea_fit_the_plea(talk: Talk) -> None:
    talk.says("แย่", crisis=crisis_of("concern", "suicide"))
    talk.presses("c1:numbers")
    assert "1323" in talk.answer
    assert "191" not in talk.answer


def test_somebody_who_is_watched_reads_nothing_of_staff(talk: Talk) -> None:
    talk.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    talk.presses("c1:watched")
    assert talk.answer == "ได้เลย ไว้สะดวกค่อยพิมพ์มา เราจะไม่ทักไปก่อน"


def test_somebody_who_can_write_is_asked_where(talk: Talk) -> None:
    talk.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    talk.presses("c1:free")
    assert "อยู่ที่ไหน" in talk.answer


@pytest.mark.parametrize(("press", "reason"), [("c1:free", "can_talk"), ("c1:watched", "cannot_talk")])
def test_staff_learn_whether_somebody_may_be_watching(talk: Talk, press: str, reason: str) -> None:
    talk.says("ช่วยด้วย", crisis=crisis_of("urgent", "danger"))
    talk.presses(press)
    (effect,) = talk.effects(OpenReferralEffect)
    assert (effect.priority, effect.source, effect.kinds, effect.reasons) == ("P0", "crisis", (), (reason,))


@pytest.mark.parametrize("press", ["c1:free", "c1:watched"])
def test_without_a_referral_neither_press_opens_one(talk: Talk, press: str) -> None:
    talk.presses(press)
    assert talk.effects(OpenReferralEffect) == []


def test_asking_for_help_while_staff_have_it_says_so(talk: Talk) -> None:
    talk.presses("m1:staff")
    talk.presses("m1:need")
    assert "รอเจ้าหน้าที่" in talk.answer
