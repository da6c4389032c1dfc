"""Words of a wave show why it is a lure and lead to nobody."""

import json
from pathlib import Path

import pytest

from campaigns.response.quoting import LONGEST_QUOTE, MOST_QUOTES, quotes_in
from core.messages.wording import count_graphemes, never_said
from nlp.redaction import redact

OFFERS = Path(__file__).parents[3] / "../shared/data/offers_dev.jsonl"
LURE = "รับแอดมินตอบแชทประจำสาขาปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 บาท"
# What leads to somebody, as it is written in the open and in disguise; after a bar what must not be left of it.
NAMING = [
    "ทักไลน์ @canaryboss|canary", "ไลน์ไอดี canary_boss99|canary", "แอดLINE m0453xk|m0453", "line.me/ti/p/~canaryb|canary",
    "โทร 0891234567|1234567", "โทร ๐๘๙-๑๒๓-๔๕๖๗|๔๕๖๗", "โทร 0 8 9 1 2 3 4 5 6 7|4 5 6", "โทร 089\u200b1234\u200b567|1234",
    "โทร ศูนย์แปดเก้าหนึ่งสองสามสี่ห้าหกเจ็ด|หนึ่งสองสาม", "เทเลแกรม t.me/canarywork|canary", "เฟซบุ๊ก facebook.com/canary.jobs|canary",
    "เว็บ https://canary-work.shop/a?x=1|canary", "สั้น bit.ly/3CanaryX|Canary", "เมล boss@canary.co|canary",
    "บัญชีกสิกร 123-4-56789-0|56789", "พร้อมเพย์ 1-2345-67890-12-3|67890", "บริษัท คานารีรุ่งเรือง จำกัด|คานารี",
    "ใบอนุญาตเลขที่ น.988/2543|988", "คุณสมชาย ใจงาม|สมชาย", "พี่แนนซี่|แนนซี่", "นางสาวมะลิวัลย์ สุขสวัสดิ์|มะลิวัลย์",
    "เฮียหมู|หมู", "my name is Somchai Jaidee|Somchai", "น้องฟ้าใส|ฟ้าใส",
]  # fmt: skip


def quotes(text: str) -> tuple[str, ...]:
    return quotes_in([redact(text)])


def test_the_words_that_show_a_lure_are_quoted_as_they_were_sent() -> None:
    found = quotes(LURE)
    assert "แอดมินตอบแชทประจำสาขาปอยเปต" in found
    assert all(quote in LURE for quote in found)


@pytest.mark.parametrize("naming", NAMING)
@pytest.mark.parametrize(
    "offer", ["{} รับแอดมินตอบแชท ทำที่ปอยเปต", "แอดมินกับ {} ที่ปอยเปต เงินเดือน 45,000", LURE + " {}"]
)
def test_nothing_that_leads_to_somebody_survives(naming: str, offer: str) -> None:
    written, _, secret = naming.partition("|")
    text = offer.format(written)
    assert secret in text
    for quote in [*quotes(text), *quotes_in([text])]:
        assert secret not in quote
        assert redact(quote) == quote


def test_words_that_no_dictionary_knows_are_left_out() -> None:
    assert quotes("แอดมินทำกับซมชัยย์ที่ปอยเปต") == ()


def test_what_would_break_a_variable_is_not_quoted() -> None:
    assert all("{" not in quote for quote in quotes("แอดมิน{name|x}ตอบแชททำที่ปอยเปต ไม่ต้องใช้เอกสาร"))


def test_a_few_short_quotes_are_enough_and_none_stands_within_another() -> None:
    found = quotes_in([redact(LURE + " " + naming.partition("|")[0]) for naming in NAMING])
    assert 1 < len(found) <= MOST_QUOTES
    assert not any(one != other and one in other for one in found for other in found)


def test_texts_that_people_sent_give_quotes_that_can_stand() -> None:
    if not OFFERS.is_file():
        pytest.skip("the shared texts are not here")
    texts = [json.loads(line)["text"] for line in OFFERS.read_text("utf-8").splitlines()]
    found = [quote for text in texts for quote in quotes(text)]
    assert len(found) > 50
    assert all(count_graphemes(one) <= LONGEST_QUOTE and not never_said(one) for one in found)
    assert all(redact(one) == one for one in found)
