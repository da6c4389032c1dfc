"""The page where an agency without accounts fetches a packet: what it opens by, and what it tells nobody."""

from dataclasses import dataclass
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.faces.headers import CONTENT_POLICY_WITH_DATA_IMAGES
from app.runtime import Runtime
from core.accounts.invitations import add_account
from core.audit.chain import AuditEvent
from core.clock import utc_now
from referrals.agencies.directory import add_agency
from referrals.agencies.pairings import pair
from referrals.agencies.particulars import Particulars
from referrals.intake import open_referral
from referrals.packets.sealing import new_password
from referrals.queue import claim
from referrals.referring.finding import ByHotline
from referrals.referring.links import make_link
from referrals.referring.sending import refer
from referrals.reports import write_consent
from tests.app.public.conftest import OpenPhone, Phone
from tests.conftest import MovableClock
from tests.support.cast import make_person

PDF = b"%PDF-1.7 sealed"
CODE = "abcd-efgh-jkmn-pqrs-tuvw"
AMLO = Particulars(
    kind="amlo", name_th="ปปง. ตัวอย่าง", name_en="Example AMLO", template="amlo", basis="ข้อตกลง"
)


@dataclass(frozen=True)
class Link:
    """Where a packet waits, and what it is known by inside."""

    path: str
    id: UUID


@pytest.fixture
async def link(runtime: Runtime) -> Link:
    now, keys = utc_now(), runtime.keys
    async with runtime.database.unit_of_work() as session:
        person = await make_person(session, keys, name="Dao")
        case = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="staff_request", priority="P2", kinds=(), reasons=(), receipt="Dao",
        )  # fmt: skip
        anong = (
            await add_account(session, keys, email="a@example.org", name="Anong", role="hotline_officer")
        ).id
        await claim(session, case, anong)
        amlo = await add_agency(session, "amlo-1", AMLO, by=anong)
        await pair(session, None, amlo, by=anong)
        await write_consent(session, case, "amlo", granted=True, with_identity=False, wording="1")
        request_id = await refer(
            session, keys, case, agency_id=amlo, fields={"needs": "ขอตรวจทรัพย์สิน"}, note="", by_account=anong,
            oversees=False, now=now,
        )  # fmt: skip
        made = await make_link(
            session, keys, request_id, ByHotline(case, anong), packet=PDF, code=CODE, now=now
        )
    return Link(f"/packet/{made.address}", made.id)


async def test_the_code_fetches_it_once(runtime: Runtime, phone: Phone, link: Link) -> None:
    fetched = await phone.post(link.path, data={"code": CODE.upper()})
    assert (fetched.status_code, fetched.content) == (200, PDF)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-disposition"].startswith('attachment; filename="packet-')
    again = await phone.post(link.path, data={"code": CODE})
    assert (again.status_code, PDF in again.content) == (403, False)
    async with runtime.database.unit_of_work() as session:
        rows = (await session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "packet.open"))).all()
    assert [(row.actor_id, row.object_kind, row.object_id) for row in rows] == [
        (None, "packet_link", link.id)
    ]


async def test_looking_at_the_address_uses_nothing_up_and_tells_nothing(phone: Phone, link: Link) -> None:
    seen = [await phone.get(path) for path in (link.path, link.path, "/packet/nobodys")]
    assert {page.status_code for page in seen} == {200}
    assert len({page.text for page in seen}) == 1
    wrong = [await phone.post(path, data={"code": new_password()}) for path in (link.path, "/packet/nobodys")]
    assert {page.status_code for page in wrong} == {403}
    assert len({page.text for page in wrong}) == 1
    assert (await phone.post(link.path, data={"code": CODE})).content == PDF


async def test_guessing_is_slowed_for_the_link_and_for_the_network(
    open_phone: OpenPhone, link: Link, standing_clock: MovableClock
) -> None:
    first, second = open_phone(), open_phone("203.0.113.77")
    for _ in range(3):
        assert (await first.post(link.path, data={"code": new_password()})).status_code == 403
    # The link waits, from wherever the next code comes.
    waits = await second.post(link.path, data={"code": CODE})
    assert (waits.status_code, int(waits.headers["retry-after"]) > 0) == (429, True)
    tried = [await first.post("/packet/nobodys", data={"code": CODE}) for _ in range(18)]
    assert [page.status_code for page in tried] == [403] * 17 + [429]
    standing_clock.advance(minutes=20)
    assert (await second.post(link.path, data={"code": CODE})).content == PDF


async def test_a_form_that_is_none_is_refused_and_costs_no_try(phone: Phone, link: Link) -> None:
    bodies = (b"", b"code=", b"code=\xff", b"x=1", b"&".join([b"code=a"] * 9), b"code=" + b"a" * 3_000)
    for body in bodies:
        refused = await phone.post(
            link.path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert refused.status_code == 400, body[:20]
    assert (await phone.post(link.path, data={"code": CODE})).content == PDF


async def test_nothing_keeps_frames_or_finds_the_page(phone: Phone, link: Link) -> None:
    for page in (await phone.get(link.path), await phone.post(link.path, data={"code": CODE})):
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["content-security-policy"] == CONTENT_POLICY_WITH_DATA_IMAGES
        assert "noindex" in page.headers["x-robots-tag"]
