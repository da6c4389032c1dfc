"""The directory of agencies: who may change it, that what was typed stays, and that secrets are shown once."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.texts import load_texts, say
from core.accounts.invitations import add_account
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.agencies.kinds import AGENCY_KINDS
from referrals.agencies.models import Agency, AgencyHook, AgencyOfficer, AgencyPairing, AgencyProgram
from referrals.agencies.programs import PROGRAM_SCOPES
from tests.app.conftest import Browser

FIELDS: dict[str, Any] = {
    "code": "police-cri", "kind": "police", "name_th": "ตำรวจเชียงราย", "name_en": "Chiang Rai police",
    "province": "province:TH-57", "template": "police", "answers_within": "8", "opens": "08:30", "closes": "16:30",
    "weekdays": ["0", "1", "2", "3", "4"], "basis": "บันทึกข้อตกลง 2561", "basis_until": "", "phone": "053-123-456",
}  # fmt: skip


async def send(browser: Browser, path: str, **fields: Any) -> Any:
    data = {"csrf": browser.csrf} | fields
    return await browser.client.post(path, data=data, headers={"Origin": browser.origin})


async def add(browser: Browser, **changed: Any) -> str:
    answer = await send(browser, "/console/agencies/new", **FIELDS | changed)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_staff_read_the_directory_and_supervisors_alone_change_it(
    anong: Browser, boon: Browser, malee: Browser
) -> None:
    assert say("office.none_next") in (await anong.get("/console/agencies")).text
    where = await add(boon)
    for browser in (anong, boon):
        page = (await browser.get("/console/agencies")).text
        assert "ตำรวจเชียงราย" in page
        assert say("office.not_paired") in page
        assert ("/console/agencies/new" in page) == (browser is boon)
        assert (f"{where}/edit" in (await browser.get(where)).text) == (browser is boon)
    assert (await malee.get("/console/agencies")).status_code == 403
    assert (await send(anong, "/console/agencies/new", **FIELDS)).status_code == 403


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "Police 1"}, "agency_code"),
        ({"name_en": " "}, "agency_name"),
        ({"kind": "friends"}, "agency_kind"),
        ({"template": ""}, "agency_template"),
        ({"opens": "18:00"}, "agency_hours"),
        ({"opens": "soon"}, "agency_hours"),
        ({"weekdays": []}, "agency_weekdays"),
        ({"answers_within": "๒"}, "agency_answers_within"),
        ({"basis_until": "never"}, "agency_basis_until"),
        ({"phone": "call me"}, "agency_phone"),
    ],
)
async def test_what_is_wrong_is_named_and_what_was_typed_stays(
    boon: Browser, database: Database, changed: dict[str, Any], code: str
) -> None:
    refused = await send(boon, "/console/agencies/new", **FIELDS | changed)
    assert refused.status_code == 400
    assert say(f"problem.{code}.what") in refused.text
    assert "บันทึกข้อตกลง 2561" in refused.text
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(Agency)) == 0


async def test_an_agency_is_changed_and_closed(boon: Browser, database: Database) -> None:
    where = await add(boon)
    form = (await boon.get(f"{where}/edit")).text
    assert 'value="08:30"' in form
    refused = await send(boon, f"{where}/edit", **FIELDS | {"closes": "7", "basis": "ข้อตกลงใหม่"})
    assert (refused.status_code, "ข้อตกลงใหม่" in refused.text) == (400, True)
    changed = await send(
        boon,
        f"{where}/edit",
        **FIELDS
        | {"opens": "00:00", "closes": "24:00", "weekdays": [*"0123456"], "basis_until": "2026-01-31"},
    )
    assert changed.status_code == 303
    page = (await boon.get(where)).text
    assert say("office.round_clock") in page
    assert say("office.basis_over", date="31 ม.ค. 2569") in page
    assert (await send(boon, f"{where}/close")).status_code == 303
    assert (await send(boon, f"{where}/edit", **FIELDS)).status_code == 404
    async with database.unit_of_work() as session:
        assert (await session.scalars(sa.select(Agency))).one().closed_at is not None


async def test_pairings_go_one_way_or_both(boon: Browser, database: Database) -> None:
    where = await add(boon)
    assert (await send(boon, f"{where}/pairings", side="hotline", way="to_here")).status_code == 303
    page = (await boon.get(where)).text
    assert f"{say('pairing.hotline')} → ตำรวจเชียงราย" in page
    assert f"ตำรวจเชียงราย → {say('pairing.hotline')}" not in page
    assert (await send(boon, f"{where}/pairings", side="hotline", way="both")).status_code == 303
    other = await add(boon, code="ngo-1", kind="ngo", name_th="มูลนิธิหนึ่ง", template="ngo")
    assert (
        await send(boon, f"{where}/pairings", side=other.rpartition("/")[2], way="from_here")
    ).status_code == 303
    for wrong in (where.rpartition("/")[2], str(new_id()), "nobody"):
        assert (await send(boon, f"{where}/pairings", side=wrong)).status_code in {400, 404}
    mine = where.rpartition("/")[2]
    assert (await send(boon, f"{where}/pairings/end", giver="hotline", taker=mine)).status_code == 303
    async with database.unit_of_work() as session:
        standing = sa.select(AgencyPairing.giver_id, AgencyPairing.taker_id).where(
            AgencyPairing.ended_at.is_(None)
        )
        found = {tuple(row) for row in await session.execute(standing)}
    assert found == {(UUID(mine), None), (UUID(mine), UUID(other.rpartition("/")[2]))}


async def test_officers_are_named_and_removed(boon: Browser, database: Database, keys: DataKeys) -> None:
    where = await add(boon)
    assert say("officer.none") in (await boon.get(where)).text
    async with database.unit_of_work() as session:
        fon = await add_account(session, keys, email="fon@police.test", name="Fon", role="partner_officer")
        fon_id = fon.id
    assert "fon@police.test" in (await boon.get(where)).text
    assert (await send(boon, f"{where}/officers", account=boon.account_id)).status_code == 400
    assert (await send(boon, f"{where}/officers", account=fon_id)).status_code == 303
    assert f"{where}/officers/{fon_id}/remove" in (await boon.get(where)).text
    assert (await send(boon, f"{where}/officers/{fon_id}/remove")).status_code == 303
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(AgencyOfficer)) == 0


async def test_a_programs_secret_is_shown_once_and_its_key_is_revoked(
    boon: Browser, database: Database
) -> None:
    where = await add(boon)
    refused = await send(boon, f"{where}/programs", name="ระบบคดี", scopes=[])
    assert (refused.status_code, "ระบบคดี" in refused.text) == (400, True)
    made = await send(boon, f"{where}/programs", name="ระบบคดี", scopes=["cases.read"], sandbox="true")
    assert made.status_code == 200
    async with database.unit_of_work() as session:
        program = (await session.scalars(sa.select(AgencyProgram))).one()
    assert program.is_sandbox
    secret = made.text.partition("rootans_")[2].partition("<")[0]
    assert len(secret) > 30
    page = (await boon.get(where)).text
    assert program.client_id in page
    assert secret not in page
    assert (await send(boon, f"{where}/programs/{program.id}/revoke")).status_code == 303
    assert program.client_id not in (await boon.get(where)).text
    assert (await send(boon, f"{where}/programs/{program.id}/revoke")).status_code == 404


async def test_an_address_for_news_is_set_and_ended(boon: Browser, database: Database) -> None:
    where = await add(boon)
    refused = await send(boon, f"{where}/hooks", address="http://inside")
    assert (refused.status_code, "http://inside" in refused.text) == (400, True)
    made = await send(boon, f"{where}/hooks", address="https://cases.police.example/news")
    assert "whsec_" in made.text
    page = (await boon.get(where)).text
    assert "https://cases.police.example/news" in page
    assert "whsec_" not in page
    async with database.unit_of_work() as session:
        hook = (await session.scalars(sa.select(AgencyHook))).one()
    assert (await send(boon, f"{where}/hooks/{hook.id}/end")).status_code == 303
    assert "cases.police.example" not in (await boon.get(where)).text


def test_every_kind_and_scope_has_its_words() -> None:
    texts = load_texts()
    assert {f"office.kind.{kind}" for kind in AGENCY_KINDS} <= set(texts)
    assert {f"program.scope.{scope.replace('.', '_')}" for scope in PROGRAM_SCOPES} <= set(texts)
