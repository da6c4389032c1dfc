"""A scam offer on both phones: the card, its quotes, its buttons, and the journey beside it."""

import pytest
from playwright.async_api import Locator, Page, expect

from simulator.client import SimulatorClient
from tests.e2e.console import close, take
from tests.e2e.phones import answers, give_phones, new_person, newest, press, said, two_phones, write

pytestmark = pytest.mark.browser
SCAM = """รับแอดมินตอบแชต ทำงานฝั่งปอยเปต
เงินเดือน 35,000 บาท ไม่ใช้วุฒิ
เดินทางฟรี มีรถรับถึงหน้าบ้าน
ไม่ต้องใช้พาสปอร์ต ทางเราพาข้ามเอง
ส่งรูปบัตรประชาชนกับหน้าสมุดบัญชีมาก่อน
สนใจแอดไลน์ nong.may_hr99 รถออกคืนนี้"""
PLAIN = "รับสมัครพนักงานเสิร์ฟ ร้านอาหารครัวคุณต๋อย สีลม วันละ 450 บาท"
BUTTONS = ("แจ้งเรื่องนี้", "คุยกับเจ้าหน้าที่", "เตือนคนในบ้าน", "ผลนี้ไม่ตรง")
NEUTRAL = "ผลตรวจข้อความของคุณพร้อมแล้ว"


def parts_of(quote: str) -> list[str]:
    return [" ".join(part.split()) for part in quote.strip("“”").split("…") if part.strip()]


def holds(text: str, quote: str) -> bool:
    whole = " ".join(text.split())
    return all(part in whole for part in parts_of(quote))


async def test_it_is_answered_with_the_danger_card_on_line(window: Page, simulator: SimulatorClient) -> None:
    person = await new_person(simulator, "line")
    line, _ = await give_phones(window, person, await new_person(simulator, "telegram"))
    await write(line, SCAM)
    card = line.locator(".fx-bubble").last
    band = card.locator(".fx-header > .fx-box")
    await expect(band).to_contain_text("⛔ อันตราย")
    await expect(band).to_have_css("background-color", "rgb(180, 35, 24)")
    await expect(card).to_contain_text("อย่าเพิ่งไป อย่าเพิ่งโอน")
    quotes = [words for words in await card.locator("p").all_inner_texts() if words.startswith("“")]
    assert 1 <= len(quotes) <= 3
    assert [quote for quote in quotes if not holds(SCAM, quote)] == []
    await expect(card).to_contain_text("อย่าส่งรูปบัตรหรือสมุดบัญชี")
    await expect(card).to_contain_text("1694 กรมการจัดหางาน")
    await expect(card).to_contain_text("02-572-8442 กรมการกงสุล (24 ชม.)")
    # The notice is the card's last line and pushes nothing up.
    await expect(card).to_contain_text("เข้ารหัส 30 วัน")
    await expect(answers(line)).to_have_count(1)
    for label in BUTTONS:
        await expect(card.get_by_role("button", name=label)).to_be_visible()
    await expect(line.locator(".lock-line b")).to_have_text(NEUTRAL)
    shown = (await simulator.timeline(person.id)).items[-1].message
    assert shown["altText"] == NEUTRAL
    assert "ปลอดภัย" not in await card.inner_text()


async def test_telegram_gets_the_same_in_its_own_form(window: Page, simulator: SimulatorClient) -> None:
    _, telegram = await two_phones(window, simulator)
    await write(telegram, SCAM)
    answer = answers(telegram).filter(has_text="⛔ อันตราย")
    await expect(answer.locator(".run.bold").first).to_have_text("⛔ อันตราย")
    quotes = await answer.locator(".text.quote").all_inner_texts()
    assert 1 <= len(quotes) <= 3
    assert [quote for quote in quotes if not holds(SCAM, quote)] == []
    await expect(answer).to_contain_text("🟥")
    await expect(answer).to_contain_text("อย่าเพิ่งไป อย่าเพิ่งโอน")
    for label in BUTTONS:
        await expect(answer.get_by_role("button", name=label)).to_be_visible()
    await expect(answer).to_contain_text("เข้ารหัส 30 วัน")
    await expect(answers(telegram)).to_have_count(1)


async def test_both_phones_may_send_in_the_same_breath(window: Page, simulator: SimulatorClient) -> None:
    phones = await two_phones(window, simulator)
    boxes = [phone.get_by_role("textbox", name="พิมพ์ข้อความ") for phone in phones]
    await boxes[0].fill(SCAM)
    await boxes[0].press("Enter")
    await boxes[1].fill(SCAM)
    await boxes[1].press("Enter")
    for phone, box in zip(phones, boxes, strict=True):
        await expect(box).to_have_value("")
        await expect(phone.locator(".row.mine")).to_have_count(1)
        await expect(answers(phone).first).to_contain_text("⛔ อันตราย")


async def step_of(panel: Locator, target: str) -> Locator:
    step = panel.locator(".step").filter(has_text=target).first
    await step.locator("summary").click()
    return step


async def test_the_panel_shows_the_signed_webhook_our_200_and_our_call(
    window: Page, simulator: SimulatorClient
) -> None:
    line, _ = await two_phones(window, simulator)
    await write(line, SCAM)
    await expect(answers(line).first).to_contain_text("⛔ อันตราย")
    journey = window.locator(".journey").filter(has_text="ตอบด้วย reply token").first
    await expect(journey.locator(".step.answer")).to_contain_text("เก็บไว้ถาวรแล้วจึงตอบ 200")
    webhook = await step_of(journey, "POST /webhooks/line")
    await expect(webhook.locator(".proof dt")).to_have_text("x-line-signature")
    await expect(webhook.locator("pre").first).to_contain_text("ปอยเปต")
    call = await step_of(journey, "/v2/bot/message/reply")
    await expect(call.locator("pre").first).to_contain_text('"replyToken"')
    await expect(call.locator(".status.good")).to_have_text("200")


async def test_each_button_of_the_card_answers(window: Page, simulator: SimulatorClient) -> None:
    for phone in await two_phones(window, simulator):
        await write(phone, SCAM)
        await expect(newest(phone)).to_contain_text("⛔ อันตราย")
        await press(phone, "ผลนี้ไม่ตรง")
        await expect(newest(phone)).to_contain_text("ขอบคุณที่บอก")
        await press(phone, "เตือนคนในบ้าน")
        await expect(newest(phone)).to_contain_text("อย่าโอนเงินก่อนเริ่มงาน")
        await press(phone, "แจ้งเรื่องนี้")
        await expect(newest(phone)).to_contain_text("เขาจะเห็นข้อความที่ให้เราตรวจ")


async def test_a_report_brings_staff_the_offer_without_its_being_sent_again(
    window: Page, officer: Page, simulator: SimulatorClient
) -> None:
    line, _ = await two_phones(window, simulator)
    await write(line, SCAM)
    await expect(newest(line)).to_contain_text("⛔ อันตราย")
    await press(line, "แจ้งเรื่องนี้")
    await press(line, "ส่งเรื่อง")
    await expect(said(line, "เราแนบข้อความที่ให้ตรวจ")).to_be_visible()
    await take(officer, "ขอคุยกับเจ้าหน้าที่")
    await expect(officer.locator("#thread")).to_contain_text("nong.may_hr99")
    await close(officer)


async def test_where_the_words_do_not_decide_the_question_stands_last_and_its_answer_counts(
    window: Page, simulator: SimulatorClient
) -> None:
    for phone in await two_phones(window, simulator):
        await write(phone, PLAIN)
        await expect(said(phone, "❔ ยังบอกไม่ได้")).to_be_visible()
        await expect(newest(phone)).to_contain_text("เขาเก็บเงินก่อนเริ่มงานไหม")
        await press(phone, "เก็บ")
        await expect(newest(phone)).to_contain_text("อย่าเพิ่งโอน ขอชื่อบริษัท")
        await expect(newest(phone)).to_contain_text("1441")


async def test_money_that_is_gone_and_letters_that_we_do_not_read(
    window: Page, simulator: SimulatorClient
) -> None:
    for phone in await two_phones(window, simulator):
        await write(phone, "โอนไปแล้ว 1,500 เขาบล็อก")
        await expect(answers(phone).first).to_contain_text("1441 ศูนย์ AOC (24 ชม.)")
        await write(phone, "អានមិនបានទេ ការងារ")
        await expect(newest(phone)).to_contain_text("1694 · 1300 · 1155")
