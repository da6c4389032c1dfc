"""The portal of partner agencies: their inbox, their cases alone, answers, words, files and who the person is."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app.console import portal_answer, portal_case, portal_steps, portal_talk
from app.console.evidence import CONTENT_POLICY
from app.console.portal_desk import ref_of
from app.console.texts import say
from core.ids import new_id
from referrals.agencies.directory import add_agency, close_agency
from referrals.agencies.officers import name_officer
from referrals.agencies.pairings import pair
from referrals.cleaning.kinds import Cleaned
from referrals.referring.files import give
from referrals.referring.identity import give_identity
from referrals.referring.messages import write
from referrals.referring.sending import recall
from referrals.reports import write_consent
from tests.app.conftest import Browser
from tests.app.console.portal_house import AGENCIES, CANARY, CASES, NOTE, SUMMARY, House, open_house
from tests.support.postgres import TestCluster

_NEWS = re.compile(r'hx-get="(/console/portal[^"]+)"')
PICTURE = b"\xff\xd8\xff what is seen"


@pytest.fixture(scope="module")
async def house(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("portal")
    async with open_house(cluster, folder) as opened:
        yield opened


@pytest.fixture
def pim(house: House) -> Browser:
    """An officer of the police."""
    return house.officers["police"]


@pytest.fixture
def krit(house: House) -> Browser:
    """An officer of the ministry."""
    return house.officers["msdhs"]


async def test_an_officer_begins_at_what_waits_and_sees_nothing_of_other_agencies(
    house: House, pim: Browser, krit: Browser
) -> None:
    request_id = await house.send()
    assert (await pim.get("/console")).headers["location"] == "/console/portal"
    home = (await pim.get("/console/portal")).text
    assert f"{CASES}/{request_id}" in home
    assert ref_of(request_id) in home
    assert SUMMARY not in home
    assert str(request_id) in (await pim.get(f"{CASES}?which=waiting")).text
    for which in ("waiting", "working", "ended", "no such box"):
        assert str(request_id) not in (await krit.get(f"{CASES}?which={which}")).text
    assert str(request_id) not in (await krit.get("/console/portal")).text


async def test_a_case_shows_what_was_shared_and_nothing_else_of_the_report(
    house: House, pim: Browser
) -> None:
    request_id = await house.send()
    page = (await pim.get(f"{CASES}/{request_id}")).text
    assert SUMMARY in page
    assert NOTE in page
    assert say("kind.detention") in page
    assert AGENCIES["police"].basis in page
    row = await house.row(request_id)
    assert CANARY not in page
    assert str(row.referral_id) not in page
    assert say("portal_case.identity_withheld") in page
    # When the person wrote last is for the ministry alone.
    assert say("portal_case.last_wrote") not in page
    ministrys = await house.send("msdhs")
    theirs = (await house.officers["msdhs"].get(f"{CASES}/{ministrys}")).text
    assert say("portal_case.last_wrote") in theirs
    assert CANARY not in theirs
    # The hotline sees that it was opened.
    assert row.read_at is not None
    assert ("portal_case.read", "ok", request_id) in await house.audit(pim)


async def test_a_request_goes_from_acknowledged_to_done_with_words_for_the_person(
    house: House, pim: Browser
) -> None:
    request_id = await house.send()
    page = f"{CASES}/{request_id}"
    for act, state in (("acknowledge", "acknowledged"), ("accept", "accepted"), ("begin", "in_service")):
        done = await pim.post(f"{page}/{act}")
        assert (done.status_code, done.headers["location"]) == (303, page)
        assert (await house.shared(request_id)).state == state
    assert str(request_id) in (await pim.get(f"{CASES}?which=working")).text
    assert (await pim.post(f"{page}/finish", outcome="no such", text="")).status_code == 400
    ended = await pim.post(f"{page}/finish", outcome="helped", text="ตำรวจรับแจ้งความแล้ว")
    assert ended.status_code == 303
    shared = await house.shared(request_id)
    assert (shared.state, shared.outcome, shared.citizen_text) == ("done", "helped", "ตำรวจรับแจ้งความแล้ว")
    assert "ตำรวจรับแจ้งความแล้ว" in (await pim.get(page)).text
    again = await pim.post(f"{page}/accept")
    assert again.status_code == 409
    assert say("problem.request_over.what") in again.text


async def test_words_for_the_person_that_name_somebody_are_looked_at_first(
    house: House, pim: Browser
) -> None:
    request_id, page = await house.accepted()
    text = "โทรหาคุณที่ 081-234-5678 แล้ว"
    refused = await pim.post(f"{page}/finish", outcome="helped", text=text)
    assert refused.status_code == 400
    assert text in refused.text
    assert say("portal_case.finish_looked") in refused.text
    assert (await house.shared(request_id)).state == "accepted"
    assert (await pim.post(f"{page}/finish", outcome="helped", text=text, looked="yes")).status_code == 303


async def test_a_declined_request_says_why_and_who_may_take_it_and_shows_nothing_any_more(
    house: House, pim: Browser
) -> None:
    request_id = await house.send()
    page = f"{CASES}/{request_id}"
    named = str(house.agencies["msdhs"])
    async with house.database.unit_of_work() as session:
        await pair(session, house.agencies["police"], house.agencies["msdhs"], by=house.boon)
    assert f'value="{named}"' in (await pim.get(page)).text
    unpaired = await pim.post(f"{page}/decline", reason="not_ours", next_agency=house.agencies["court"])
    assert unpaired.status_code == 400
    assert (await pim.post(f"{page}/decline", reason="not_ours", next_agency="x")).status_code == 400
    kept = await pim.post(f"{page}/decline", reason="", note="คำอธิบายที่พิมพ์ไว้")
    assert kept.status_code == 400
    assert "คำอธิบายที่พิมพ์ไว้" in kept.text
    assert (
        await pim.post(f"{page}/decline", reason="not_ours", note="อยู่นอกอำนาจ", next_agency=named)
    ).status_code == 303
    assert (await house.row(request_id)).next_agency_id == house.agencies["msdhs"]
    after = (await pim.get(page)).text
    assert SUMMARY not in after
    assert NOTE not in after
    assert say("portal_case.shared_over") in after
    assert str(request_id) in (await pim.get(f"{CASES}?which=ended")).text


async def test_a_recalled_request_shows_nothing_any_more(house: House, pim: Browser) -> None:
    request_id, page = await house.accepted()
    await pim.post(f"{page}/messages", text="เรากำลังไป", form_id=new_id())
    staff = await house.staff_of(request_id)
    await house.do(
        recall, request_id, replace(staff, account_id=house.boon, oversees=True), reason="person_asked"
    )
    after = (await pim.get(page)).text
    assert SUMMARY not in after
    assert "เรากำลังไป" not in after
    assert say("portal.state.recalled") in after
    assert (await pim.post(f"{page}/messages", text="x", form_id=new_id())).status_code == 409


async def test_words_go_both_ways_once_and_the_other_side_is_seen_to_have_read(
    house: House, pim: Browser
) -> None:
    request_id, page = await house.accepted()
    staff = await house.staff_of(request_id)
    await house.do(write, request_id, staff, text="ต้องการล่ามไหม")
    home = (await pim.get("/console/portal")).text
    assert say("portal.unread_count", n=1) in home
    opened = (await pim.get(page)).text
    assert "ต้องการล่ามไหม" in opened
    # Each side sees the names of its own people alone.
    assert "Anong" not in opened
    assert say("portal.unread_count", n=1) not in (await pim.get("/console/portal")).text
    form_id = new_id()
    for _ in range(2):
        assert (await pim.post(f"{page}/messages", text="ต้องการล่ามพม่า", form_id=form_id)).status_code == 303
    assert (await pim.get(page)).text.count("ต้องการล่ามพม่า") == 1
    empty = await pim.post(f"{page}/messages", text=" ", form_id=new_id())
    assert empty.status_code == 400


async def test_open_pages_of_an_agency_are_drawn_anew_as_things_change(house: House, pim: Browser) -> None:
    request_id, page = await house.accepted()
    staff = await house.staff_of(request_id)
    opened = {
        path: (await pim.get(path)).text
        for path in (page, "/console/portal", f"{CASES}?which=working", f"{CASES}?which=waiting")
    }
    asked = {path: html.unescape(_NEWS.findall(text)[0]) for path, text in opened.items()}
    rows = len(await house.audit(pim))
    for address in asked.values():
        quiet = await pim.get(address)
        assert (quiet.status_code, "hx-refresh" in quiet.headers) == (204, False), address
    # What shows nothing new is no reading.
    assert len(await house.audit(pim)) == rows
    await house.do(write, request_id, staff, text="ต้องการล่ามไหม")
    news = (await pim.get(asked[page])).text
    assert "ต้องการล่ามไหม" in news
    assert "<form" not in news
    assert (await pim.get(html.unescape(_NEWS.findall(news)[0]))).status_code == 204
    await house.do(write, request_id, staff, text="อีกข้อ")
    for path in ("/console/portal", f"{CASES}?which=working"):
        assert (await pim.get(asked[path])).headers["hx-refresh"] == "true", path
    overseer = replace(staff, account_id=house.boon, oversees=True)
    await house.do(recall, request_id, overseer, reason="person_asked")
    assert (await pim.get(asked[page])).headers["hx-refresh"] == "true"


async def test_who_the_person_is_comes_only_after_asking_with_a_reason(house: House, pim: Browser) -> None:
    request_id, page = await house.accepted()
    assert (await pim.post(f"{page}/identity", why=" ")).status_code == 400
    assert (await pim.post(f"{page}/identity", why="ต้องออกหมายเรียก")).status_code == 303
    assert say("portal_case.identity_asked") in (await pim.get(page)).text
    staff = await house.staff_of(request_id)
    await house.do(give_identity, request_id, staff, who={"name": "ดาว ตัวอย่าง"}, reason="หมายศาล")
    named = (await pim.get(page)).text
    assert "ดาว ตัวอย่าง" in named
    async with house.database.unit_of_work() as session:
        await write_consent(
            session, staff.referral_id, "police", granted=True, with_identity=False, wording="1"
        )
    # Their own word takes it from an open page, too.
    news = await pim.get(html.unescape(_NEWS.findall(named)[0]))
    assert news.headers["hx-refresh"] == "true"
    assert "ดาว ตัวอย่าง" not in (await pim.get(page)).text
    async with house.database.unit_of_work() as session:
        await write_consent(
            session, staff.referral_id, "police", granted=True, with_identity=True, wording="1"
        )
    assert (await pim.post(f"{page}/identity", why="อีกครั้ง")).status_code == 409


async def test_a_file_is_cleaned_given_in_its_slot_and_handed_back_harmless(
    house: House, pim: Browser
) -> None:
    request_id, page = await house.accepted()
    staff = await house.staff_of(request_id)
    file_id = await house.do(
        give,
        request_id,
        staff,
        slot="letter",
        cleaned=Cleaned("picture", "image/jpeg", PICTURE),
        name="ลับ.jpg",
    )
    shown = (await pim.get(page)).text
    assert f"{page}/files/{file_id}" in shown
    assert "ลับ.jpg" not in shown
    handed = await pim.get(f"{page}/files/{file_id}")
    assert (handed.status_code, handed.content) == (200, PICTURE)
    assert handed.headers["content-security-policy"] == CONTENT_POLICY
    assert handed.headers["content-disposition"].startswith("inline; ")
    assert ("portal_case.see_file", "ok", request_id) in await house.audit(pim)
    broken = await _upload(pim, page, b"not a file of any kind", slot="letter")
    assert broken.status_code == 400
    assert say("problem.file_unknown_kind.what") in broken.text
    elsewhere, _ = await house.accepted()
    assert (await pim.get(f"{CASES}/{elsewhere}/files/{file_id}")).status_code == 404


async def _upload(browser: Browser, page: str, content: bytes, *, slot: str) -> httpx.Response:
    return await browser.client.post(
        f"{page}/files", data={"csrf": browser.csrf, "slot": slot}, files={"file": ("f.pdf", content)},
        headers={"Origin": browser.origin},
    )  # fmt: skip


async def test_an_agency_that_only_answers_is_offered_neither_words_nor_files(house: House) -> None:
    judge = house.officers["court"]
    _, page = await house.accepted("court")
    shown = (await judge.get(page)).text
    assert say("portal_case.one_way") in shown
    assert f'action="{page}/messages"' not in shown
    assert f'action="{page}/files"' not in shown
    assert (await judge.post(f"{page}/messages", text="x", form_id=new_id())).status_code == 403


# Every address of a case, with a form that would do.
ROUTES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "", {}),
    ("GET", "/news?seen=x", {}),
    ("POST", "/acknowledge", {}),
    ("POST", "/accept", {}),
    ("POST", "/decline", {"reason": "not_ours"}),
    ("POST", "/begin", {}),
    ("POST", "/finish", {"outcome": "helped"}),
    ("POST", "/identity", {"why": "x"}),
    ("POST", "/messages", {"text": "x"}),
    ("POST", "/files", {"slot": "letter"}),
    ("GET", f"/files/{new_id()}", {}),
    ("GET", "/steps/new?track=victim&step=possible", {}),
    (
        "POST",
        "/steps",
        {"track": "victim", "step": "possible", "day": "1", "month": "1", "year": "2569"},
    ),
    ("GET", f"/steps/{new_id()}/correct", {}),
    ("POST", f"/steps/{new_id()}/correct", {"text": "x"}),
)


def test_every_address_of_a_case_is_tried_with_the_wrong_agency() -> None:
    asked = {
        (method, route.path.removeprefix("/console/portal/cases/{agency_referral_id}"))
        for page in (portal_answer, portal_case, portal_steps, portal_talk)
        for route in page.router.routes
        for method in getattr(route, "methods", ())
    }
    tried = {(method, path.partition("?")[0]) for method, path, _ in ROUTES}
    assert len(tried) == len(asked)


@pytest.mark.parametrize("who", ["msdhs", "nobody"])
async def test_another_agencys_case_is_as_unknown_as_one_that_is_not_there(house: House, who: str) -> None:
    """The same answer for both, word for word, and nothing changes; each try leaves its row."""
    request_id, _ = await house.accepted()
    stranger = house.officers[who]
    before = (await house.row(request_id)).state
    for method, path, fields in ROUTES:
        pages = []
        for target in (request_id, new_id()):
            address = f"{CASES}/{target}{path}"
            response = await (stranger.get(address) if method == "GET" else stranger.post(address, **fields))
            assert response.status_code == 404, address
            pages.append(response.text.replace(str(target), "id"))
        assert pages[0] == pages[1], path
    tried = [outcome for _, outcome, of in await house.audit(stranger) if of == request_id]
    assert len(tried) >= len(ROUTES)
    assert set(tried) == {"refused"}
    assert (await house.row(request_id)).state == before


async def test_whoever_works_for_no_agency_learns_whom_to_ask(house: House) -> None:
    lek = house.officers["nobody"]
    for path in ("/console/portal", CASES, "/console/portal/exchange"):
        page = await lek.get(path)
        assert page.status_code == 200
        assert say("portal.no_agency_next") in page.text
    assert (await lek.get("/console/portal/exchange/states.csv")).status_code == 404


async def test_officers_of_a_closed_agency_see_nothing(house: House) -> None:
    lek = house.officers["nobody"]
    async with house.database.unit_of_work() as session:
        agency_id = await add_agency(session, "closing-1", AGENCIES["police"], by=house.boon)
        await pair(session, None, agency_id, by=house.boon)
        await name_officer(session, agency_id, lek.account_id, by=house.boon)
    house.agencies["closing"] = agency_id
    request_id = await house.send("closing")
    assert SUMMARY in (await lek.get(f"{CASES}/{request_id}")).text
    async with house.database.unit_of_work() as session:
        await close_agency(session, agency_id)
    assert (await lek.get(f"{CASES}/{request_id}")).status_code == 404
    assert str(request_id) not in (await lek.get(CASES)).text
    assert say("portal.no_agency") in (await lek.get("/console/portal")).text
