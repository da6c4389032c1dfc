import asyncio
from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import AppError, NotFoundError
from core.ids import new_id
from referrals.agencies.models import Agency
from referrals.agencies.pairings import end_pairing
from referrals.cases import NotClaimedError
from referrals.models import Referral
from referrals.packets.gate import ConsentError, OverrideError
from referrals.queue import EndedError, HeldError
from referrals.referring.answering import accept, decline
from referrals.referring.errors import (
    AfterError,
    AgencyUnknownError,
    AgreementEndedError,
    FieldError,
    NamesSomebodyError,
    OverError,
    PendingError,
    ReasonCodeError,
    WithAgencyError,
    WordsLengthError,
)
from referrals.referring.finding import ByHotline
from referrals.referring.models import AgencyReferral
from referrals.referring.sending import recall
from tests.conftest import MovableClock
from tests.referrals.referring.conftest import FIELDS, SUMMARY, Scene


async def _set(scene: Scene, **values: object) -> None:
    async with scene.database.unit_of_work() as session:
        await session.execute(sa.update(Referral).where(Referral.id == scene.case).values(**values))


async def test_an_agency_reads_the_chosen_fields_alone_and_nobodys_name(scene: Scene) -> None:
    await _set(scene, place="province:TH-50", kinds=["detention"])
    request_id = await scene.send()
    shared = await scene.read(request_id)
    assert shared.fields == {"kinds": ["detention"], "place": "province:TH-50", "summary": SUMMARY}
    assert (shared.state, shared.identity, shared.who, shared.note) == ("sent", "withheld", {}, "ขอให้ติดต่อกลับ")
    assert await scene.steps() == ["sent"]
    # Alerts say neither what nor, to the agency, which case of ours.
    assert await scene.told(scene.officers["police"]) == [("agency_request", None)]
    assert await scene.told(scene.officers["msdhs"]) == []


async def test_what_was_shared_is_unreadable_in_the_database(scene: Scene) -> None:
    request_id = await scene.send()
    async with scene.database.unit_of_work() as session:
        row = await session.get_one(AgencyReferral, request_id)
        raw = await session.scalar(sa.select(sa.cast(AgencyReferral.shared, sa.LargeBinary)))
    assert SUMMARY.encode() not in bytes(raw or b"")
    assert row.fields == ["kinds", "place", "summary"]


async def test_it_needs_the_persons_word_for_this_kind_of_agency_or_a_supervisors_ground(
    scene: Scene,
) -> None:
    fields = {"needs": "ขอให้เตรียมล่าม"}
    with pytest.raises(ConsentError):
        await scene.send("court", fields=fields)
    with pytest.raises(OverrideError):
        await scene.send("court", fields=fields, ground="court_order", ground_reason="คำสั่งลงวันนี้")
    with pytest.raises(WordsLengthError):
        await scene.send("court", by=scene.overseer, fields=fields, ground="court_order")
    request_id = await scene.send(
        "court", by=scene.overseer, fields=fields, ground="court_order", ground_reason="คำสั่งลงวันนี้"
    )
    row = await scene.row(request_id)
    assert (row.override, row.override_reason is not None) == ("court_order", True)
    assert (await scene.row(await _recalled_then(scene, request_id))).override is None


async def _recalled_then(scene: Scene, request_id: object) -> object:
    """A ground that nobody needed is not written down."""
    await scene.do(recall, request_id, scene.staff, reason="other_agency")
    return await scene.send("police", by=scene.overseer, ground="child", ground_reason="เด็ก")


async def test_one_request_of_a_case_waits_at_a_time(scene: Scene) -> None:
    first = await scene.send("police")
    for kind in ("police", "msdhs"):
        with pytest.raises(PendingError):
            await scene.send(kind)
    await scene.do(accept, first, scene.officer("police"))
    with pytest.raises(WithAgencyError):
        await scene.send("police")
    await scene.send("msdhs")


async def test_a_life_does_not_wait_for_a_clerk(scene: Scene) -> None:
    await _set(scene, priority="P0")
    await scene.send("police")
    await scene.send("msdhs")
    with pytest.raises(PendingError):
        await scene.send("police")


async def test_of_two_who_send_at_once_one_does(scene: Scene) -> None:
    ended = await asyncio.gather(scene.send("police"), scene.send("msdhs"), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["PendingError", "UUID"]


async def test_it_goes_only_to_open_agencies_paired_with_the_hotline_under_an_agreement_that_holds(
    scene: Scene, standing_clock: MovableClock
) -> None:
    with pytest.raises(AgencyUnknownError):
        await scene.send(agency_id=new_id())
    async with scene.database.unit_of_work() as session:
        await session.execute(
            sa.update(Agency).where(Agency.kind == "police").values(basis_until=date(2026, 11, 22))
        )
    with pytest.raises(AgreementEndedError):
        await scene.send()
    async with scene.database.unit_of_work() as session:
        await session.execute(sa.update(Agency).values(basis_until=date(2026, 11, 23)))
        await end_pairing(session, None, scene.agencies["msdhs"])
    with pytest.raises(AgencyUnknownError):
        await scene.send("msdhs")
    # The agreement's last day is a day of it, by the calendar of Bangkok.
    standing_clock.advance(hours=13)
    await scene.send()


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({}, "field_missing", ""),
        ({"thread": ""}, "field_unknown", "thread"),
        ({"assets": "บ้าน"}, "field_unknown", "assets"),
        ({"name": "x"}, "field_unknown", "name"),
        ({"place": "เชียงใหม่"}, "field_of_case", "place"),
        ({"summary": "  "}, "field_length", "summary"),
        ({"summary": "ก" * 2001}, "field_length", "summary"),
    ],
)
async def test_a_field_that_is_not_of_the_template_is_refused_by_name(
    scene: Scene, fields: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(FieldError) as error:
        await scene.send(fields=fields)
    assert (error.value.code, error.value.field) == (code, field)
    assert await scene.steps() == []


async def test_a_name_in_free_words_is_noticed_unless_somebody_looked_at_it(scene: Scene) -> None:
    smuggled = {"summary": "ผู้เสียหายคือนางสาวมาลี", "needs": "โทร 081-234-5678"}
    with pytest.raises(NamesSomebodyError) as error:
        await scene.send(fields=smuggled)
    assert error.value.fields == ("summary", "needs")
    with pytest.raises(NamesSomebodyError):
        await scene.send(note="ชื่อเล่น: มะลิ")
    # Who is accused may be named to whoever looks for them.
    request_id = await scene.send(fields={"accused": "นายหน้าชื่อ นายดำ โทร 081-234-5678"})
    assert "นายดำ" in (await scene.read(request_id)).fields["accused"]
    await scene.do(recall, request_id, scene.staff, reason="other")
    await scene.send(fields=smuggled, looked_through=True)


async def test_only_who_holds_the_case_or_oversees_it_refers_it(scene: Scene) -> None:
    stranger = ByHotline(scene.case, new_id())
    with pytest.raises(HeldError):
        await scene.send(by=stranger)
    with pytest.raises(NotFoundError):
        await scene.send(by=ByHotline(new_id(), scene.anong))
    await _set(scene, state="open", claimed_by=None)
    for staff in (scene.staff, scene.overseer):
        with pytest.raises(NotClaimedError):
            await scene.send(by=staff)
    await _set(scene, state="cancelled")
    with pytest.raises(EndedError):
        await scene.send(by=scene.overseer)
    # What follows a judgment comes long after the hotline closed its report.
    await _set(scene, state="closed", claimed_by=scene.anong, closed_as="helped")
    await scene.send()


async def test_it_may_follow_one_that_was_declined_but_nothing_else(scene: Scene) -> None:
    with pytest.raises(AfterError):
        await scene.send(after_id=new_id())
    first = await scene.send()
    await scene.do(decline, first, scene.officer("police"), reason="other_area")
    second = await scene.send("msdhs", after_id=first)
    assert (await scene.row(second)).after_id == first
    await scene.do(accept, second, scene.officer("msdhs"))
    with pytest.raises(AfterError):
        await scene.send(after_id=second)


async def test_what_was_recalled_is_read_no_more(scene: Scene) -> None:
    request_id = await scene.send()
    with pytest.raises(ReasonCodeError):
        await scene.do(recall, request_id, scene.staff, reason="because")
    await scene.do(recall, request_id, scene.staff, reason="wrong_agency", note="ส่งผิด")
    shared = await scene.read(request_id)
    assert (shared.state, shared.fields, shared.note, shared.reason) == ("recalled", {}, None, "wrong_agency")
    assert await scene.steps() == ["sent", "recalled"]
    assert await scene.told(scene.officers["police"]) == [("agency_request", None), ("agency_recalled", None)]
    for refused in (
        scene.do(recall, request_id, scene.staff, reason="other"),
        scene.do(accept, request_id, scene.officer("police")),
    ):
        with pytest.raises(OverError):
            await refused


async def test_what_an_agency_works_on_only_a_supervisor_takes_back(scene: Scene) -> None:
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    with pytest.raises(OverError):
        await scene.do(recall, request_id, scene.staff, reason="person_asked")
    await scene.do(recall, request_id, scene.overseer, reason="person_asked")
    assert (await scene.row(request_id)).state == "recalled"


async def test_a_refusal_leaves_nothing_behind(scene: Scene) -> None:
    before = await scene.told(scene.officers["police"])
    for wrong in ({"fields": {}}, {"note": "ก" * 2001}, {"after_id": new_id()}, {"agency_id": new_id()}):
        with pytest.raises(AppError):
            await scene.send(**{"fields": FIELDS} | wrong)
    assert (await scene.steps(), await scene.told(scene.officers["police"])) == ([], before)
