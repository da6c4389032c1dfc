import io
import re
from uuid import UUID

import httpx
import orjson
import pypdfium2
import pytest
import pyzipper
import sqlalchemy as sa
from pypdf import PdfReader

from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from referrals.desk.notes import write_note
from referrals.intake import append_citizen_words
from referrals.models import Referral
from referrals.packets.models import PacketExport
from referrals.reports import write_consent
from tests.app.conftest import Browser
from tests.app.console.test_evidence import SEEN, kept

SECRET = "สมหญิงแซ่ตั้ง"
WORDS = f"หนูชื่อ{SECRET} เบอร์ ๐๘๑-๒๓๔-๕๖๗๘ บัตร 1103701234567 เขายึดพาสปอร์ตที่ปอยเปต"
GONE = (SECRET, "๐๘๑", "1103701234567", "0812345678")


@pytest.fixture
async def told(anong: Browser, referral_id: UUID, database: Database, keys: DataKeys) -> UUID:
    """Dao's case, held by Anong, with more of her words; the police may know of it, not of whom."""
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        await append_citizen_words(session, keys, identity_id=referral.identity_id, words=[(new_id(), WORDS)])
        await write_consent(session, referral_id, "police", granted=True, with_identity=False, wording="1")
        for level in ("partners", "team", "me"):
            await write_note(
                session,
                keys,
                referral,
                account_id=anong.account_id,
                level=level,
                text=f"โน้ต{level}",
                form_id=new_id(),
            )
    await anong.post(f"/console/referrals/{referral_id}/claim")
    return referral_id


async def send(browser: Browser, address: str, **fields: object) -> httpx.Response:
    """Post a form whose fields may stand several times."""
    data = {"csrf": browser.csrf} | fields
    return await browser.client.post(address, data=data, headers={"Origin": browser.origin})


def chosen(page: str) -> list[str]:
    """What the page suggests to hide."""
    return re.findall(r'name="hide" value="([^"]+)" checked', page)


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found is not None
    return found[1]


async def looked_through(browser: Browser, referral_id: UUID, **more: object) -> httpx.Response:
    """Choose and look through, as the pages do it."""
    page = (await browser.get(f"/console/referrals/{referral_id}/packet")).text
    fields: dict[str, object] = {
        "agency": "police", "reason": "ตามที่ผู้แจ้งขอ", "form": "pdf", "parts": ["answers", "thread", "notes", "timeline"],
        "hide": chosen(page), "version": version(page),
    }  # fmt: skip
    return await send(browser, f"/console/referrals/{referral_id}/packet/check", **(fields | more))


def final_form(page: str) -> dict[str, object]:
    """The hidden fields of the page that was looked through."""
    form = page[page.index('<form method="post" action="/console/referrals/') :]
    fields: dict[str, object] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields["parts"] = re.findall(r'name="parts" value="(\w+)"', form)
    ranges = re.search(r'<textarea name="ranges" hidden>([^<]*)</textarea>', form)
    assert ranges is not None
    return fields | {"ranges": ranges[1]}


async def made(browser: Browser, referral_id: UUID, **more: object) -> tuple[bytes, str]:
    """Make a packet; return the file and its password."""
    fields = final_form((await looked_through(browser, referral_id, **more)).text)
    answer = await send(browser, f"/console/referrals/{referral_id}/packet", **fields)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.content, str(fields["password"])


def text_of(pdf: bytes, password: str) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf), password=password).pages]


async def test_hidden_words_are_nowhere_in_the_paper(anong: Browser, told: UUID, canary: str) -> None:
    sealed, password = await made(anong, told)
    pages = text_of(sealed, password)
    whole = "".join(pages)
    assert "เขายึดพาสปอร์ตที่ปอยเปต" in whole.replace("\n", "")
    assert "[ปิดข้อมูล]" in whole
    assert "โน้ตpartners" in whole
    assert "โน้ตteam" not in whole
    assert "โน้ตme" not in whole
    reader = PdfReader(io.BytesIO(sealed), password=password)
    streams = [page.get_contents().get_data() for page in reader.pages]  # type: ignore[union-attr]
    for word in GONE:
        assert word not in whole
        assert all(
            word.encode() not in stream and word.encode("utf-16-be") not in stream for stream in streams
        )
        assert word not in repr(reader.metadata)


async def test_every_page_says_for_whom_by_whom_and_when(anong: Browser, told: UUID) -> None:
    pages = text_of(*await made(anong, told))
    for page in pages:
        assert "Anong" in page
        assert "ตํารวจ" in page  # the vowel as shaping takes it apart
        assert re.search(r"25\d\d", page)


async def test_without_the_password_nothing_opens(anong: Browser, told: UUID) -> None:
    sealed, password = await made(anong, told)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(sealed)
    encrypted = PdfReader(io.BytesIO(sealed))
    assert encrypted.is_encrypted
    # Version 5, revision 6: AES-256.
    assert (encrypted.trailer["/Encrypt"]["/V"], encrypted.trailer["/Encrypt"]["/R"]) == (5, 6)  # type: ignore[index]
    archive, other = await made(anong, told, form="zip")
    assert other != password
    with pyzipper.AESZipFile(io.BytesIO(archive)) as files:
        assert all(info.wz_aes_strength == 3 for info in files.infolist())  # type: ignore[attr-defined]
        with pytest.raises(RuntimeError):
            files.read("packet.json")


async def test_the_archive_holds_paper_json_and_files(
    anong: Browser, told: UUID, database: Database, keys: DataKeys
) -> None:
    await kept(database, keys, told)
    parts = ["thread", "evidence", "files", "timeline"]
    archive, password = await made(anong, told, form="zip", parts=parts)
    with pyzipper.AESZipFile(io.BytesIO(archive)) as files:
        files.setpassword(password.encode())
        names = files.namelist()
        packet = orjson.loads(files.read("packet.json"))
        assert files.read(next(name for name in names if name.endswith(".jpg"))) == SEEN
        assert "เขายึดพาสปอร์ต" in "".join(text_of(files.read("packet.pdf"), password)).replace("\n", "")
    assert packet["agency"] == "police"
    assert not packet["with_identity"]
    assert packet["evidence"][0]["name"] in names
    assert "answers" not in packet
    assert all(word not in orjson.dumps(packet).decode() for word in GONE)


async def test_nothing_goes_without_consent(anong: Browser, boon: Browser, told: UUID) -> None:
    for fields, code in (
        ({"agency": "labour"}, 403), ({"named": "yes"}, 403), ({"agency": "labour", "ground": "life_danger"}, 403),
        ({"agency": ""}, 400), ({"agency": "everybody"}, 400), ({"reason": " "}, 400), ({"parts": []}, 400),
        ({"parts": ["files"]}, 400),
    ):  # fmt: skip
        assert (await looked_through(anong, told, **fields)).status_code == code, fields
    for fields in ({"agency": "labour", "ground": "life_danger"}, {"named": "yes", "ground": "court_order"}):
        assert (await looked_through(boon, told, **fields)).status_code == 200, fields
    assert (await looked_through(boon, told, agency="labour", ground="because")).status_code == 403


async def test_a_refused_form_keeps_what_was_typed(anong: Browser, told: UUID) -> None:
    page = (await looked_through(anong, told, agency="labour", reason="เหตุผลยาว", words="ปอยเปต")).text
    assert "เหตุผลยาว" in page
    assert "ปอยเปต</textarea>" in page


async def test_it_writes_down_who_handed_what_to_whom(
    anong: Browser, told: UUID, database: Database, canary: str
) -> None:
    await made(anong, told)
    async with database.unit_of_work() as session:
        row = (await session.scalars(sa.select(PacketExport))).one()
        assert (row.agency, row.account_id, row.with_identity, row.override) == (
            "police", anong.account_id, False, None,
        )  # fmt: skip
        assert row.redactions >= 3
        audit = set(await session.scalars(sa.select(AuditEvent.action).where(AuditEvent.object_id == told)))
    assert {"referral.choose_packet", "referral.check_packet", "referral.make_packet"} <= audit
    page = (await anong.get(f"/console/referrals/{told}/packet")).text
    assert "ตามที่ผู้แจ้งขอ" in page


async def test_the_password_is_nowhere_in_the_database(
    anong: Browser, told: UUID, database: Database
) -> None:
    _, password = await made(anong, told)
    async with database.unit_of_work() as session:
        rows = await session.execute(sa.text("SELECT row_to_json(p)::text FROM packet_export p"))
        assert all(password not in row[0] and "ผู้แจ้งขอ" not in row[0] for row in rows)


async def test_a_form_makes_one_packet(anong: Browser, told: UUID) -> None:
    fields = final_form((await looked_through(anong, told)).text)
    address = f"/console/referrals/{told}/packet"
    assert (await send(anong, address, **fields)).status_code == 200
    assert (await send(anong, address, **fields)).status_code == 409


@pytest.mark.parametrize(
    "password", ["", "1234", "aaaa-aaaa", "AAAA-AAAA-AAAA-AAAA-AAAA", "aaaa-aaaa-aaaa-aaaa-aaa1"]
)
async def test_it_seals_with_passwords_of_its_own_making_only(
    anong: Browser, told: UUID, password: str
) -> None:
    fields = final_form((await looked_through(anong, told)).text) | {"password": password}
    assert (await send(anong, f"/console/referrals/{told}/packet", **fields)).status_code == 400


async def test_words_that_came_meanwhile_do_not_go_unseen(
    anong: Browser, told: UUID, database: Database, keys: DataKeys
) -> None:
    fields = final_form((await looked_through(anong, told)).text)
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, told)
        await append_citizen_words(
            session, keys, identity_id=referral.identity_id, words=[(new_id(), "เบอร์แม่ 0899999999")]
        )
    assert (await send(anong, f"/console/referrals/{told}/packet", **fields)).status_code == 409


@pytest.mark.parametrize(
    "span", ["-1:3", "0:99999", "3:3", "5:2", "a:b", "0:1.5", "๐:๒", "1e1:20", ":", "", "0:1:2"]
)
async def test_ranges_that_are_none_are_refused(anong: Browser, told: UUID, span: str) -> None:
    page = (await anong.get(f"/console/referrals/{told}/packet")).text
    piece = chosen(page)[0].partition(":")[0]
    assert (await looked_through(anong, told, hide=[f"{piece}:{span}"])).status_code == 400
    assert (await looked_through(anong, told, hide=["line-0:0:1"])).status_code == 400


async def test_only_who_reads_the_case_hands_it_over(
    anong: Browser, boon: Browser, malee: Browser, told: UUID, other_referral_id: UUID
) -> None:
    assert (await malee.get(f"/console/referrals/{told}/packet")).status_code == 403
    assert (await anong.get(f"/console/referrals/{other_referral_id}/packet")).status_code == 404
    assert (await boon.get(f"/console/referrals/{other_referral_id}/packet")).status_code == 404
    assert (await boon.get(f"/console/referrals/{told}/packet")).status_code == 200
    fields = final_form((await looked_through(anong, told)).text)
    assert (await send(anong, f"/console/referrals/{other_referral_id}/packet", **fields)).status_code == 404
