"""Contents for tests of channels: the plain ones, the awkward ones, and all that the dialogues can say."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from uuid import UUID

import msgspec

from bots.dialogues.conversation import advance
from bots.dialogues.routing import PRESSES
from bots.engine.events import Event
from bots.engine.steps import Facts, OpenReferral, State
from campaigns.lessons import packs
from core.clock import BANGKOK
from core.messages.content import Button, Card, Carousel, Content, Picture, Quote, Slide, Text
from nlp.judgement import Crisis, judge

THAI = "งานแอดมินตอบแชต เดินทางฟรี ไม่ต้องใช้เอกสาร ทักไลน์ได้เลยนะคะ " * 320
FAMILY = "👨\u200d👩\u200d👧\u200d👦"
AWKWARD_TEXTS = {
    "short": "สวัสดีค่ะ",
    "20,000 characters of Thai": THAI[:20_000],
    "20,000 characters without a space": "กำลังน้ำใจผู้ใหญ่" * 1_180,
    "only emoji": "😀" * 6_000,
    "families, each one cluster": FAMILY * 1_500,
    "only combining marks": "\u0e49" * 9_000,
    "marks piled on one letter": "ก" + "\u0301" * 9_000,
    "right to left": "\u202e" + "مرحبا بالعالم " * 700,
    "only white space": "  \n\n ",
    "markup": "<b>&amp; <script>alert(1)</script> \\ \" ' `" * 200,
    "line breaks": "บรรทัด\n" * 3_000,
    "flags": "🇹🇭" * 3_000,
}

CHOICES = tuple(Button(f"ตัวเลือกที่ {n}", data=f"t1:{n}") for n in range(15))
EVERY_BUTTON = (
    Button("กด", data="t1:press", says="กดแล้ว"),
    Button("ข้อมูลยาว", data="t1:" + "ย" * 400),
    Button("ป้ายที่ยาวเกินยี่สิบตัวอักษรไปมากทีเดียวนะคะ", data="t1:long"),
    Button("เปิดเว็บ", url="https://example.org/th/งาน"),
    Button("โทร", phone="1300"),
    Button("ส่งตำแหน่ง", location=True),
    Button("ส่งต่อ", share="อย่าโอนเงินก่อนเริ่มงาน <&>"),
    Button("ส่งต่อข้อความยาว", share="อย่าโอนเงินก่อนเริ่มงาน 😀 " * 40),
)


def card(band: str, quotes: int, *, long: bool = False) -> Card:
    words = "เดินทางฟรีไม่ต้องใช้เอกสาร " * (20 if long else 1)
    return Card(
        band=band,  # type: ignore[arg-type] # named in the table below
        title="⚠️ น่าสงสัย",
        lead="อย่าเพิ่งโอนเงิน",
        quotes=tuple(Quote(f"{words}{n} <&>", "เหตุผลข้อนี้สำคัญ") for n in range(quotes)),
        facts=("มีคนอื่นส่งข้อความแบบนี้มา 12 คน",),
        steps=("ถามชื่อบริษัท", "โทร 1694"),
        buttons=EVERY_BUTTON,
    )


POSTER = Picture(
    "https://example.org/media/poster", "โปสเตอร์", "https://example.org/media/poster/small", 724, 1024
)
SLIDES = {
    "a picture, a title, words": Slide("ก่อนโอน", "ถามชื่อบริษัทก่อนนะคะ <&>", POSTER, EVERY_BUTTON),
    "words alone": Slide(text="ถามก่อนได้เสมอ", buttons=EVERY_BUTTON[:1]),
    "a picture alone": Slide(picture=POSTER),
    "a very tall picture": Slide("สูง", picture=msgspec.structs.replace(POSTER, width=100, height=900)),
    "a question": Slide(text="คุณจะทำอย่างไร", buttons=CHOICES[:4], asks=True),
    "more than a bubble holds": Slide("ยาว", THAI[:9_000], POSTER, EVERY_BUTTON),
    "nothing": Slide(buttons=EVERY_BUTTON[:1]),
}


def plain_contents() -> dict[str, Content]:
    """Every shape of content, named."""
    made = {f"text: {name}": Content((Text(text),)) for name, text in AWKWARD_TEXTS.items()}
    made |= {
        f"card: {band}, {quotes} quotes": Content((card(band, quotes),), notice="มีข้อความถึงคุณ")
        for band in ("danger", "caution", "unclear", "neutral")
        for quotes in (0, 1, 12)
    }
    made |= {
        f"slide: {name}": Content((Carousel((slide,)),), notice="ข่าวใหม่") for name, slide in SLIDES.items()
    }
    made["carousel: every slide"] = Content((Carousel(tuple(SLIDES.values())), Text("จบ")), choices=CHOICES)
    made["carousel: more than one holds"] = Content((Carousel((SLIDES["a question"],) * 30),))
    made["card: very long quotes"] = Content((card("danger", 12, long=True),))
    huge = Quote("😀" * 5_000, "เหตุผลที่ยาวมาก " * 400)
    made["card: one huge quote"] = Content((msgspec.structs.replace(card("danger", 0), quotes=(huge,)),))
    made["card: many long steps"] = Content(
        (
            msgspec.structs.replace(
                card("danger", 0), steps=("ถามชื่อบริษัทก่อนนะคะ " * 90,) * 9, lead=THAI[:6_000]
            ),
        )
    )
    made["card: a note, a reason that is not given, a number"] = Content(
        (
            msgspec.structs.replace(
                card("caution", 0),
                quotes=(Quote("โอนก่อน", ""),),
                steps=("📞 โทร 1441",),
                note="เก็บ 30 วัน " * 300,
            ),
        )
    )
    made["picture"] = Content((Picture("https://example.org/a.jpg", "แผนที่"),))
    made["picture with a long alt"] = Content(
        (Picture("https://example.org/a.jpg", THAI[:3_000], "https://example.org/p.jpg"),)
    )
    made["13 choices and more"] = Content((Text("เลือกหนึ่งข้อ"),), choices=CHOICES)
    made["every kind of choice"] = Content((Text("เลือก"),), choices=EVERY_BUTTON)
    made["seven bubbles"] = Content(
        (*(Text(f"ฟอง {n}") for n in range(6)), card("caution", 2)), choices=CHOICES[:3], notice="มีข่าว"
    )
    return made


MENTIONED = (
    "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 ทักไลน์ @rich888",
    "รับสมัครพนักงานร้านกาแฟ เงินเดือน 12,000 บาท อยุธยา สนใจโทร 0812345678",
    "ทำงานออนไลน์ กดไลก์วันละ 500 โอนค่าประกัน 300 ก่อน บัญชี 123-4-56789-0",
    "ช่วยด้วย โดนขังอยู่ที่ตึกในเมียวดี ยึดพาสปอร์ต",
    "อยากตาย ไม่อยากอยู่แล้ว",
    "แฟนตบตีทุกวัน กลัว",
    "โดนหลอกโอนเงินไปแล้ว 20,000 แจ้งใคร",
    "ขอคุยกับเจ้าหน้าที่",
    "เรื่องของฉันถึงไหนแล้ว",
    "หยุด",
    "รับข่าว",
    "ขอบคุณค่ะ",
    "สวัสดี",
    "asdfgh",
    "hello",
    "https://bit.ly/abc",
    "เมนู",
    *AWKWARD_TEXTS.values(),
)
_KINDS = (
    "sticker",
    "location",
    "audio",
    "file",
    "contact_card",
    "picture",
    "follow",
    "join",
    "edit",
    "other",
)
_PROBLEMS = ("not_an_image", "too_large", "too_many_pixels", "timeout", "no_tesseract", "gone")
_NOW = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)
_STAFF_HAVE_IT = OpenReferral(id=UUID(int=1), priority="P1", claimed=True, cancellable=True)


def _events() -> Iterator[Event]:
    for text in MENTIONED:
        yield Event(kind="text", text=text)
        yield Event(kind="reading", text=text[:4_000])
    yield Event(kind="text", text="หวัดดี", place="group", addressed=True)
    for kind in _KINDS:
        yield Event(kind=kind)  # type: ignore[arg-type] # from the list above
    for problem in _PROBLEMS:
        yield Event(kind="reading", problem=problem)  # type: ignore[arg-type] # from the list above
    for code in (*PRESSES, *_lesson_presses(), "open:nonsense", "zzz", ""):
        yield Event(kind="press", data=code)


def _lesson_presses() -> Iterator[str]:
    """Every pack, every lesson with its source, and the first answer to every exercise."""
    for pack in packs().values():
        yield f"e1:p.{pack.id}"
        for lesson in pack.lessons:
            yield from (f"e1:{what}.{pack.id}.{lesson.id}" for what in "ls")
            if lesson.exercise is not None:
                yield f"e1:a.{pack.id}.{lesson.id}.{lesson.exercise.choices[0].id}"


def _facts(event: Event, referral: OpenReferral | None) -> Facts:
    judgement = judge(event.text) if event.text else None
    calm = Crisis(level="none", kinds=(), score=0.0)
    return Facts(
        now=_NOW, crisis=judgement.crisis if judgement and event.kind != "reading" else calm,
        intent=judgement.intent if judgement else "", judgement=judgement, open_referral=referral,
        receipt="1234567890123456", similar=4, waiting=(Content((Text("คำตอบที่รออยู่"),)),),
    )  # fmt: skip


@cache
def dialogue_contents() -> tuple[Content, ...]:
    """What the dialogues say to each of the events, in both languages, with and without a referral; each once."""
    said: dict[Content, None] = {}
    for event in _events():
        for language in ("th", "en"):
            for referral in (None, _STAFF_HAVE_IT):
                step = advance(State(language=language), event, _facts(event, referral))
                if step.reply is not None:
                    said[step.reply] = None
    return tuple(said)
