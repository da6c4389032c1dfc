import pytest
import sqlalchemy as sa

from core.errors import NotFoundError
from core.ids import new_id
from referrals.models import Referral
from referrals.packets.gate import IdentityError, OverrideError
from referrals.referring.answering import accept, open_request
from referrals.referring.errors import FieldError, OverError, WordsLengthError
from referrals.referring.finding import ByHotline
from referrals.referring.identity import (
    ask_identity,
    give_identity,
    refuse_identity,
    take_identity_back,
)
from referrals.referring.reading import read_sent
from referrals.referring.sending import recall
from tests.referrals.referring.conftest import Scene

WHO = {"name": "มาลี ทองดี", "phone": "081-234-5678"}


async def test_it_is_asked_with_a_reason_and_given_in_a_second_step(scene: Scene) -> None:
    await scene.agree("police", named=True)
    request_id, krit = await scene.send(), scene.officer("police")
    # Consent to be named alone names nobody.
    assert (await scene.read(request_id)).who == {}
    with pytest.raises(OverError):
        await scene.do(ask_identity, request_id, krit, reason="จะสอบปากคำ")
    await scene.do(accept, request_id, krit)
    with pytest.raises(WordsLengthError):
        await scene.do(ask_identity, request_id, krit, reason=" ")
    await scene.do(ask_identity, request_id, krit, reason="จะสอบปากคำ")
    assert (await scene.read(request_id)).identity == "asked"
    await scene.do(give_identity, request_id, scene.staff, who=WHO, reason="ตามที่ตกลง")
    shared = await scene.read(request_id)
    assert (shared.identity, shared.who, shared.identity_asked, shared.identity_answered) == (
        "given", WHO, "จะสอบปากคำ", "ตามที่ตกลง",
    )  # fmt: skip
    row = await scene.row(request_id)
    assert row.identity_by == scene.anong
    assert [kind for kind, _ in await scene.told(scene.anong)] == ["agency_accepted", "agency_asks_identity"]


async def test_without_the_persons_word_only_a_supervisor_gives_it_on_a_ground(scene: Scene) -> None:
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    given = {"who": WHO, "reason": "ชีวิตอยู่ในอันตราย"}
    with pytest.raises(IdentityError):
        await scene.do(give_identity, request_id, scene.overseer, **given)
    with pytest.raises(OverrideError):
        await scene.do(give_identity, request_id, scene.staff, ground="life_danger", **given)
    assert (await scene.read(request_id)).who == {}
    await scene.do(give_identity, request_id, scene.overseer, ground="life_danger", **given)
    assert (await scene.read(request_id)).who == WHO


async def test_it_may_be_refused_and_asked_again(scene: Scene) -> None:
    request_id, krit = await scene.send(), scene.officer("police")
    await scene.do(accept, request_id, krit)
    with pytest.raises(OverError):
        await scene.do(refuse_identity, request_id, scene.staff, reason="ยังไม่จำเป็น")
    await scene.do(ask_identity, request_id, krit, reason="จะสอบปากคำ")
    with pytest.raises(OverError):
        await scene.do(ask_identity, request_id, krit, reason="อีกครั้ง")
    await scene.do(refuse_identity, request_id, scene.staff, reason="ยังไม่จำเป็น")
    shared = await scene.read(request_id)
    assert (shared.identity, shared.identity_answered, shared.who) == ("refused", "ยังไม่จำเป็น", {})
    await scene.do(ask_identity, request_id, krit, reason="ศาลนัดแล้ว")
    assert (await scene.read(request_id)).identity_asked == "ศาลนัดแล้ว"


async def test_taken_back_nobody_reads_it_from_then_on_and_what_was_read_is_known(scene: Scene) -> None:
    await scene.agree("police", named=True)
    request_id, krit = await scene.send(), scene.officer("police")
    await scene.do(accept, request_id, krit)
    with pytest.raises(OverError):
        await scene.do(take_identity_back, request_id, scene.staff, reason="ยังไม่ได้ให้")
    await scene.do(give_identity, request_id, scene.staff, who=WHO, reason="ตามที่ตกลง")
    assert (await scene.row(request_id)).identity_read_at is None
    await scene.do(open_request, request_id, krit)
    read_at = (await scene.row(request_id)).identity_read_at
    assert read_at is not None
    with pytest.raises(WordsLengthError):
        await scene.do(take_identity_back, request_id, scene.staff, reason=" ")
    await scene.do(take_identity_back, request_id, scene.staff, reason="ส่งผิดคน")
    shared = await scene.read(request_id)
    assert (shared.identity, shared.who, shared.identity_taken_back) == ("taken_back", {}, "ส่งผิดคน")
    async with scene.database.unit_of_work() as session:
        sent = (await read_sent(session, scene.keys, request_id, scene.staff)).shared
    assert (sent.who, sent.identity_read_at) == (WHO, read_at)
    await scene.do(ask_identity, request_id, krit, reason="ศาลนัดแล้ว")
    await scene.do(give_identity, request_id, scene.staff, who={"name": "มาลี ทองดี"}, reason="หมายศาล")
    # What was taken back is not given again by the way.
    assert (await scene.read(request_id)).who == {"name": "มาลี ทองดี"}
    assert (await scene.row(request_id)).identity_read_at is None


async def test_the_persons_own_word_takes_it_back_but_not_from_a_life_in_danger(scene: Scene) -> None:
    for ground, after in (("", {}), ("life_danger", WHO)):
        await scene.agree("police", named=not ground)
        request_id = await scene.send()
        await scene.do(accept, request_id, scene.officer("police"))
        await scene.do(give_identity, request_id, scene.overseer, who=WHO, reason="x", ground=ground)
        await scene.agree("police", named=False)
        shared = await scene.read(request_id)
        assert (shared.who, shared.identity) == (after, "given" if ground else "taken_back")
        await scene.do(recall, request_id, scene.overseer, reason="person_asked")


async def test_only_parts_of_the_agencys_template_are_given(scene: Scene) -> None:
    await scene.agree("police", named=True)
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    for who in ({"passport": "AA1234567"}, {}, {"name": " "}, {"name": "ก" * 301}):
        with pytest.raises(FieldError):
            await scene.do(give_identity, request_id, scene.staff, who=who, reason="x")
    assert (await scene.row(request_id)).identity == "withheld"


async def test_of_a_life_in_danger_it_is_given_before_it_was_accepted(scene: Scene) -> None:
    await scene.agree("police", named=True)
    request_id = await scene.send()
    with pytest.raises(OverError):
        await scene.do(give_identity, request_id, scene.staff, who=WHO, reason="x")
    async with scene.database.unit_of_work() as session:
        await session.execute(sa.update(Referral).where(Referral.id == scene.case).values(priority="P0"))
    await scene.do(give_identity, request_id, scene.staff, who=WHO, reason="ต้องรู้ว่าตามหาใคร")
    assert (await scene.read(request_id)).who == WHO


async def test_who_does_not_hold_the_case_gives_and_refuses_nothing(scene: Scene) -> None:
    await scene.agree("police", named=True)
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    for stranger in (ByHotline(scene.case, new_id()), ByHotline(new_id(), scene.anong)):
        with pytest.raises(NotFoundError):
            await scene.do(give_identity, request_id, stranger, who=WHO, reason="x")
    with pytest.raises(NotFoundError):
        await scene.do(ask_identity, request_id, scene.officer("msdhs"), reason="x")
