"""Texts and webhooks for load: offers of the usual length, authored here."""

import time

from benchmarks.load import Requests
from benchmarks.processes import SECRET
from simulator.webhooks import line_text_body, sign_line

OFFERS = (
    (
        "รับสมัครแอดมินตอบแชต ทำงานที่ปอยเปต เงินเดือน 35,000 บาท ไม่ใช้วุฒิ ไม่ต้องมีพาสปอร์ต เดินทางฟรี มีที่พักและอาหาร"
        " สนใจแอดไลน์ @admin-happy99 รับด่วน 10 คนสุดท้าย"
    ),
    (
        "งานแพ็กสบู่ทำที่บ้าน รายได้วันละ 500-1,200 บาท ส่งของถึงบ้าน โอนค่ามัดจำอุปกรณ์ 300 บาทก่อนรับงาน คืนเงินเมื่อส่งงานครบ"
        " ทักไลน์ packing88 ได้เลยจ้า"
    ),
    (
        "รับคนเก็บผลไม้ออสเตรเลีย วีซ่า 3 ปี รายได้เดือนละ 90,000 บาท นายจ้างออกค่าตั๋วให้ก่อน หักจากเงินเดือน"
        " ค่าดำเนินการ 25,000 บาท โทร 081-234-5678"
    ),
    (
        "ร้านอาหารย่านลาดพร้าวรับพนักงานเสิร์ฟ 2 คน เวลา 10.00-20.00 น. หยุดวันจันทร์ เงินเดือน 13,000 บาท มีประกันสังคม"
        " สมัครที่ร้านได้ทุกวัน"
    ),
)


def people(count: int, start: int = 0) -> list[str]:
    return [f"U{start + n:032x}" for n in range(1, count + 1)]


def webhooks(user_ids: list[str]) -> Requests:
    """One signed webhook a person, with a reply token that lives for a minute from now."""
    now = int(time.time() * 1000)
    bodies = [
        line_text_body(SECRET, user, OFFERS[n % len(OFFERS)], now + n) for n, user in enumerate(user_ids)
    ]
    return Requests(
        "/webhooks/line", "X-Line-Signature", bodies, [sign_line(SECRET, body) for body in bodies]
    )
