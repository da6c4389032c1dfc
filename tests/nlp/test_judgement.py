import json
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.classifier import MODEL, RULES
from nlp.judgement import Judgement, judge, to_jsonable

ISSUE_OFFER = "รับแอดมินตอบแชท ทำงานที่ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร สนใจแอดไลน์ id: job8899"
DANGEROUS = [
    ISSUE_OFFER,
    "แอดมิน 35,000 ไม่ใช้วุฒิ รับเลย ป อ ย เ ป ต ไลน์ job_th99",
    "รับสมัครงานแพ็กกิ๊บติดผม ทำที่บ้าน วันละ 500-800 บาท มีค่ามัดจำอุปกรณ์ 250 บาท คืนเมื่อส่งงานครบ",
    "งานคีย์ข้อมูลที่เมียวดี วันละ 12 ชั่วโมง เงินเดือน 35000 พาสปอร์ตบริษัทเก็บให้",
    "รับซื้อบัญชีธนาคาร เล่มละ 2,500 บาท",
    "กดไลก์เพจ ทำง่าย ได้วันละ 300-3000 บาท แอดไลน์ @likework",
    "พี่คะ งานนี้จริงไหมคะ รับคนไปทำงานคาสิโนที่ปอยเปต เดือนละ 28000 ที่พักฟรี มีรถรับ",
    "Urgent! chat admin in Cambodia, salary 1000 USD/month, free flight, no passport needed. Telegram @hrjob88",
    "หาคนไปดูไบ งานสปา ออกค่าตั๋วให้ก่อน หักจากเงินเดือนทีหลัง วีซ่าท่องเที่ยว ทักไลน์",
]
KINDS = {
    "line_id", "telegram", "facebook", "phone", "url", "email", "bank_account", "promptpay", "money", "fee", "place",
    "employer", "licence", "age",
}  # fmt: skip
INTENTS = {
    "check_offer", "report", "need_help", "case_status", "talk_to_staff", "stop", "campaign_answer", "service_question",
    "thanks", "small_talk", "unreadable",
}  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_an_offer_with_several_signs_is_danger(text: str) -> None:
    judgement = judge(text)
    assert judgement.band == "danger"
    assert judgement.intent == "check_offer"


def test_the_offer_of_the_issue_is_danger_with_four_quoted_reasons() -> None:
    judgement = judge(ISSUE_OFFER)
    assert judgement.band == "danger"
    quotes = {sign.evidence for sign in judgement.indicators}
    assert len(quotes) >= 4
    assert all(quote in ISSUE_OFFER for quote in quotes)
    assert judgement.entities["line_id"][0].value == "job8899"
    assert judgement.entities["place"][0].value == "ปอยเปต"


def test_one_line_of_screening_follows_the_contract() -> None:
    line = json.loads(msgspec.json.encode(to_jsonable("a1", judge(ISSUE_OFFER))))
    assert list(line) == [
        "id",
        "band",
        "score",
        "indicators",
        "entities",
        "crisis",
        "intent",
        "rules",
        "model",
    ]
    assert set(line["indicators"][0]) == {"code", "weight", "start", "end", "evidence"}
    assert set(line["entities"]["place"][0]) == {"value", "start", "end", "kind", "country"}
    assert set(line["crisis"]) == {"level", "kinds", "score"}
    assert (line["rules"], line["model"]) == (RULES, MODEL)


def check(text: str, judgement: Judgement) -> None:
    assert judgement.band in {"danger", "caution", "unclear", "not_an_offer"}
    assert 0 <= judgement.score <= 1
    assert judgement.intent in INTENTS
    assert set(judgement.entities) <= KINDS
    for sign in judgement.indicators:
        assert 0 <= sign.start < sign.end <= len(text)
        assert sign.evidence == text[sign.start : sign.end]
    for found in judgement.entities.values():
        assert all(0 <= entity.start < entity.end <= len(text) for entity in found)


PIECES = [
    "รับสมัคร", "แอดมิน", "ปอยเปต", "ไม่", "วันละ 500", "35,000 บาท", "line: abc123", "t.me/job99", "081-234-5678", " ", "\n", "\x00",
    "\ud800", "\u200b", "😀", "123-4-56789-0 กสิกร", "อายุ 15-20 ปี", "โอนก่อน", "บริษัท ก จำกัด", "ช่วยด้วย", "ขัง", "http://bit.ly/x",
    "พร้อมเพย์ 0812345678", "ใบอนุญาตเลขที่ น.988/2543", "สี่หมื่น", "ป อ ย", "\u0301", "เพจ: ก", "a@b.co",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=25).map("".join))
def test_any_text_gets_a_judgement_whose_spans_quote_it(text: str) -> None:
    check(text, judge(text))


@pytest.mark.parametrize(
    "text",
    ["😀" * 20_000, "\u0301" * 20_000, "\u202e" * 20_000, "\x00" * 20_000, "\ud800" * 20_000, "9" * 20_000, "1 " * 10_000,
     "0812345678 " * 2_000, "a." * 10_000, ISSUE_OFFER * 200],
    ids=range(10),
)  # fmt: skip
def test_hard_texts_get_a_judgement(text: str) -> None:
    check(text, judge(text))


def test_the_same_text_gets_the_same_judgement_in_another_process() -> None:
    program = "import sys; from nlp.judgement import judge; print(repr([judge(t) for t in sys.argv[1:]]))"
    texts = [*DANGEROUS, "ช่วยด้วย โดนขังอยู่"]
    runs = {
        subprocess.run(
            [sys.executable, "-c", program, *texts],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {(repr([judge(text) for text in texts]) + "\n").encode()}
