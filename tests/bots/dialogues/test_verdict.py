from datetime import date, datetime

import pytest

from bots.dialogues.verdict import MOST_FACTS, verdict_card
from bots.engine.events import Event
from bots.engine.steps import Facts
from core.clock import BANGKOK
from core.messages.content import Card
from nlp.judgement import Band, Entity, Indicator, Judgement
from screening.standing import ConfirmedHandle, How, LicenceMatch, Standing
from tests.bots.dialogues.talk import CALM

MONDAY_MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)
FRIDAY_EVENING = datetime(2026, 11, 27, 20, 0, tzinfo=BANGKOK)
TEXT = "แอดมินปอยเปต โอนค่าประกันก่อน 500"


def card(
    band: Band = "danger",
    *,
    now: datetime = MONDAY_MORNING,
    similar: int | None = None,
    entities: dict[str, tuple[Entity, ...]] | None = None,
) -> Card:
    sign = Indicator("fee", "ค่าประกัน", "งานจริงไม่เก็บก่อน", 1.5, 13, 29, "โอนค่าประกันก่อน")
    judged = Judgement(band, 0.9, (sign,), entities or {}, CALM, "check_offer", "r", "m")
    facts = Facts(now=now, crisis=CALM, judgement=judged, similar=similar)
    return verdict_card("th", Event("text", text=TEXT), facts, judged)


def entity(country: str = "", value: str = "x") -> tuple[Entity, ...]:
    return (Entity(value, 0, 1, {"country": country} if country else {}),)


@pytest.mark.parametrize(
    ("band", "title", "lead"),
    [
        ("danger", "⛔ อันตราย", "อย่าเพิ่งไป อย่าเพิ่งโอน"),
        ("caution", "⚠️ ระวัง", "เช็กให้แน่ก่อนตอบตกลง"),
        ("unclear", "❔ ยังบอกไม่ได้", "ข้อความนี้ยังบอกมาไม่พอ"),
    ],
)
def test_each_band_has_its_word_and_its_advice_in_one_breath(band: Band, title: str, lead: str) -> None:
    drawn = card(band)
    assert (drawn.band, drawn.title, drawn.lead) == (band, title, lead)


def test_it_quotes_the_persons_words_with_the_reason() -> None:
    (quote,) = card().quotes
    assert (quote.words, quote.why) == ("โอนค่าประกันก่อน", "งานจริงไม่เก็บก่อน")


@pytest.mark.parametrize(("similar", "shown"), [(None, False), (0, False), (2, False), (3, True), (37, True)])
def test_small_numbers_of_like_messages_stay_hidden(similar: int | None, shown: bool) -> None:  # noqa: FBT001
    facts = card(similar=similar).facts
    assert facts == ((f"มีคนส่งข้อความคล้ายกันมา {similar} ครั้งใน 7 วัน",) if shown else ())


def test_the_employment_department_is_told_with_its_hours_and_when_it_opens() -> None:
    assert card().steps[-1] == "📞 เช็กกับ 1694 กรมการจัดหางาน (จ.–ศ. 8.30–16.30)"
    assert card(now=FRIDAY_EVENING).steps[-1].endswith("เปิดวันจันทร์ 8.30)")


def test_money_brings_the_number_that_freezes_accounts() -> None:
    assert not any("1441" in step for step in card().steps)
    for key in ("fee", "bank_account", "promptpay"):
        assert any("1441" in step for step in card(entities={key: entity()}).steps)


def test_work_abroad_brings_the_consular_number_and_else_the_social_one() -> None:
    abroad = card(entities={"place": entity("KH")}).steps
    assert any("02-572-8442" in step for step in abroad)
    home = card(entities={"place": entity("TH")}).steps
    assert not any("02-572-8442" in step for step in home)
    assert any("1300" in step for step in home)
    assert not any("1300" in step for step in card("caution").steps)


def test_a_verdict_names_no_score() -> None:
    assert "0.9" not in str(card())


def known(standing: Standing, text: str = TEXT) -> tuple[str, ...]:
    judged = Judgement("unclear", 0.2, (), {}, CALM, "check_offer", "r", "m")
    facts = Facts(now=MONDAY_MORNING, crisis=CALM, judgement=judged, standing=standing)
    return verdict_card("th", Event("text", text=text), facts, judged).facts


def test_a_handle_that_staff_confirmed_is_named_as_the_person_sent_it() -> None:
    text = "ทักไลน์ @CanaryBoss"
    handle = ConfirmedHandle("line_id", 8, 19, date(2026, 11, 20))
    assert known(Standing(handles=(handle,)), text) == ("เจ้าหน้าที่ตรวจแล้ว มีคนถูกหลอกผ่าน @CanaryBoss",)


@pytest.mark.parametrize(
    ("how", "expired", "said"),
    [
        ("number", False, "เลขใบอนุญาต น.1/2560 มีในทะเบียน เป็นของ บริษัท เอก"),
        ("number", True, "หมดอายุแล้ว"),
        ("name", False, "ชื่อคล้ายอาจคนละบริษัท"),
        ("unknown_number", False, "ไม่พบเลขใบอนุญาต น.1/2560 ในทะเบียน"),
    ],
)
def test_the_register_is_quoted_with_its_day_in_the_buddhist_era(
    how: How,
    expired: bool,  # noqa: FBT001
    said: str,
) -> None:
    match = LicenceMatch(how, "น.1/2560", date(2026, 11, 1), "น.1/2560", "บริษัท เอก", expired)
    (line,) = known(Standing(licences=(match,)))
    assert said in line
    assert "1/11/2569" in line
    assert "ปลอดภัย" not in line


def test_a_card_says_only_what_stands_first_of_many_companies() -> None:
    match = LicenceMatch("name", "เอก", date(2026, 11, 1), "น.1/2560", "บริษัท เอก")
    assert len(known(Standing(licences=(match,) * 9))) == MOST_FACTS


def test_a_sign_without_a_reason_is_quoted_with_a_general_one() -> None:
    sign = Indicator("from_tomorrow", "", "", 1.5, 0, 7, "แอดมิน")
    judged = Judgement("danger", 0.9, (sign,), {}, CALM, "check_offer", "r", "m")
    drawn = verdict_card("th", Event("text", text=TEXT), Facts(now=MONDAY_MORNING, crisis=CALM), judged)
    assert drawn.quotes[0].why == "คำชวนแบบนี้พบบ่อยในงานที่หลอกคน"


def test_a_band_without_any_sign_says_that_the_whole_counts() -> None:
    judged = Judgement("danger", 0.9, (), {}, CALM, "check_offer", "r", "m")
    drawn = verdict_card("th", Event("text", text=TEXT), Facts(now=MONDAY_MORNING, crisis=CALM), judged)
    assert drawn.quotes == ()
    assert "ทั้งข้อความรวมกัน" in drawn.facts[0]
