"""What the service knows of an offer beside its words, on the page as on the chat's card. Guards 14, 15."""

from datetime import date
from pathlib import Path

import pytest

from bots.copy import copy
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from screening.licences.reading import read_register
from screening.licences.register import replace_register
from screening.reputation import clear_handle, confirm_handle, enter_handle
from tests.app.public.conftest import LURE, PLAIN_AD, OpenPhone, Phone
from tests.screening.conftest import Ground, written

REGISTER = (Path(__file__).parents[3] / "docs" / "samples" / "licences-fictional.csv").read_bytes()
AS_OF = date(2026, 11, 1)
CONFIRMED = copy().say("th", "offer.handle", handle="@admin99")


@pytest.fixture
def ground(database: Database, keys: DataKeys) -> Ground:
    return Ground(database, keys)


async def shown(phone: Phone, text: str, language: str = "th") -> str:
    response = await phone.post("/check", data={"lang": language, "text": text})
    assert response.status_code == 200
    return response.text


async def test_a_handle_is_shown_only_while_staff_confirm_it(phone: Phone, ground: Ground) -> None:
    await ground.send(LURE, *await ground.people(5))
    officer, supervisor = await ground.member("hotline_officer"), await ground.member("supervisor")
    async with ground.database.unit_of_work() as session:
        handle = await enter_handle(
            session, ground.keys, kind="line_id", value=written("line_id", "@Admin99"), by=officer
        )
    assert CONFIRMED not in await shown(phone, LURE)
    async with ground.database.unit_of_work() as session:
        await confirm_handle(session, handle, by=supervisor)
    assert f'<li class="fact">{CONFIRMED}</li>' in await shown(phone, LURE)
    assert "Staff have checked: people were deceived through @admin99" in await shown(phone, LURE, "en")
    assert CONFIRMED not in await shown(phone, LURE.replace("@admin99", "@other77"))
    async with ground.database.unit_of_work() as session:
        await clear_handle(session, handle, by=supervisor)
    assert CONFIRMED not in await shown(phone, LURE)


async def test_an_offer_whose_words_do_not_decide_shows_it_too(phone: Phone, ground: Ground) -> None:
    text = f"{PLAIN_AD} มีประกันสังคม สมัครที่ร้าน หรือไลน์ @admin99"
    officer, supervisor = await ground.member("hotline_officer"), await ground.member("supervisor")
    async with ground.database.unit_of_work() as session:
        handle = await enter_handle(
            session, ground.keys, kind="line_id", value=written("line_id", "@admin99"), by=officer
        )
        await confirm_handle(session, handle, by=supervisor)
    page = await shown(phone, text)
    assert "ยังบอกไม่ได้" in page
    assert CONFIRMED in page


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("ใบอนุญาตเลขที่ ตย.1/2599", "เป็นของ บริษัท จัดหางาน ตัวอย่างสมมติ หนึ่ง จำกัด (ข้อมูล ณ 1/11/2569)"),
        ("ใบอนุญาตเลขที่ ตย.4/2560", "เลขใบอนุญาต ตย.4/2560 หมดอายุแล้ว (ข้อมูล ณ 1/11/2569)"),
        ("ใบอนุญาตเลขที่ ตย.11/2599", "ไม่พบเลขใบอนุญาต ตย.11/2599 ในทะเบียน (ข้อมูล ณ 1/11/2569)"),
    ],
)
async def test_what_the_register_says_is_shown_with_its_day(
    phone: Phone, ground: Ground, claim: str, said: str
) -> None:
    assert "ข้อมูล ณ" not in await shown(phone, f"{LURE} {claim}")
    async with ground.database.unit_of_work() as session:
        await replace_register(session, read_register(REGISTER), as_of=AS_OF)
    page = await shown(phone, f"{LURE} {claim}")
    assert said in page
    assert "ปลอดภัย" not in page


async def test_others_are_counted_in_chats_and_never_on_the_page(
    open_phone: OpenPhone, ground: Ground
) -> None:
    await ground.send(LURE, *await ground.people(4))
    for number in range(6):
        page = await shown(open_phone(f"203.0.113.{number}"), LURE)
        assert copy().say("th", "offer.similar", count=4) in page
    assert await ground.similar(LURE) == 4


async def test_what_turns_words_around_in_a_handle_does_not_reach_the_page(
    phone: Phone, ground: Ground
) -> None:
    officer, supervisor = await ground.member("hotline_officer"), await ground.member("supervisor")
    async with ground.database.unit_of_work() as session:
        handle = await enter_handle(
            session, ground.keys, kind="line_id", value=written("line_id", "@admin99"), by=officer
        )
        await confirm_handle(session, handle, by=supervisor)
    page = await shown(phone, LURE.replace("@admin99", "@adm\u202ein99"))
    assert CONFIRMED in page
    assert "\u202e" not in page
