"""What a person gets: each block as bubbles, in their language, with their values and our links."""

from typing import Any

import pytest

from campaigns.composer.rendering import media_of, press_code, render
from campaigns.lessons import packs
from campaigns.media import MediaFacts
from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    ImageBlock,
    LessonBlock,
    TextBlock,
)
from campaigns.plans.presses import CampaignPress, decode_press
from core.ids import new_id
from core.languages import Language
from core.messages.content import Carousel, Content, Picture, Slide, Text
from core.messages.fitting import graphemes
from core.messages.wording import never_at_a_glance
from tests.campaigns.composer.plans import picture, plan, press, quiz, said, text, wording

CAMPAIGN = new_id()
MEDIA = {"m1": picture(), "m2": picture(removed=True)}


def rendered(
    *blocks: Block, language: Language = "th", media: dict[str, MediaFacts] | None = None, **more: Any
) -> Content:
    given = {"person": {}, "links": {}} | more
    return render(
        wording(*blocks), language, campaign_id=CAMPAIGN, media=MEDIA if media is None else media, **given
    )


def slide(content: Content) -> Slide:
    (bubble,) = content.bubbles
    assert isinstance(bubble, Carousel)
    (one,) = bubble.slides
    return one


def test_a_text_is_said_in_the_language_of_the_person_with_what_is_known_of_them() -> None:
    block = text("สวัสดี{name|คุณ}", "Hello {name|there}")
    assert rendered(block, person={"name": "ดาว"}).bubbles == (Text("สวัสดีดาว"),)
    english = rendered(block, language="en")
    assert english.bubbles == (Text("Hello there"),)
    assert english.language == "en"


@pytest.mark.parametrize("english", [{}, {"en": " \n"}])
def test_what_is_not_said_in_english_is_said_in_thai(english: dict[str, str]) -> None:
    assert rendered(TextBlock("t1", {"th": "สวัสดี"} | english), language="en").bubbles == (Text("สวัสดี"),)


def test_the_neutral_line_and_the_ways_to_choose_news_and_back_are_under_every_message() -> None:
    content = rendered(text("ก"))
    assert content.notice == "มีข่าวถึงคุณ"
    assert [choice.data for choice in content.choices] == ["m1:news", "m1:menu"]
    for language in ("th", "en"):
        for choice in rendered(text("ก"), language=language).choices:
            assert len(graphemes(choice.label)) <= 20
            assert not never_at_a_glance(choice.label)


def test_a_picture_goes_out_in_both_sizes_with_words_for_who_can_not_see_it() -> None:
    (shown,) = rendered(ImageBlock("i1", "m1")).bubbles
    assert isinstance(shown, Picture)
    assert (shown.url, shown.preview_url) == (MEDIA["m1"].url, MEDIA["m1"].preview_url)
    assert (shown.alt, shown.width, shown.height) == ("คนถือโทรศัพท์", 1_024, 724)


@pytest.mark.parametrize("media_id", ["m2", "nowhere"])
def test_a_picture_that_is_no_more_is_left_out_and_never_an_empty_message(media_id: str) -> None:
    assert rendered(ImageBlock("i1", media_id)).bubbles == (Text("…"),)
    assert slide(rendered(CardBlock("c1", said("หัว"), said("ข้อความ"), media_id))).picture is None


def test_cards_lie_side_by_side_with_their_buttons() -> None:
    cards = (
        CardBlock("a", said("หนึ่ง"), said("ถึง{name|คุณ}"), "m1", (press(),)),
        CardBlock("b", said("สอง"), said("ข้อความ")),
    )
    (bubble,) = rendered(CarouselBlock("k1", cards)).bubbles
    assert isinstance(bubble, Carousel)
    assert [(one.title, one.text, bool(one.picture), len(one.buttons)) for one in bubble.slides] == [
        ("หนึ่ง", "ถึงคุณ", True, 1), ("สอง", "ข้อความ", False, 0),
    ]  # fmt: skip


def test_a_button_opens_our_short_link_a_place_of_the_bot_or_a_call() -> None:
    address = "https://www.m-society.go.th/a"
    presses = (
        press(opens="", address=address), press(opens="staff"), press(opens="", call="1300"), press(opens="gone"),
    )  # fmt: skip
    shown = slide(
        rendered(ButtonsBlock("b1", said("เลือก"), presses), links={address: "https://r.example/l/abc"})
    )
    link, place, call, broken = shown.buttons
    assert link.url == "https://r.example/l/abc"
    assert place.data == "m1:staff"
    assert call.phone == "1300"
    assert broken.data == "m1:menu"
    assert slide(rendered(ButtonsBlock("b1", said("เลือก"), presses[:1]))).buttons[0].url == address


def test_the_pictures_of_a_plan_are_named_wherever_they_stand() -> None:
    cards = (CardBlock("a", said("ก"), said("ข"), "m2"), CardBlock("b", said("ก"), said("ข")))
    assert media_of(plan(ImageBlock("i1", "m1"), CarouselBlock("k1", cards), CardBlock("c1", {}, {}, "m3"))) == {
        "m1", "m2", "m3",
    }  # fmt: skip


def test_an_answer_comes_back_to_its_campaign_question_and_choice() -> None:
    shown = slide(rendered(quiz()))
    assert shown.asks
    assert [decode_press(button.data) for button in shown.buttons] == [
        CampaignPress(CAMPAIGN, "q1", choice) for choice in ("pay", "wait")
    ]
    assert [button.label for button in shown.buttons] == ["โอนเลย", "รอก่อน"]
    assert slide(rendered(quiz(id="q:1"))).buttons[0].data == "m1:menu"


def test_a_lesson_is_shown_whole_with_whom_to_call_and_its_exercise() -> None:
    pack = packs()["anti_violence"]
    lesson = pack.lessons[0]
    *bubbles, exercise = rendered(LessonBlock("l1", pack.id, lesson.id)).bubbles
    assert lesson.exercise is not None
    assert [b.text for b in bubbles if isinstance(b, Text)] == [
        f"{lesson.title['th']}\n\n{lesson.bubbles['th'][0]}", *lesson.bubbles["th"][1:],
    ]  # fmt: skip
    assert isinstance(exercise, Carousel)
    assert [b.data for b in exercise.slides[0].buttons] == [
        f"e1:a.{pack.id}.{lesson.id}.{choice.id}" for choice in lesson.exercise.choices
    ]
    called = next(one for pack in packs().values() for one in pack.lessons if one.call)
    its_pack = next(pack for pack in packs().values() if called in pack.lessons)
    numbers = [
        button
        for bubble in rendered(LessonBlock("l1", its_pack.id, called.id)).bubbles
        if isinstance(bubble, Carousel)
        for button in bubble.slides[0].buttons
        if button.phone
    ]
    assert [button.phone for button in numbers] == list(called.call)
    assert not any(never_at_a_glance(button.label) for button in numbers)


def test_a_place_of_the_bot_is_known_by_one_name() -> None:
    assert press_code("lesson:anti_violence") == "e1:p.anti_violence"
    assert press_code("quiz:job_offers") == "q1:p.job_offers"
    assert press_code("lesson:") == press_code("quiz:x") == press_code("") == press_code("m1:check") == ""
