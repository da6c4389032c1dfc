from datetime import datetime

import msgspec

from app.public.answer import Result, answer_reply, answer_text
from bots.copy import copy
from bots.dialogues.verdict import verdict_card
from bots.engine.events import Event
from bots.engine.steps import Facts
from core.clock import BANGKOK
from core.messages.content import Card, Text
from nlp.judgement import Crisis, judge
from screening.standing import ConfirmedHandle, LicenceMatch, Standing
from tests.app.public.conftest import LURE, PLAIN_AD, PLEA

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=BANGKOK)
SUNDAY_NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=BANGKOK)


def answer(text: str, *, now: datetime = NOON, similar: int | None = 0, in_picture: bool = False) -> Result:
    standing = None if similar is None else Standing(similar)
    return answer_text("th", text, judge(text), now=now, standing=standing, in_picture=in_picture)


def told(result: Result) -> set[str]:
    """The numbers that are shown, wherever."""
    groups = [*(result.help.numbers if result.help else ()), *([result.numbers] if result.numbers else [])]
    return {call.number for group in groups for call in group.calls}


def test_the_card_is_the_chats_own() -> None:
    judgement = judge(LURE)
    facts = Facts(now=NOON, crisis=judgement.crisis, judgement=judgement, similar=37)
    chat = verdict_card("th", Event(kind="text", text=LURE), facts, judgement)
    assert answer(LURE, similar=37).bubbles == (chat,)
    assert chat.facts == (copy().say("th", "offer.similar", count=37),)


def test_it_tells_what_the_chats_card_tells_of_handles_and_licences() -> None:
    judgement = judge(LURE)
    [line] = judgement.entities["line_id"]
    standing = Standing(
        handles=(ConfirmedHandle("line_id", line.start, line.end, NOON.date()),),
        licences=(LicenceMatch("unknown_number", "น.1/2500", NOON.date()),),
    )
    facts = Facts(now=NOON, crisis=judgement.crisis, judgement=judgement, similar=0, standing=standing)
    chat = verdict_card("th", Event(kind="text", text=LURE), facts, judgement)
    assert answer_text("th", LURE, judgement, now=NOON, standing=standing).bubbles == (chat,)
    assert [LURE[line.start : line.end] in chat.facts[0], "23/11/2569" in chat.facts[1]] == [True, True]


def test_a_word_is_marked_only_where_its_reason_is_told() -> None:
    text = f"{LURE} มีที่พักมีข้าวให้ มีรถไปรับถึงบ้าน เงินเดือน 45,000 บาท ไม่ต้องมีประสบการณ์ ด่วนมาก โอนค่าสมัคร 500 ก่อน"
    judgement = judge(text)
    result = answer(text)
    (card,) = result.bubbles
    assert isinstance(card, Card)
    told = {why for quote in card.quotes for why in quote.why.splitlines()}
    assert told < {sign.reason for sign in judgement.indicators if sign.weight > 0}
    marked = "".join(piece.text for piece in result.pieces if piece.marked)
    assert all(s.evidence in marked for s in judgement.indicators if s.reason in told and s.start < s.end)
    assert len(marked) < len(text)


def test_a_few_others_are_not_told_of() -> None:
    for similar in (0, 2, None):
        (card,) = answer(LURE, similar=similar).bubbles
        assert isinstance(card, Card)
        assert card.facts == ()


def test_where_the_words_do_not_decide_one_question_is_asked() -> None:
    result = answer(PLAIN_AD)
    assert isinstance(result.bubbles[0], Card)
    assert result.bubbles[0].band == "unclear"
    assert result.question is not None
    assert [code for code, _ in result.question.choices] == ["fee.yes", "fee.no", "fee.unsure"]


def test_the_answer_to_it_is_the_chats_advice() -> None:
    (card,) = answer_reply("th", "fee", "yes", {"abroad": False, "money": False}, NOON).bubbles
    assert isinstance(card, Card)
    assert card.band == "caution"
    assert card.lead == copy().say("th", "offer.after.fee.yes")
    assert any("1441" in step for step in card.steps)


def test_urgent_words_are_answered_with_help_alone() -> None:
    result = answer(PLEA)
    assert result.help is not None
    assert result.bubbles == ()
    assert result.pieces == ()
    assert {"191", "1300"} <= told(result)


def test_help_stands_before_the_verdict_where_words_worry_and_an_offer_is_there() -> None:
    worrying = msgspec.structs.replace(judge(LURE), crisis=Crisis("concern", ("suicide",), 0.7))
    result = answer_text("th", LURE, worrying, now=NOON, standing=None)
    assert result.help is not None
    assert isinstance(result.bubbles[0], Card)
    assert "1323" in told(result)


def test_who_has_paid_sees_first_where_money_can_be_frozen() -> None:
    result = answer("โอนเงินไปแล้ว 5000 เขาหายไปเลย ทำไงดี")
    assert result.help is not None
    assert [call.number for call in result.help.numbers[0].calls] == ["1441"]


def test_from_abroad_the_consular_number_comes_first() -> None:
    result = answer("ช่วยด้วย ตอนนี้อยู่ปอยเปต โดนขังไว้ ออกไม่ได้")
    assert result.help is not None
    assert result.help.numbers[0].calls[0].from_abroad == "+66 2 572 8442"


def test_outside_its_hours_a_number_says_when_it_opens() -> None:
    (card,) = answer(LURE, now=SUNDAY_NIGHT).bubbles
    assert isinstance(card, Card)
    assert "เปิดพรุ่งนี้" in card.steps[-1]


def test_of_a_script_that_we_do_not_read_it_says_so_and_gives_numbers() -> None:
    result = answer("ត្រូវការបុគ្គលិក ធ្វើការនៅប៉ោយប៉ែត ប្រាក់ខែ 35000")
    assert result.script == "km"
    assert {"1694", "1155", "1300"} == told(result)
    assert result.bubbles == ()


def test_what_is_no_offer_is_called_none() -> None:
    assert answer("สวัสดีค่ะ วันนี้อากาศดี").bubbles == (Text(copy().say("th", "offer.none_found")),)


def test_a_picture_with_hardly_a_word_says_so() -> None:
    assert answer("กข", in_picture=True).bubbles == (Text(copy().say("th", "picture.no_words")),)


def test_a_picture_that_only_leads_to_a_link_warns_of_it() -> None:
    (card,) = answer("https://bit.ly/3abcd", in_picture=True).bubbles
    assert isinstance(card, Card)
    assert card.title == copy().say("th", "picture.link_title")


def test_of_a_long_text_it_says_how_much_was_looked_at() -> None:
    assert answer(LURE + " ก" * 2_100).only_beginning
    assert not answer(LURE).only_beginning


def test_english_readers_get_english_words_around_the_quotes() -> None:
    result = answer_text("en", LURE, judge(LURE), now=NOON, standing=None)
    (card,) = result.bubbles
    assert isinstance(card, Card)
    assert card.lead == "Don't go yet. Don't send money."
    assert "Don't send money before you start" in result.warning
