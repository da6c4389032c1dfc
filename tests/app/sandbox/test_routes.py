import asyncio
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.cli.channels import _FONTS
from app.sandbox.routes import add_sandbox
from app.sandbox.words import PEOPLE, SAMPLES
from bots.channels.line.menu_picture import Tile, draw_menu
from bots.channels.line.rich_menu import Menu, upload_menus
from core.settings import Settings
from simulator.client import SimulatorClient
from simulator.phone import Person, Timeline
from tests.app.sandbox.standin import AFTER_PRESS, LINE_TOKEN, a_picture, make_page_app
from tests.support.house import settings_for


async def person_called(simulator: SimulatorClient, name: str) -> Person:
    return next(person for person in await simulator.people() if person.name == name)


async def timeline_with(simulator: SimulatorClient, person: Person, count: int) -> Timeline:
    """The person's timeline once it holds so many items."""
    for _ in range(500):
        timeline = await simulator.timeline(person.id)
        if len(timeline.items) >= count:
            return timeline
        await asyncio.sleep(0.02)
    raise AssertionError(f"only {len(timeline.items)} of {count} items came")


@pytest.mark.parametrize("env", ["development", "demo"])
async def test_the_page_exists_only_in_the_demo(env: str) -> None:
    app = FastAPI()
    add_sandbox(app, Settings(env=env, simulator_url="http://127.0.0.1:9"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        assert (await client.get("/sandbox")).status_code == (503 if env == "demo" else 404)
        assert (await client.get("/static/sandbox/phone.css")).status_code == (200 if env == "demo" else 404)


async def test_the_first_visit_makes_the_invented_people_once(
    page: httpx.AsyncClient, simulator: SimulatorClient
) -> None:
    answers = await asyncio.gather(*(page.get("/sandbox") for _ in range(3)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(person.name for person in await simulator.people()) == sorted(one.name for one in PEOPLE)
    assert {person.platform for person in await simulator.people()} == {"line", "telegram"}


async def test_the_page_says_that_its_people_are_invented_and_runs_no_inline_code(
    page: httpx.AsyncClient,
) -> None:
    answer = await page.get("/sandbox")
    assert "โลกจำลอง" in answer.text
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text
    assert "<script>" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_any_two_phones_can_be_chosen(page: httpx.AsyncClient, simulator: SimulatorClient) -> None:
    await page.get("/sandbox")
    ek, boy = await person_called(simulator, "เอก"), await person_called(simulator, "บอย")
    answer = await page.get("/sandbox", params={"left": boy.id, "right": ek.id})
    assert answer.text.index(f'data-person="{boy.id}"') < answer.text.index(f'data-person="{ek.id}"')
    assert "เพิ่มเพื่อน" in answer.text


async def test_strangers_in_the_address_fall_back_to_the_first_phones(
    page: httpx.AsyncClient, simulator: SimulatorClient
) -> None:
    answer = await page.get("/sandbox", params={"left": "<script>", "right": "0"})
    assert answer.status_code == 200
    assert f'data-person="{(await person_called(simulator, "ดาว")).id}"' in answer.text


async def test_what_is_said_reaches_the_bot_and_its_card_is_drawn(
    page: httpx.AsyncClient, simulator: SimulatorClient
) -> None:
    await page.get("/sandbox")
    dao = await person_called(simulator, "ดาว")
    answer = await page.post(f"/sandbox/people/{dao.id}/say", data={"text": SAMPLES[0].text})
    assert answer.status_code == 204
    await timeline_with(simulator, dao, 2)
    html = (await page.get("/sandbox")).text
    assert "ปอยเปต" in html
    assert 'data-css="flex:none;padding:14px;background-color:#B42318"' in html
    assert "reply · ไม่เสียโควตา" in html
    assert "ผลตรวจข้อความของคุณพร้อมแล้ว" in html
    assert "x-line-signature" in html


async def test_what_people_write_never_becomes_markup(
    page: httpx.AsyncClient, simulator: SimulatorClient
) -> None:
    await page.get("/sandbox")
    for name in ("ดาว", "ฝน"):
        person = await person_called(simulator, name)
        text = "<img src=x onerror=alert(1)>'\"&{{7*7}}"
        assert (await page.post(f"/sandbox/people/{person.id}/say", data={"text": text})).status_code == 204
        await timeline_with(simulator, person, 2)
    html = (await page.get("/sandbox")).text
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "{{7*7}}" in html


@pytest.mark.parametrize(("name", "items"), [("ดาว", 4), ("ฝน", 3)])
async def test_a_pressed_button_comes_back_as_a_press(
    page: httpx.AsyncClient, simulator: SimulatorClient, name: str, items: int
) -> None:
    """LINE also shows the words of the button as the person's own."""
    await page.get("/sandbox")
    person = await person_called(simulator, name)
    await page.post(f"/sandbox/people/{person.id}/say", data={"text": "ตรวจให้หน่อย"})
    card = (await timeline_with(simulator, person, 2)).items[1]
    pressed = {"message": card.id, "data": "report:1"}
    assert (await page.post(f"/sandbox/people/{person.id}/press", data=pressed)).status_code == 204
    assert (await timeline_with(simulator, person, items)).items[-1].text == AFTER_PRESS


async def test_a_chip_is_pressed_by_its_label(page: httpx.AsyncClient, simulator: SimulatorClient) -> None:
    await page.get("/sandbox")
    dao = await person_called(simulator, "ดาว")
    await page.post(f"/sandbox/people/{dao.id}/say", data={"text": "ตรวจให้หน่อย"})
    await timeline_with(simulator, dao, 2)
    assert (await page.post(f"/sandbox/people/{dao.id}/press", data={"label": "เมนู"})).status_code == 204
    assert (await timeline_with(simulator, dao, 3)).items[2].text == "เมนู"


async def test_a_tile_of_lines_menu_is_drawn_and_pressed(
    page: httpx.AsyncClient, simulator: SimulatorClient, tmp_path: Path
) -> None:
    await page.get("/sandbox")
    dao = await person_called(simulator, "ดาว")
    tile = Tile("m1:check", 12)
    picture = draw_menu([tile], {tile.press: "ตรวจงาน"}, _FONTS)
    menu = Menu("new", "เมนู", [tile], {tile.press: "ตรวจงาน"}, picture)
    token = {"line_channel_access_token": SecretStr(LINE_TOKEN)}
    await upload_menus(settings_for(simulator, tmp_path).model_copy(update=token), [menu])
    shown = (await page.get("/sandbox")).text
    assert 'class="rich-menu"' in shown
    assert "m1:check" in shown
    pressed = {"data": "m1:check", "menu": "true"}
    assert (await page.post(f"/sandbox/people/{dao.id}/press", data=pressed)).status_code == 204
    assert (await timeline_with(simulator, dao, 1)).items[0].text == "ตรวจงาน"


@pytest.mark.parametrize("name", ["ดาว", "ฝน"])
async def test_pictures_stickers_and_places_are_sent_and_drawn(
    page: httpx.AsyncClient, simulator: SimulatorClient, name: str
) -> None:
    await page.get("/sandbox")
    person = await person_called(simulator, name)
    address = f"/sandbox/people/{person.id}"
    files = {"picture": ("a.jpg", a_picture(), "image/jpeg")}
    assert (await page.post(f"{address}/picture", files=files)).status_code == 204
    await timeline_with(simulator, person, 2)
    for act in ("sticker", "location"):
        assert (await page.post(f"{address}/{act}")).status_code == 204
    await timeline_with(simulator, person, 6)
    html = (await page.get("/sandbox")).text
    media = html.split('src="/sandbox/media/')[1].split('"')[0]
    shown = await page.get(f"/sandbox/media/{media}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.content == a_picture()
    assert "13.6633, 102.5503" in html
    assert 'class="sticker"' in html


async def test_telegram_people_can_share_their_number(
    page: httpx.AsyncClient, simulator: SimulatorClient
) -> None:
    await page.get("/sandbox")
    fon = await person_called(simulator, "ฝน")
    assert (await page.post(f"/sandbox/people/{fon.id}/contact")).status_code == 204
    await timeline_with(simulator, fon, 1)
    assert "0800000000" in (await page.get("/sandbox")).text


async def test_blocking_and_coming_back(page: httpx.AsyncClient, simulator: SimulatorClient) -> None:
    await page.get("/sandbox")
    dao = await person_called(simulator, "ดาว")
    address = f"/sandbox/people/{dao.id}"
    assert (await page.post(f"{address}/block")).status_code == 204
    assert "คุณบล็อกบัญชีนี้อยู่" in (await page.get("/sandbox")).text
    refused = await page.post(f"{address}/say", data={"text": "ยังอยู่ไหม"})
    assert refused.status_code == 409
    assert "ตัวจำลองไม่รับคำสั่งนี้" in refused.text
    assert (await page.post(f"{address}/unblock")).status_code == 204
    assert (await page.post(f"{address}/say", data={"text": "กลับมาแล้ว"})).status_code == 204
    await timeline_with(simulator, dao, 2)


async def test_an_unsent_message_leaves_only_a_note(
    page: httpx.AsyncClient, simulator: SimulatorClient
) -> None:
    await page.get("/sandbox")
    dao = await person_called(simulator, "ดาว")
    address = f"/sandbox/people/{dao.id}"
    await page.post(f"{address}/say", data={"text": "ความลับของฉัน"})
    said = (await timeline_with(simulator, dao, 2)).items[0]
    assert (await page.post(f"{address}/unsend", data={"message": said.id})).status_code == 204
    html = (await page.get("/sandbox")).text
    chat = html.split('id="chat-left"')[1].split('class="controls"')[0]
    assert "คุณยกเลิกข้อความ" in chat
    assert "ความลับของฉัน" not in chat


@pytest.mark.parametrize(
    ("act", "sent", "status", "said"),
    [
        ("say", {"data": {"text": "  "}}, 422, "ยังไม่ได้พิมพ์อะไร"),
        ("picture", {"files": {"picture": ("a.txt", b"x", "text/plain")}}, 415, "ไม่ใช่รูป"),
        (
            "picture",
            {"files": {"picture": ("a.jpg", b"x" * (10 * 1024 * 1024 + 1), "image/jpeg")}},
            413,
            "10 MB",
        ),
        ("press", {"data": {"data": "nothing"}}, 409, "ตัวจำลองไม่รับคำสั่งนี้"),
    ],
)
async def test_what_can_not_be_done_is_said_in_words(
    page: httpx.AsyncClient,
    simulator: SimulatorClient,
    act: str,
    sent: dict[str, object],
    status: int,
    said: str,
) -> None:
    await page.get("/sandbox")
    dao = await person_called(simulator, "ดาว")
    answer = await page.post(f"/sandbox/people/{dao.id}/{act}", **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert said in answer.text


async def test_other_sites_can_not_press_here(page: httpx.AsyncClient, simulator: SimulatorClient) -> None:
    await page.get("/sandbox")
    dao = await person_called(simulator, "ดาว")
    headers = {"sec-fetch-site": "cross-site"}
    answer = await page.post(f"/sandbox/people/{dao.id}/say", data={"text": "x"}, headers=headers)
    assert answer.status_code == 403
    assert (await simulator.timeline(dao.id)).items == []


async def test_files_that_are_no_pictures_are_not_shown(
    page: httpx.AsyncClient, simulator: SimulatorClient
) -> None:
    await page.get("/sandbox")
    fon = await person_called(simulator, "ฝน")
    await simulator.send_file(fon.id, b"<html><script>alert(1)</script>", "a.html", media_type="text/html")
    file_id = (await timeline_with(simulator, fon, 1)).items[0].message["document"]["file_id"]
    answer = await page.get(f"/sandbox/media/telegram/{file_id}")
    assert answer.status_code == 404
    assert "alert(1)" not in answer.text


async def test_an_absent_simulator_is_said_in_words() -> None:
    app = make_page_app("http://127.0.0.1:9")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        answer = await client.get("/sandbox")
        assert answer.status_code == 503
        assert "make run" in answer.text
        said = await client.post("/sandbox/people/U1/say", data={"text": "x"})
        assert said.status_code == 503
        assert "ติดต่อตัวจำลอง LINE และ Telegram ไม่ได้" in said.text


def test_there_are_enough_messages_to_try() -> None:
    assert len(SAMPLES) >= 8
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES)
