"""Whatever somebody writes: checking and previews never break, and what passes fits both platforms."""

from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bots.channels.line import render as line
from bots.channels.telegram import render as telegram
from campaigns.composer import limits
from campaigns.composer.checking import faults_of, stops
from campaigns.composer.personal import fill, is_personal
from campaigns.composer.rendering import render
from campaigns.composer.spelling import hints_of
from campaigns.plans.blocks import (
    Block,
    ButtonsBlock,
    CardBlock,
    CarouselBlock,
    Choice,
    ImageBlock,
    LessonBlock,
    LinkBlock,
    Press,
    QuizBlock,
    SurveyBlock,
    TextBlock,
    Wording,
)
from campaigns.plans.plan import Plan, Step
from core.messages.fitting import utf16_units
from tests.campaigns.composer.plans import picture

MEDIA = {"m1": picture(), "m2": picture(removed=True)}
ODD = [
    "{name|คุณ}",
    "{name",
    "}",
    "\0",
    "\u202e",
    "😀",
    "ก\u0e49\u0e49",
    "https://x",
    "1300",
    " ",
    "\n",
    "ปลอดภัย",
]
FINE = ["ก่อนโอน", "ถามเรา", " ", "\n", "hello", "👩\u200d👧", "{name|คุณ}", "กี่"]
Strategy = st.SearchStrategy


def said(words: list[str], most: int, longest: int) -> Strategy[dict[str, str]]:
    """Up to `most` words, so many times; what is fine is always said in Thai."""
    text = st.tuples(
        st.lists(st.sampled_from(words), min_size=1, max_size=most), st.integers(1, longest)
    ).map(lambda made: "".join(made[0]) * made[1])
    always = {} if words is ODD else {"th": "ก"}
    return st.dictionaries(st.sampled_from(["th", "en", "my"]), text, max_size=3).map(
        lambda made: always | {language: one for language, one in made.items() if one.strip()}
    )


def choices(words: list[str], ids: Strategy[str], *, rightly: bool) -> Strategy[tuple[Choice, ...]]:
    if words is ODD:
        choice = st.builds(Choice, ids, said(ODD, 3, 1), said(ODD, 3, 1), st.booleans())
        return st.lists(choice, max_size=9).map(tuple)
    return st.integers(2, 8).map(
        lambda count: tuple(
            Choice(f"c{n}", {"th": f"ข้อ {n}"}, {"th": "ค่ะ"}, right=rightly and n == 0) for n in range(count)
        )
    )


def blocks(words: list[str], ids: Strategy[str], longest: int) -> Strategy[Block]:
    odd = words is ODD
    label = said(words if odd else FINE[:2], 2, 1)
    opens = st.sampled_from(["check", "staff", "quiz:job_offers", *(["", "x", "lesson:"] if odd else [])])
    address = st.sampled_from(["https://example.org/ก", *(ODD if odd else [])])
    press = st.builds(Press, label=label, opens=opens) | st.builds(Press, label=label, address=address)
    presses = st.lists(press, min_size=1, max_size=5 if odd else 4).map(tuple)
    media = st.sampled_from(["m1", "m2", "x", ""] if odd else ["m1"])
    read = said(words, 6, longest)
    cards = st.builds(CardBlock, ids, read, read, media | st.just(""), presses)
    several = st.lists(cards, min_size=1 if odd else 2, max_size=13 if odd else 12).map(tuple)
    return st.one_of(
        st.builds(TextBlock, ids, read),
        st.builds(ImageBlock, ids, media),
        cards,
        st.builds(CarouselBlock, ids, several),
        st.builds(ButtonsBlock, ids, read, presses),
        st.builds(LinkBlock, ids, read, label, st.just("https://example.org")),
        st.builds(
            LessonBlock,
            ids,
            st.just("anti_violence"),
            st.sampled_from(["what_it_is", *(["x"] if odd else [])]),
        ),
        st.builds(QuizBlock, ids, read, choices(words, ids, rightly=True)),
        st.builds(SurveyBlock, ids, read, choices(words, ids, rightly=False)),
    )


def wordings(words: list[str], ids: Strategy[str], longest: int) -> Strategy[Wording]:
    shown = st.lists(blocks(words, ids, longest), min_size=1, max_size=6 if words is ODD else 4).map(tuple)
    return st.builds(Wording, shown, said(words if words is ODD else FINE[:2], 3, 1))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(wording=wordings(ODD, st.sampled_from(["a", "b", "q:1", "", "\ud800", "ก" * 30]), 40))
def test_nothing_that_somebody_writes_breaks_the_composer(wording: Wording) -> None:
    plan = Plan(steps=(Step(wordings=(wording,)),))
    assert all(fault.place or fault.values or fault.code for fault in faults_of(plan, media=MEDIA))
    assert not stops(hints_of(plan))
    is_personal(wording)
    for language in ("th", "en", "my", "zz"):
        content = render(
            wording, language, person={"name": "ดาว"}, links={}, campaign_id=UUID(int=1), media=MEDIA
        )
        assert content.bubbles
        for parts in (line.render_parts, telegram.render_parts):
            assert parts(content, cover="covered", message_id=UUID(int=1))


numbered = st.integers(0, 10**9).map(lambda n: f"id{n}")


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(wording=wordings(FINE, numbered, 60))
def test_what_passes_goes_out_in_one_call_on_line_and_whole_on_telegram(wording: Wording) -> None:
    plan = Plan(steps=(Step(wordings=(wording,)),))
    passes = not stops(faults_of(plan, media=MEDIA))
    event(f"passes: {passes}")
    if not passes:
        return
    for language in ("th", "en", "my"):
        content = render(
            wording, language, person={"name": "ก" * 40}, links={}, campaign_id=UUID(int=1), media=MEDIA
        )
        (call,) = line.render_parts(content, cover="covered", message_id=UUID(int=1))
        assert len(call["messages"]) == sum(limits.line_messages(bubble) for bubble in content.bubbles)
        sent: list[dict[str, Any]] = telegram.render_parts(content, cover="covered", message_id=UUID(int=1))
        assert len(sent) == sum(limits.telegram_messages(b, content.notice) for b in content.bubbles)
        for part in sent:
            buttons = [b for row in part.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
            assert all(len(b.get("callback_data", "").encode()) <= 64 for b in buttons)


def test_a_value_is_no_longer_than_was_measured() -> None:
    assert utf16_units(fill("{name|คุณ}", {"name": "ก" * 41})) == utf16_units("คุณ")
