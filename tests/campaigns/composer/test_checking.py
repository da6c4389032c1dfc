"""Every limit holds on both sides of its edge, and every fault names its place."""

from typing import Any
from uuid import UUID

import pytest

from campaigns.composer import limits
from campaigns.composer.checking import Fault, faults_of, stops
from campaigns.lessons import packs
from campaigns.plans.blocks import (
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    Choice,
    ImageBlock,
    LessonBlock,
    LinkBlock,
    SurveyBlock,
    TextBlock,
)
from campaigns.plans.plan import Plan, Step, Trial
from campaigns.plans.presses import encode_press
from core.messages.fitting import utf16_units
from tests.campaigns.composer.plans import codes, found, picture, plan, press, quiz, said, text, wording

NOTICE_UNITS = utf16_units("มีข่าวถึงคุณ") + 1
TELEGRAM_ROOM = 4_096 - NOTICE_UNITS


def stopping(*blocks: Any, **more: Any) -> list[Fault]:
    return [fault for fault in found(*blocks, **more) if fault.stops]


def test_a_plan_without_faults_has_none() -> None:
    media = {"m1": picture()}
    fine = (
        text("สวัสดี{name|คุณ}"),
        CardBlock("c1", said("หัวข้อ"), said("ข้อความ"), "m1", (press(), press(opens="", call="1300"))),
        CarouselBlock("k1", tuple(CardBlock(f"a{n}", said("หัว"), said("ข้อความ"), "m1") for n in range(12))),
        LinkBlock("l1", said("อ่านต่อ"), said("เปิดอ่าน"), "https://www.m-society.go.th/ข่าว?a=1"),
        quiz(),
    )
    assert found(*fine, media=media) == []


@pytest.mark.parametrize(
    ("letter", "fits"),
    [("ก", TELEGRAM_ROOM), ("😀", TELEGRAM_ROOM // 2), ("a", TELEGRAM_ROOM)],
)
def test_a_text_is_measured_in_utf16_units_as_telegram_counts_behind_the_neutral_line(
    letter: str, fits: int
) -> None:
    assert stopping(text(letter * fits)) == []
    assert [f for f in stopping(text(letter * (fits + 1))) if f.channel == "telegram"] == [
        Fault("0..t1.th", "text_too_long", "telegram",
              {"length": utf16_units(letter * (fits + 1)), "limit": TELEGRAM_ROOM})
    ]  # fmt: skip


def test_a_text_is_measured_in_utf16_units_as_line_counts() -> None:
    at, over = stopping(text("ก" * 5_000)), stopping(text("😀" * 2_500 + "ก"))
    assert "line" not in {fault.channel for fault in at}
    assert Fault("0..t1.th", "text_too_long", "line", {"length": 5_001, "limit": 5_000}) in over


def test_a_variable_counts_as_long_as_anybody_can_make_it() -> None:
    rest = "ก" * (TELEGRAM_ROOM - 40)
    assert stopping(text(rest + "{name|คุณ}")) == []
    assert codes(stopping(text(rest + "ก{name|คุณ}"))) == {"text_too_long"}


def test_a_label_is_measured_in_graphemes() -> None:
    mother = "👩\u200d👧"
    for cluster in ("ก", "กี่", mother):
        block = ButtonsBlock("b1", said("เลือก"), (press(label=said(cluster * 20)),))
        assert stopping(block) == []
        block = ButtonsBlock("b1", said("เลือก"), (press(label=said(cluster * 21)),))
        assert stopping(block) == [
            Fault("0..b1.presses.0.label.th", "label_too_long", "line", {"length": 21, "limit": 20})
        ]


def test_a_card_over_thirty_kilobytes_is_a_fault_at_its_card() -> None:
    sizes = [
        fault.values["length"]
        for length in (4_800, 5_200)
        for fault in stopping(CardBlock("c1", said("หัว"), said("ก" * length)))
        if fault.code == "flex_too_large"
    ]
    assert len(sizes) == 1
    assert int(sizes[0]) > 30_000
    (fault,) = [f for f in stopping(CardBlock("c1", said("ก" * 5_200), {})) if f.code == "flex_too_large"]
    assert (fault.place, fault.channel, fault.values["limit"]) == ("0..c1.th", "line", 30_000)


def test_what_is_said_in_another_language_is_measured_too() -> None:
    block = TextBlock("t1", said("ก") | {"my": "က" * 4_095})
    assert [(f.place, f.code) for f in stopping(block)] == [("0..t1.my", "text_too_long")]


def test_the_size_of_a_card_does_not_hang_on_where_the_service_runs() -> None:
    card = CardBlock("c1", said("ก" * 4_850), {}, "m1")
    short = picture(url="/media/x")
    measured = [found(card, media={"m1": one}) for one in (short, picture())]
    assert [fault.code for fault in measured[0]] == [fault.code for fault in measured[1]]


def test_a_carousel_over_fifty_kilobytes_is_a_fault_though_each_card_fits() -> None:
    cards = tuple(CardBlock(f"a{n}", said("หัว"), said("ก" * 900)) for n in range(10))
    (fault,) = [f for f in stopping(CarouselBlock("k1", cards)) if f.channel == "line"]
    assert (fault.place, fault.code, fault.values["limit"]) == ("0..k1.th", "flex_too_large", 50_000)
    assert stopping(CarouselBlock("k1", cards[:8])) == []


@pytest.mark.parametrize(("count", "code"), [(1, "too_few_cards"), (2, ""), (12, ""), (13, "too_many_cards")])
def test_a_carousel_has_two_to_twelve_cards(count: int, code: str) -> None:
    cards = tuple(CardBlock(f"a{n}", said("หัว"), said("ข้อความ")) for n in range(count))
    assert [f.code for f in stopping(CarouselBlock("k1", cards)) if f.channel != "telegram"] == (
        [code] if code else []
    )


def test_a_press_has_sixty_four_bytes_for_telegram() -> None:
    """27 are taken by what leads to the campaign; what is written in Thai takes three a letter."""
    for question, choice, code in (("q" * 18, "c" * 19, ""), ("q" * 18, "c" * 20, "press_too_long")):
        choices = (Choice("x", said("ก"), said("ก"), right=True), Choice(choice, said("ข"), said("ข")))
        faults = stopping(quiz(id=question, choices=choices))
        assert [f.code for f in faults] == ([code] if code else [])
    assert len(encode_press(UUID(int=2**128 - 1), "q" * 18, "c" * 19).encode()) == limits.PRESS_BYTES


def test_line_takes_five_messages_at_once_and_a_long_text_is_more_than_one() -> None:
    texts = [TextBlock(f"t{n}", said(f"ข้อความ {n}")) for n in range(6)]
    assert stopping(*texts[:5]) == []
    assert stopping(*texts) == [
        Fault("0.", "too_many_messages", "line", {"count": 6, "limit": 5, "language": language})
        for language in ("th", "en")
    ]
    assert codes(stopping(*texts[2:], text("ก" * 2_001))) == {"too_many_messages"}


def test_a_lesson_counts_as_many_messages_as_it_has_bubbles() -> None:
    lesson = LessonBlock("l1", "anti_violence", "what_it_is")
    assert stopping(lesson, text("หนึ่ง")) == []
    (fault, *_) = stopping(lesson, text("หนึ่ง"), TextBlock("t2", said("สอง")))
    assert (fault.code, fault.channel, fault.values["count"]) == ("too_many_messages", "line", 6)


def test_every_lesson_of_every_pack_can_go_out_whole() -> None:
    for pack in packs().values():
        for lesson in pack.lessons:
            assert stopping(LessonBlock("l1", pack.id, lesson.id)) == [], f"{pack.id}/{lesson.id}"


@pytest.mark.parametrize("words", ["{name|", "{name|}", "{nmae|คุณ}", "name}", "{name|ก|ข}"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_broken_variable_stops_and_is_shown_where_it_stands(words: str, language: str) -> None:
    (fault,) = stopping(TextBlock("t1", {"th": "สวัสดี", "en": "hello"} | {language: words}))
    assert fault.place == f"0..t1.text.{language}"
    assert fault.code.startswith("variable_")


def test_no_variable_stands_where_anybody_may_read_it() -> None:
    assert codes(stopping(text("ก"), notice=said("ถึง{name|คุณ}"))) == {"variable_not_here"}
    labelled = ButtonsBlock("b1", said("เลือก"), (press(label=said("{name|คุณ}")),))
    assert codes(stopping(labelled)) == {"variable_not_here"}


def test_the_lock_screen_line_is_short_and_tells_nothing() -> None:
    assert stopping(text("ก"), notice=said("ก" * 60)) == []
    assert stopping(text("ก"), notice=said("ก" * 61)) == [
        Fault("0..notice.th", "notice_too_long", "", {"length": 61, "limit": 60})
    ]
    assert codes(stopping(text("ก"), notice=said("เตือนภัยค้ามนุษย์"))) == {"shows_too_much"}
    assert codes(stopping(text("ก"), notice=said("ก" + "\u0e49" * 1_500))) == {"notice_too_long"}
    assert codes(stopping(text("ก"), notice={"en": "News"})) == {"missing"}


@pytest.mark.parametrize(
    ("facts", "code", "channel"),
    [
        ({"size": 10_000_001}, "picture_too_large", "line"),
        ({"preview_size": 1_000_001}, "picture_too_large", "line"),
        ({"size": 5_000_001}, "picture_too_large", "telegram"),
        ({"width": 1_025}, "picture_too_many_pixels", "line"),
        ({"removed": True}, "picture_removed", ""),
        ({"alt": {"th": "", "en": "x"}}, "missing", ""),
    ],
)
def test_a_picture_that_a_platform_refuses_is_a_fault(facts: dict[str, Any], code: str, channel: str) -> None:
    faults = stopping(ImageBlock("i1", "m1"), media={"m1": picture(**facts)})
    assert (code, channel) in {(f.code, f.channel) for f in faults}
    assert {f.place.split(".media")[0] for f in faults} == {"0..i1"}


def test_a_picture_that_is_not_in_the_library_is_a_fault() -> None:
    assert codes(stopping(text("ก"), ImageBlock("i1", "m1"))) == {"picture_missing"}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"opens": ""}, "press_target"),
        ({"call": "1300"}, "press_target"),
        ({"opens": "nowhere"}, "place_unknown"),
        ({"opens": "lesson:nothing"}, "place_unknown"),
        ({"opens": "quiz:nothing"}, "place_unknown"),
        ({"opens": "", "call": "9999"}, "number_unknown"),
        ({"opens": "", "address": "http://example.org"}, "address_wrong"),
        ({"opens": "", "address": "https://user@example.org"}, "address_wrong"),
        ({"opens": "", "address": "https://localhost/a"}, "address_wrong"),
        ({"opens": "", "address": "https://example.org/a b"}, "address_wrong"),
        ({"opens": "", "address": "javascript:alert(1)//https://a.b"}, "address_wrong"),
        ({"opens": "", "address": "https://[::1"}, "address_wrong"),
        ({"opens": "", "address": "https://example.org/{name|x}"}, "address_wrong"),
        ({"opens": "", "address": "https://example.org/" + "a" * 981}, "address_too_long"),
        ({"label": said("ตำรวจ")}, "shows_too_much"),
        ({"label": {}}, "missing"),
    ],
)
def test_a_button_that_leads_nowhere_is_a_fault(broken: dict[str, Any], code: str) -> None:
    assert code in codes(stopping(ButtonsBlock("b1", said("เลือก"), (press(**broken),))))


@pytest.mark.parametrize(
    "opens", ["check", "staff", "report", "menu", "lesson:anti_violence", "quiz:job_offers"]
)
def test_every_place_of_the_bot_can_be_opened(opens: str) -> None:
    assert stopping(ButtonsBlock("b1", said("เลือก"), (press(opens=opens),))) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"choices": ()}, "choices_count"),
        ({"choices": quiz().choices[:1]}, "choices_count"),
        ({"choices": quiz().choices[:1] * 2}, "id_twice"),
        (
            {"choices": tuple(Choice(f"c{n}", said("ก"), said("ข"), right=True) for n in range(9))},
            "choices_count",
        ),
        (
            {"choices": tuple(Choice(f"c{n}", said("ก"), said("ข"), right=True) for n in range(2))},
            "labels_alike",
        ),
        ({"choices": (*quiz().choices[:1], Choice("x", said("ค"), said("ง")))}, "no_right_answer"),
        ({"phase": "before"}, "phase_wrong"),
        ({"measures": "m", "phase": "later"}, "phase_wrong"),
        ({"id": "q:1"}, "id_wrong"),
        ({"question": said("")}, "missing"),
        ({"question": said("งานนี้ปลอดภัยไหม")}, "never_said"),
    ],
)
def test_a_question_that_can_not_be_answered_is_a_fault(more: dict[str, Any], code: str) -> None:
    assert code in codes(stopping(quiz(**more)))


def test_a_survey_has_no_right_answer() -> None:
    survey = SurveyBlock("s1", said("มาจากไหน"), quiz().choices, keeps="name")
    assert codes(stopping(survey)) == {"right_in_survey", "keeps_unknown"}


def test_what_is_measured_needs_a_before_and_an_after_but_does_not_stop() -> None:
    before, after = quiz(measures="m", phase="before"), quiz(id="q2", measures="m", phase="after")
    assert found(before, after) == []
    (fault,) = found(before)
    assert (fault.code, fault.stops) == ("measure_incomplete", False)


def test_a_question_is_asked_once_over_all_steps_of_one_wording() -> None:
    step = Step(wordings=(wording(quiz()),))
    assert "question_twice" in codes(faults_of(Plan(steps=(step, step)), media={}))


@pytest.mark.parametrize(
    ("variants", "trial", "expected"),
    [
        (("",), None, set()),
        (("a",), None, {"variant_wrong"}),
        (("a", "b"), Trial(), set()),
        (("a", "b"), None, {"trial_missing"}),
        (("a", "a"), Trial(), {"variant_wrong"}),
        (("a", "c"), Trial(), {"variant_wrong"}),
        (("",), Trial(), {"trial_alone"}),
        (("a", "b"), Trial(share=0), {"trial_wrong"}),
        ((), None, {"no_wording"}),
    ],
)
def test_wordings_are_one_or_a_trial(
    variants: tuple[str, ...], trial: Trial | None, expected: set[str]
) -> None:
    step = Step(wordings=tuple(wording(text("ก"), variant=variant) for variant in variants))
    assert {f.code for f in faults_of(Plan(steps=(step,), trial=trial), media={}) if f.stops} == expected


def test_hints_do_not_stop() -> None:
    hints = found(TextBlock("t1", {"th": "อ่านที่ https://example.org หรือโทร 1300"}))
    assert codes(hints) == {"english_missing", "address_in_text", "number_written_out"}
    assert not stops(hints)
    assert stops(faults_of(Plan(steps=()), media={}))


def test_a_wording_that_says_nothing_is_a_fault() -> None:
    assert codes(stopping()) == {"no_blocks"}
    assert codes(stopping(text(" \n"))) == {"missing"}
    assert codes(stopping(CardBlock("c1", {}, {}))) == {"card_empty"}
    assert codes(stopping(text("ก"), text("ข"))) == {"id_twice"}
    assert codes(stopping(LessonBlock("l1", "nothing", "nothing"))) == {"lesson_unknown"}
    assert plan().steps[0].wordings[0].blocks == ()
