import msgspec
import pytest

from bots.copy import copy, count_graphemes
from bots.dialogues.what_now import KINDS
from bots.engine.events import Event
from bots.engine.steps import OpenReferralEffect, Step
from core.messages.content import Text
from nlp.judgement import Crisis, judge
from referrals.directory.hotlines import all_hotlines
from tests.bots.dialogues.talk import Talk, crisis_of, judgement_of, words_of


def plea(talk: Talk, crisis: Crisis) -> Step:
    return talk.says("ช่วยด้วย", crisis=crisis)


def test_nothing_in_a_crisis_answer_names_what_it_is_about(talk: Talk) -> None:
    kinds = (
        "trafficking",
        "forced_labour",
        "detention",
        "domestic_violence",
        "sexual_violence",
        "child_abuse",
    )
    plea(talk, crisis_of("urgent", *kinds))
    for word in ("ค้ามนุษย์", "เหยื่อ", "ทำร้าย", "ข่มขืน", "ขัง", "ฉุกเฉิน"):
        assert word not in talk.answer
    assert talk.step.reply.notice == "มีข้อความถึงคุณ"
    said = [button.says or button.label for button in talk.buttons]
    assert not any("เจ้าหน้าที่" in words or "ช่วย" in words for words in said)


@pytest.mark.parametrize(
    ("kinds", "numbers"),
    [
        (("danger",), ["191", "1669", "1300"]),
        (("detention",), ["191", "1300"]),
        (("sexual_violence",), ["191", "1300"]),
        (("suicide",), ["1323", "1669"]),
        ((), ["191", "1669", "1300"]),
    ],
)
def test_the_numbers_fit_the_danger(talk: Talk, kinds: tuple[str, ...], numbers: list[str]) -> None:
    plea(talk, crisis_of("urgent", *kinds))
    bubble = next(b for b in talk.step.reply.bubbles if isinstance(b, Text) and numbers[0] in b.text)
    assert [line.split()[0] for line in bubble.text.splitlines()[1:]] == numbers


def test_a_place_abroad_puts_the_consular_number_first_and_keeps_the_others(talk: Talk) -> None:
    talk.says("ช่วยด้วย อยู่ปอยเปต", crisis=crisis_of("urgent", "detention"))
    lines = talk.step.reply.bubbles[2].text.splitlines()[1:]
    assert lines[0].startswith("02-572-8442")
    assert "+66 2 572 8442" in lines[0]
    assert lines[-1] == "191 ตำรวจ (24 ชม.) โทรในไทย"


def test_hours_that_no_source_gives_are_not_claimed(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "danger"))
    assert "1669 รถพยาบาล\n" in talk.answer


def test_the_same_words_again_get_a_short_answer_and_open_nothing(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "danger"))
    step = plea(talk, crisis_of("urgent", "danger"))
    assert step.effects == ()
    assert "1300" not in talk.answer
    assert "รอเจ้าหน้าที่" in talk.answer
    talk.claim()
    plea(talk, crisis_of("urgent", "danger"))
    assert "มีเจ้าหน้าที่รับเรื่องแล้ว" in talk.answer


def test_another_kind_of_danger_is_told_to_staff_without_a_second_receipt(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "detention"))
    step = plea(talk, crisis_of("urgent", "sexual_violence"))
    assert set(step.effects[0].kinds) == {"detention", "sexual_violence"}
    assert "บอกเจ้าหน้าที่เพิ่ม" in talk.answer
    assert "1234" not in talk.answer


def test_a_referral_that_the_person_asked_for_is_raised(talk: Talk) -> None:
    talk.presses("m1:staff")
    step = plea(talk, crisis_of("urgent", "danger"))
    assert step.effects[0].priority == "P0"
    assert talk.referral.priority == "P0"
    assert "1234" not in talk.answer


def test_worry_beside_staff_reaches_them_at_least_as_p1(talk: Talk) -> None:
    talk.presses("m1:staff")
    step = plea(talk, crisis_of("concern", "suicide"))
    assert (step.effects[0].priority, step.effects[0].reasons) == ("P1", ("concern_words",))
    assert "1323" in talk.answer


def test_kinds_are_remembered_while_the_person_talks_to_staff(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "danger"))
    talk.says("อยู่ชั้นสอง")
    talk.referral = talk.referral.__class__(talk.referral.id, "P0", claimed=False, cancellable=True)
    assert plea(talk, crisis_of("urgent", "danger")).effects == ()


def test_suicidal_words_are_met_without_a_lecture(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "suicide"))
    assert talk.step.reply.bubbles[0].text.startswith("ขอบคุณที่บอกเรา อยู่ตรงนี้กับเราก่อนนะ")
    for word in ("อย่าทำ", "ห้าม", "บาป", "คิดดี", "สู้ ๆ", "ตาย"):
        assert word not in talk.answer
    assert talk.effects(OpenReferralEffect)[0].kinds == ("suicide",)


def test_worry_with_an_offer_gets_both_the_hand_and_the_verdict(talk: Talk) -> None:
    offer = judgement_of("danger", "check_offer")
    talk.says("เพื่อนไปแล้วติดต่อไม่ได้ รับแอดมินปอยเปต", crisis=crisis_of("concern", "trafficking"), judgement=offer)
    assert "อยากให้เจ้าหน้าที่ช่วยดูไหม" in talk.step.reply.bubbles[0].text
    assert "⛔ อันตราย" in talk.answer
    talk.presses("m1:staff")
    effect = talk.step.effects[0]
    assert (effect.priority, effect.kinds) == ("P1", ("trafficking",))


def test_on_standby_nothing_is_said_but_staff_are_called(talk: Talk) -> None:
    step = talk.does(Event("text", text="ช่วยด้วย", standby=True), crisis=crisis_of("urgent", "danger"))
    assert step.reply is None
    assert [type(effect) for effect in step.effects] == [OpenReferralEffect]


def test_in_a_group_a_plea_gets_only_the_way_to_a_private_chat(talk: Talk) -> None:
    event = Event("text", place="group", text="@bot ช่วยด้วย ถูกขัง")
    step = talk.does(event, crisis=crisis_of("urgent", "danger"))
    assert words_of(step.reply) == "ทักแชตส่วนตัวได้เลย"
    assert step.effects == ()


def test_worry_that_staff_know_of_turning_urgent_is_raised(talk: Talk) -> None:
    plea(talk, crisis_of("concern", "danger"))
    talk.presses("m1:staff")
    assert talk.referral is not None
    assert (talk.referral.priority, talk.referral.kinds) == ("P1", ("danger",))
    plea(talk, crisis_of("urgent", "danger"))
    assert [effect.priority for effect in talk.effects(OpenReferralEffect)] == ["P0"]


def test_a_worrying_answer_to_our_question_is_weighed_behind_the_offer_of_help(talk: Talk) -> None:
    talk.says("รับคนทำงาน", judgement=judgement_of("unclear", "check_offer"))
    place = msgspec.structs.replace(
        judgement_of("not_an_offer", "need_help"), entities=judge("ไปปอยเปต").entities
    )
    step = talk.says("เขาจะให้ไปปอยเปต", judgement=place, crisis=crisis_of("concern", "trafficking"))
    assert step.crisis
    assert "อยากให้เจ้าหน้าที่ช่วยดูไหม" in step.reply.bubbles[0].text
    assert step.reply.bubbles[1].band == "danger"
    assert "02-572-8442" in talk.answer
    assert talk.state.data["kinds"] == ["trafficking"]


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_two_or_three_short_lines_that_name_nothing(
    talk: Talk, kind: str, language: str
) -> None:
    talk.presses(f"l1:{language}")
    plea(talk, crisis_of("urgent", kind))
    lines = talk.step.reply.bubbles[1].text.splitlines()
    assert 2 <= len(lines) <= 3
    assert all(count_graphemes(line) <= 60 for line in lines)
    said = " ".join(lines)
    for word in (
        "ค้ามนุษย์",
        "ทำร้าย",
        "ข่มขืน",
        "ขัง",
        "ตาย",
        "ตำรวจ",
        "เจ้าหน้าที่",
        "police",
        "staff",
        "abuse",
        "lock",
    ):
        assert word not in said


@pytest.mark.parametrize("kind", KINDS)
def test_plainer_words_and_the_numbers_come_when_asked_for(talk: Talk, kind: str) -> None:
    plea(talk, crisis_of("urgent", kind))
    talk.says("ทำยังไงดี")
    assert copy().say("th", f"crisis.care.{kind}") in talk.answer
    assert ("1323" if kind == "suicide" else "1300") in talk.answer
    assert {"c1:checked", "s1:status", "m1:menu", "x1:leave"} <= {button.data for button in talk.buttons}
    assert talk.step.effects == ()


def test_of_several_kinds_the_one_that_is_told_is_the_most_pressing(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "forced_labour", "child_abuse", "danger"))
    assert talk.step.reply.bubbles[1].text == copy().say("th", "crisis.now.child_abuse")


def test_a_crisis_answer_fits_one_reply_on_line(talk: Talk) -> None:
    for kind in KINDS:
        fresh = Talk()
        plea(fresh, crisis_of("urgent", kind))
        assert len(fresh.step.reply.bubbles) <= 5
        assert len(fresh.step.reply.choices) <= 13
        assert all(count_graphemes(b.text) <= 300 for b in fresh.step.reply.bubbles if isinstance(b, Text))


def test_the_day_on_which_the_numbers_were_checked_is_told_when_asked(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "detention"))
    talk.says("เบอร์นี้ตรวจเมื่อไหร่")
    assert "191 ตรวจเมื่อ 23 พ.ย. 2569" in talk.answer
    assert "1300 ตรวจเมื่อ 23 พ.ย. 2569" in talk.answer
    assert "1323" not in talk.answer


def test_the_day_is_told_for_every_number_where_no_need_is_known(talk: Talk) -> None:
    talk.says("เบอร์นี้จริงไหม")
    assert all(f"{found.number} ตรวจเมื่อ" in talk.answer for found in all_hotlines())
    talk.says("โอนเงินให้เขาไปแล้ว 5000 โดนหลอก", crisis=crisis_of("none"))
    talk.presses("c1:checked")
    assert "1441 ตรวจเมื่อ" in talk.answer
    assert "1323" not in talk.answer


def test_suicidal_words_are_asked_about_company_and_not_about_watchers(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "suicide"))
    pressed = [button.data for button in talk.buttons]
    assert {"c1:alone", "c1:company"} <= set(pressed)
    assert not {"c1:free", "c1:watched"} & set(pressed)
    talk.presses("c1:alone")
    assert "มาอยู่เป็นเพื่อนหน่อย" in talk.answer
    assert "s1:status" in [button.data for button in talk.buttons]
    talk.presses("c1:company")
    assert "อยู่ใกล้ ๆ" in talk.answer


def test_being_alone_told_out_of_the_blue_is_met_with_the_offer_of_a_person(talk: Talk) -> None:
    talk.says("อยู่คนเดียว", judgement=judgement_of("not_an_offer", "small_talk"))
    assert "อยากให้เจ้าหน้าที่ช่วยดูไหม" in talk.answer
    assert talk.step.effects == ()


def test_the_wait_of_the_listening_line_is_told_honestly(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "suicide"))
    assert "อาจรอถึงครึ่งชั่วโมง ถือสายรอไว้ก่อน" in talk.answer


@pytest.mark.parametrize("language", ["th", "en"])
def test_nothing_that_is_said_to_the_suicidal_names_death_or_a_way_to_it(language: str) -> None:
    said = " ".join(copy().say(language, key) for key in copy().keys("crisis.") if ".suicide" in key).lower()
    for word in (
        "ตาย",
        "ฆ่า",
        "กินยา",
        "เชือก",
        "มีด",
        "กระโดด",
        "บาป",
        "เห็นแก่ตัว",
        "kill",
        "die",
        "pill",
        "knife",
        "rope",
        "selfish",
    ):
        assert word not in said


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_question_stands_last_with_its_buttons_and_the_way_out_in_sight(
    talk: Talk, kind: str, language: str
) -> None:
    talk.presses(f"l1:{language}")
    plea(talk, crisis_of("urgent", kind))
    script = "suicide" if kind == "suicide" else "urgent"
    assert talk.step.reply.bubbles[-1] == Text(copy().say(language, f"crisis.{script}.ask"))
    pressed = [button.data for button in talk.buttons]
    asked = ["c1:alone", "c1:company"] if kind == "suicide" else ["c1:free", "c1:watched"]
    assert pressed[:3] == [*asked, "x1:leave"]


def test_the_way_out_is_in_sight_in_every_crisis_answer(talk: Talk) -> None:
    talk.presses("m1:need")
    for words in (("urgent", "danger"), ("urgent", "danger"), ("urgent", "suicide")):
        plea(talk, crisis_of(*words))
        assert "x1:leave" in [button.data for button in talk.buttons[:3]]
    fresh = Talk()
    plea(fresh, crisis_of("concern", "danger"))
    assert "x1:leave" in [button.data for button in fresh.buttons[:3]]


@pytest.mark.parametrize("press", ["c1:do", "c1:numbers", "c1:free", "c1:cancel", "m1:menu", "s1:status"])
def test_where_staff_hold_the_talk_they_are_not_offered_again(talk: Talk, press: str) -> None:
    plea(talk, crisis_of("urgent", "danger"))
    talk.claim()
    for _ in range(2):
        talk.presses(press)
        pressed = [button.data for button in talk.buttons]
        assert "m1:staff" not in pressed
        assert "s1:status" in pressed


def test_nobody_in_despair_is_handed_a_number_before_they_answered(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "suicide"))
    assert "1234 5678" not in talk.answer
    assert "ข้อมูลของฉัน" not in talk.answer
    plea(talk, crisis_of("urgent", "suicide"))
    assert "1234 5678" not in talk.answer
    talk.presses("c1:cancel")
    assert "1234 5678" not in talk.answer
    talk.presses("c1:keep")
    assert talk.answer.count("1234 5678 9012 3456") == 1
    talk.presses("c1:alone")
    assert "1234 5678" not in talk.answer


@pytest.mark.parametrize("answer", ["c1:alone", "c1:company", "c1:do", "m1:menu", ""])
def test_the_number_comes_with_the_first_answer_pressed_or_typed(talk: Talk, answer: str) -> None:
    plea(talk, crisis_of("urgent", "suicide"))
    talk.wait(seconds=30)
    if answer:
        talk.presses(answer)
    else:
        talk.says("อยู่กับน้อง", judgement=judgement_of("not_an_offer", "small_talk"))
    assert talk.answer.count("1234 5678 9012 3456") == 1
    assert talk.step.reply.sensitive
    talk.says("ขอบคุณ", judgement=judgement_of("not_an_offer", "thanks"))
    assert "1234 5678" not in talk.answer


def test_the_number_of_what_was_cancelled_is_never_told(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "suicide"))
    talk.presses("c1:cancel")
    talk.presses("c1:cancel.yes")
    talk.presses("m1:menu")
    assert "1234 5678" not in talk.answer


def test_words_of_the_same_moment_are_no_answer_yet(talk: Talk) -> None:
    plea(talk, crisis_of("urgent", "suicide"))
    talk.says("เหนื่อย", judgement=judgement_of("not_an_offer", "small_talk"))
    assert "1234 5678" not in talk.answer
    talk.wait(seconds=30)
    talk.presses("c1:alone")
    assert "1234 5678 9012 3456" in talk.answer
