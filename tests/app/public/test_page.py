"""The page by plain posts, as a browser without scripts sends them. Guards 15, 17."""

import re

import httpx
import pytest
import sqlalchemy as sa

from app.examiner import Examiner
from app.main import create_app
from app.public.edits import FREE
from app.public.limits import MOST_PICTURES
from app.public.pace import PICTURES, TEXTS
from app.runtime import Runtime
from core.db.database import Database
from screening.models import Screening
from tests.app.public.conftest import LURE, PLAIN_AD, PLEA, OpenPhone, Phone
from tests.app.public.posters import draw_blank, draw_bomb, draw_poster, needs_reading
from tests.conftest import MovableClock

TEXTAREA = re.compile(r"<textarea[^>]*>\n(.*?)</textarea>", re.DOTALL)
TITLE = re.compile(r"<title>(.*)</title>")


def typed(response: httpx.Response) -> str:
    found = TEXTAREA.search(response.text)
    assert found
    return found[1]


async def check(phone: Phone, text: str, *pictures: bytes, **fields: str) -> httpx.Response:
    """Post as a browser does: always multipart, an empty file where none was chosen."""
    chosen = [("pictures", ("p.png", data, "image/png")) for data in pictures] or [
        ("pictures", ("", b"", "application/octet-stream"))
    ]
    return await phone.post("/check", data={"lang": "th", "text": text} | fields, files=chosen)


async def test_the_first_page_has_one_text_box_and_one_upload_button(phone: Phone) -> None:
    page = (await phone.get("/check")).text
    assert page.count("<textarea") == 1
    assert page.count('type="file"') == 1
    assert page.count("<form") == 1
    assert 'action="/check"' in page


async def test_a_text_gets_its_verdict_with_its_words_marked(phone: Phone) -> None:
    response = await check(phone, LURE)
    assert response.status_code == 200
    assert "⛔" in response.text
    assert "อย่าเพิ่งไป อย่าเพิ่งโอน" in response.text
    assert "<mark>แอดมินตอบแชต ปอยเปต" in response.text
    assert 'href="tel:1694"' in response.text
    assert typed(response) == LURE


async def test_a_plain_form_without_pictures_serves_too(phone: Phone) -> None:
    response = await phone.post("/check", data={"text": LURE})
    assert "อย่าเพิ่งโอน" in response.text


async def test_nothing_of_the_text_is_in_address_or_title(phone: Phone) -> None:
    for text in (LURE, PLEA):
        response = await check(phone, text)
        assert str(response.url) == "http://127.0.0.1:8000/check"
        assert "location" not in response.headers
        assert TITLE.search(response.text)[1] == "ตรวจงาน · รู้ทัน"  # type: ignore[index]


async def test_a_plea_is_answered_with_numbers_and_shows_nothing_of_itself(phone: Phone) -> None:
    response = await check(phone, PLEA)
    assert 'href="tel:191"' in response.text
    assert 'href="tel:1300"' in response.text
    shown = TEXTAREA.sub("", response.text)
    assert "โดนขัง" not in shown
    assert re.search(r'<form id="check"[^>]* hidden', response.text)
    assert "data-exit" in response.text


async def test_the_question_is_answered_without_the_text(phone: Phone) -> None:
    asked = await check(phone, PLAIN_AD)
    assert 'name="answer" value="fee.yes"' in asked.text
    told = await phone.post("/check", data={"lang": "th", "answer": "fee.yes"})
    assert "อย่าเพิ่งโอน ขอชื่อบริษัทและเลขใบอนุญาตมาเช็กก่อน" in told.text
    assert 'href="tel:1441"' in told.text


async def test_an_answer_to_no_question_is_no_answer(phone: Phone) -> None:
    for answer in ("", "fee", "fee.maybe", "other.yes", "."):
        assert (await phone.post("/check", data={"answer": answer})).status_code == 400


async def test_the_language_changes_with_everything_typed_kept(phone: Phone) -> None:
    english = await check(phone, LURE, switch="en")
    assert '<html lang="en">' in english.text
    assert "Don&#39;t go yet. Don&#39;t send money." in english.text
    assert typed(english) == LURE
    assert '<html lang="en">' in (await phone.get("/check?lang=en")).text
    assert '<html lang="th">' in (await phone.get("/check?lang=xx")).text
    assert '<html lang="en">' in (await check(phone, "", switch="en")).text


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("", 400, "ยังไม่มีข้อความหรือรูป"),
        (" \n\t \u3000", 400, "ยังไม่มีข้อความหรือรูป"),
        ("ก" * 100_000, 413, "ข้อความยาวเกินไป"),
        ("\x00\x01\x02\x03" * 50, 400, "อ่านข้อความนี้ไม่ออก"),
        ("\ufffd" * 40, 400, "อ่านข้อความนี้ไม่ออก"),
        ("ရန်ကုန်မှာ အလုပ်ခေါ်စာ", 200, "เราอ่านได้แค่ภาษาไทยและอังกฤษ"),
        ("ຮັບສະໝັກພະນັກງານ", 200, "ໜ້ານີ້ອ່ານໄດ້"),
        ("招聘客服 包吃住", 200, "本页面"),
        ("We are hiring chat admin in Poipet, free travel, no passport needed", 200, "⛔"),
        ("https://example.org", 200, "ไม่เจอคำชวนทำงาน"),
        ("😀" * 60, 200, "ไม่เจอคำชวนทำงาน"),
        ("<script>alert(1)</script>", 200, "&lt;script&gt;"),
    ],
    ids=lambda value: str(value)[:12],
)
async def test_bad_input_gets_a_clear_word_and_stays_in_the_box(
    phone: Phone, text: str, status: int, said: str
) -> None:
    response = await check(phone, text)
    assert response.status_code == status
    assert said in response.text
    assert "<script>alert" not in response.text
    if text.strip() and "\x00" not in text and "<" not in text:
        assert typed(response) == text


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "multipart/form-data"),
        (b"nonsense", "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"\xff\xfe\x00", "text/plain"),
        (b"text=%ED%A0%80%00&text=", "application/x-www-form-urlencoded"),
    ],
)  # fmt: skip
async def test_a_form_that_is_none_is_refused_politely(
    phone: Phone, content: bytes, content_type: str
) -> None:
    response = await phone.post("/check", content=content, headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert 'role="alert"' in response.text


@needs_reading
async def test_several_pictures_are_one_offer_and_what_was_read_can_be_corrected(phone: Phone) -> None:
    pictures = [
        draw_poster(("รับสมัครแอดมินตอบแชต", "ทำงานที่ปอยเปต เดินทางฟรี")),
        draw_poster(("ไม่ต้องใช้พาสปอร์ต", "สนใจทักไลน์ @happy999"), kind="JPEG"),
    ]
    response = await check(phone, "", *pictures)
    assert response.status_code == 200
    assert "⛔" in response.text
    assert "ปอยเปต" in typed(response)
    assert "happy999" in typed(response)
    assert "คำที่เราอ่านได้จากรูป" in response.text


@needs_reading
async def test_a_picture_that_can_not_be_read_is_named_and_the_rest_is_judged(phone: Phone) -> None:
    response = await check(phone, LURE, b"%PDF-1.7 no picture", draw_blank())
    assert "⛔" in response.text
    assert "รูปที่ 1: อ่านรูปนี้ไม่ได้ ไฟล์นี้ไม่ใช่รูป" in response.text
    assert "รูปที่ 2: อ่านรูปนี้ไม่ได้ เราหาตัวหนังสือไม่เจอ" in response.text


@pytest.mark.parametrize(
    ("picture", "said"),
    [(b"%PDF-1.7 no picture", "ไฟล์นี้ไม่ใช่รูป"), (draw_bomb(), "รูปละเอียดเกินไป"), (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "ไม่ใช่รูป")],
    ids=["not a picture", "bomb", "broken"],
)  # fmt: skip
async def test_a_bad_picture_alone_gets_a_clear_word(phone: Phone, picture: bytes, said: str) -> None:
    response = await check(phone, "", picture)
    assert response.status_code == 422
    assert said in response.text


async def test_too_many_pictures_are_refused_with_the_text_kept(phone: Phone) -> None:
    response = await check(phone, LURE, *[b"x"] * (MOST_PICTURES + 1))
    assert response.status_code == 400
    assert f"ไม่เกิน {MOST_PICTURES} รูป" in response.text
    assert typed(response) == LURE


async def test_an_address_that_asks_too_often_waits_and_others_do_not(
    open_phone: OpenPhone, standing_clock: MovableClock
) -> None:
    phone = open_phone("203.0.113.9")
    for _ in range(TEXTS):
        assert (await check(phone, PLAIN_AD)).status_code == 200
    refused = await check(phone, PLAIN_AD)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert typed(refused) == PLAIN_AD
    assert (await check(open_phone("203.0.113.10"), PLAIN_AD)).status_code == 200
    standing_clock.advance(seconds=int(refused.headers["retry-after"]))
    assert (await check(phone, PLAIN_AD)).status_code == 200


async def test_pictures_have_a_pace_of_their_own(phone: Phone, standing_clock: MovableClock) -> None:
    for _ in range(PICTURES // MOST_PICTURES):
        assert (await check(phone, "", *[b"no picture"] * MOST_PICTURES)).status_code == 422
    assert (await check(phone, LURE, b"no picture")).status_code == 429
    assert (await check(phone, LURE)).status_code == 200


@pytest.mark.usefixtures("standing_clock")
async def test_a_forwarded_address_counts_only_where_the_server_believed_it(phone: Phone) -> None:
    """Believing it is uvicorn's, told by ROOTAN_TRUSTED_PROXIES; here nobody is trusted."""
    for number in range(TEXTS):
        await check(phone, PLAIN_AD)
        phone.headers["X-Forwarded-For"] = f"198.51.100.{number}"
    assert (await check(phone, PLAIN_AD)).status_code == 429


async def test_edit_after_edit_of_one_text_is_slowed_with_a_calm_word(
    phone: Phone, standing_clock: MovableClock
) -> None:
    words = ("ด่วน", "ดี", "ใหม่", "จริง", "ด้วย", "เร็ว")
    edits = [LURE.replace("เดินทางฟรี", f"เดินทาง{word}") for word in words[: FREE + 1]]
    for text in (LURE, *edits[:FREE]):
        assert (await check(phone, text)).status_code == 200
    refused = await check(phone, edits[FREE])
    assert refused.status_code == 429
    assert "คล้ายกับที่เพิ่งตรวจไปหลายครั้ง" in refused.text
    assert "⛔" not in refused.text
    assert typed(refused) == edits[FREE]
    standing_clock.advance(seconds=int(refused.headers["retry-after"]))
    assert (await check(phone, edits[FREE])).status_code == 200


async def test_a_judgement_is_stored_without_text_or_person(phone: Phone, database: Database) -> None:
    for text in (LURE, PLEA, "สวัสดีค่ะ วันนี้อากาศดี"):
        await check(phone, text)
    async with database.unit_of_work() as session:
        (stored,) = (await session.scalars(sa.select(Screening))).all()
    assert (stored.band, stored.channel, stored.contact_id) == ("danger", "check", None)


async def test_what_comes_through_the_page_never_counts_as_others(open_phone: OpenPhone) -> None:
    for number in range(5):
        response = await check(open_phone(f"203.0.113.{number}"), LURE)
        assert "ข้อความคล้ายกันมา" not in response.text


async def test_while_the_database_is_away_the_verdict_still_comes(runtime: Runtime) -> None:
    away = Database("postgresql+asyncpg://127.0.0.1:1/rootan")
    app = create_app(runtime, Examiner(Runtime(runtime.settings, away, runtime.keys)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000"
    ) as phone:
        assert "⛔" in (await check(phone, LURE)).text
    await away.close()


async def test_a_text_is_kept_only_where_somebody_agrees_and_it_is_an_offer(
    phone: Phone, database: Database
) -> None:
    async def kept() -> list[bytes]:
        async with database.unit_of_work() as session:
            return list(await session.scalars(sa.text("SELECT text FROM screening_text")))

    page = (await phone.get("/check")).text
    assert "ให้เราเก็บข้อความนี้ 30\u00a0วัน ไว้ช่วยเตือนคนอื่น" in page
    assert 'name="keep" value="1">' in page
    await check(phone, LURE)
    await check(phone, PLEA, keep="1")
    await check(phone, "สวัสดีค่ะ วันนี้อากาศดี", keep="1")
    await check(phone, LURE, keep="1", switch="en")
    assert await kept() == []
    agreed = await check(phone, LURE, keep="1")
    assert "เราเก็บข้อความนี้ไว้แล้ว" in agreed.text
    (sealed,) = await kept()
    assert "ปอยเปต".encode() not in sealed


async def test_while_the_database_is_away_nobody_is_told_that_a_text_is_kept(runtime: Runtime) -> None:
    away = Database("postgresql+asyncpg://127.0.0.1:1/rootan")
    app = create_app(runtime, Examiner(Runtime(runtime.settings, away, runtime.keys)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000"
    ) as phone:
        assert "ตอนนี้เก็บข้อความไว้ไม่ได้" in (await check(phone, LURE, keep="1")).text
    await away.close()


async def test_the_page_holds_no_inline_script_or_style_and_is_light(phone: Phone) -> None:
    page = (await check(phone, LURE)).text
    for forbidden in ("<style", " style=", "<script>", " onclick", "javascript:"):
        assert forbidden not in page
    files = re.findall(r'(?:href|src)="(/static/(?!vendor)[^"]+)"', page)
    weights = [len((await phone.get(address)).content) for address in dict.fromkeys(files)]
    assert len(weights) == 3
    assert sum(weights) + len(page.encode()) < 60_000
