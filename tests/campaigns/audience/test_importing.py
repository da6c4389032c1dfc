"""Lists of people who agreed elsewhere: taken in, and of no use to find out about one. Guards 8."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.audience.counting import TooFewError, check_size, count_audience, list_tags
from campaigns.audience.importing import ProofError, list_lists, take_in
from campaigns.audience.lists import Row, read_list
from campaigns.audience.selecting import members
from campaigns.audience.traits import TagError, read_name
from campaigns.models import ContactTrait, ListImport
from campaigns.plans.audience import Audience, TagRule
from core.clock import utc_now
from core.consent import ConsentEvent, record_consent
from core.contacts.models import Contact
from core.ids import new_id
from tests.campaigns.audience.crowd import Crowd
from tests.support.cast import Person, make_person

PROOF = "เซ็นใบยินยอมวันอบรม 1 พ.ย. 2569 ที่ ศพค. หนองคาย เก็บต้นฉบับไว้ที่ พมจ."
MADE_UP = [Row("line", f"U{n:032x}", None, None) for n in range(1, 61)]


async def person(crowd: Crowd, name: str, channel: str = "line") -> Person:
    async with crowd.database.unit_of_work() as session:
        return await make_person(session, crowd.keys, name=name, channel=channel)


def row(one: Person, province: str | None = None, name: str | None = None) -> Row:
    return Row("telegram" if one.channel == "telegram" else "line", one.address, province, name)


async def bring(crowd: Crowd, rows: list[Row], tag: str = "อบรม", **more: Any) -> UUID:
    list_id, author = more.pop("list_id", new_id()), await crowd.author()
    async with crowd.database.unit_of_work() as session:
        await take_in(
            session, crowd.keys, rows, list_id=list_id, tag=tag, author_id=author,
            **{"proof": PROOF, "wording": "รับข่าวเตือนภัยทาง LINE หยุดได้ทุกเมื่อ"} | more,
        )  # fmt: skip
    return list_id


async def tagged(crowd: Crowd, tag: str = "อบรม") -> set[UUID]:
    async with crowd.database.unit_of_work() as session:
        rows = await session.execute(members(Audience(include=(TagRule(tags=(tag,)),)), "", utc_now()))
        return {one.contact_id for one in rows}


async def test_known_people_agree_by_the_list_and_the_ledger_says_so(crowd: Crowd) -> None:
    dao, ek = await person(crowd, "ดาว"), await person(crowd, "เอก", "telegram")
    fah = await person(crowd, "ฟ้า")
    ours = Row("ours", str(fah.contact_id), None, None)
    list_id = await bring(crowd, [row(dao), row(ek), ours, *MADE_UP])
    assert await tagged(crowd) == {dao.contact_id, ek.contact_id, fah.contact_id}
    async with crowd.database.unit_of_work() as session:
        events = (await session.scalars(sa.select(ConsentEvent))).all()
        assert {(e.contact_id, e.topic, e.granted, e.wording, e.source) for e in events} == {
            (one.contact_id, "campaigns", True, f"list:{list_id}", "import") for one in (dao, ek, fah)
        }
        kept = (await session.scalars(sa.select(ListImport))).one()
        assert (kept.rows, kept.taken, kept.proof) == (63, 3, PROOF)
        assert [(one.id, one.rows) for one in await list_lists(session)] == [(list_id, 63)]


async def test_a_no_of_ones_own_is_never_overridden(crowd: Crowd) -> None:
    dao, ek = await person(crowd, "ดาว"), await person(crowd, "เอก")
    async with crowd.database.unit_of_work() as session:
        for granted in (True, False):
            await record_consent(
                session, dao.contact_id, "campaigns", granted=granted, wording="1", source="word"
            )
    await bring(crowd, [row(dao), row(ek), *MADE_UP])
    assert await tagged(crowd) == {ek.contact_id}
    assert (await crowd.run("SELECT count(*) FROM contact_tag")).scalar() == 1
    events = (
        await crowd.run("SELECT count(*) FROM consent_event WHERE contact_id = ANY(:ids)", [dao.contact_id])
    ).scalar()
    assert events == 2


async def test_a_yes_of_ones_own_keeps_its_place_in_the_ledger(crowd: Crowd) -> None:
    dao = await person(crowd, "ดาว")
    async with crowd.database.unit_of_work() as session:
        await record_consent(session, dao.contact_id, "campaigns", granted=True, wording="1", source="button")
    await bring(crowd, [row(dao), *MADE_UP])
    assert await tagged(crowd) == {dao.contact_id}
    assert (await crowd.run("SELECT array_agg(source) FROM consent_event")).scalar() == ["button"]


async def test_who_is_under_eighteen_or_forgotten_is_not_taken_in(crowd: Crowd) -> None:
    child, gone = await person(crowd, "เด็ก"), await person(crowd, "ลบแล้ว")
    await crowd.run("UPDATE contact SET minor = TRUE WHERE id = ANY(:ids)", [child.contact_id])
    await crowd.run("UPDATE contact SET erased_at = :now WHERE id = ANY(:ids)", [gone.contact_id])
    await bring(crowd, [row(child), row(gone), *MADE_UP])
    assert (await crowd.run("SELECT count(*) FROM consent")).scalar() == 0


async def test_the_same_list_twice_is_the_same_as_once(crowd: Crowd) -> None:
    dao, list_id = await person(crowd, "ดาว"), new_id()
    for _ in range(2):
        await bring(crowd, [row(dao), *MADE_UP], list_id=list_id)
    assert (await crowd.run("SELECT count(*) FROM consent_event")).scalar() == 1
    await bring(crowd, [row(dao), *MADE_UP], tag="อีกครั้ง")
    assert await tagged(crowd, "อีกครั้ง") == await tagged(crowd) == {dao.contact_id}


async def test_what_a_list_knows_stands_where_the_person_said_nothing(crowd: Crowd) -> None:
    dao, ek = await person(crowd, "ดาว"), await person(crowd, "เอก")
    await crowd.live_in([ek.contact_id], "50")
    await bring(crowd, [row(dao, "10", "พี่ดาว"), row(ek, "11", "พี่เอก"), *MADE_UP])
    async with crowd.database.unit_of_work() as session:
        found = {}
        for one in (dao, ek):
            trait = await session.get_one(ContactTrait, one.contact_id)
            contact = await session.get_one(Contact, one.contact_id)
            key = await crowd.keys.load(session, contact.data_key_id)
            found[one.contact_id] = (trait.province, read_name(trait, key))
            assert read_name(trait, bytes(32)) is None
    assert found == {dao.contact_id: ("10", "พี่ดาว"), ek.contact_id: ("50", "พี่เอก")}


@pytest.mark.parametrize("proof", ["", "เซ็นแล้ว", "-" * 40, "ก" * 2_001])
async def test_a_list_without_proof_changes_nothing(crowd: Crowd, proof: str) -> None:
    dao = await person(crowd, "ดาว")
    with pytest.raises(ProofError):
        await bring(crowd, [row(dao), *MADE_UP], proof=proof)
    with pytest.raises(TagError):
        await bring(crowd, [row(dao), *MADE_UP], tag=" ")
    assert (await crowd.run("SELECT count(*) FROM list_import")).scalar() == 0


# --- what an attacker tries -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("held", [False, True])
async def test_one_person_among_made_up_rows_is_neither_said_nor_sent_to(crowd: Crowd, *, held: bool) -> None:
    dao = await person(crowd, "ดาว")
    await crowd.come(200)
    if held:
        await crowd.hold([dao.contact_id])
    file = "\n".join([dao.address, *(one.address for one in MADE_UP[:49])]).encode()
    await bring(crowd, read_list(file), tag="เป้า")
    only = Audience(include=(TagRule(tags=("เป้า",)),))
    rest = Audience(exclude=(TagRule(tags=("เป้า",)),))
    async with crowd.database.unit_of_work() as session:
        counted = await count_audience(session, only, "")
        assert (counted.total, counted.include, counted.no_consent) == (None, (None,), None)
        assert [(one.tag, one.people) for one in await list_tags(session)] == [("เป้า", None)]
        with pytest.raises(TooFewError):
            await check_size(session, only, "")
        # Leaving one out is felt by no figure.
        everybody = await count_audience(session, Audience(), "")
        assert (await count_audience(session, rest, "")).total == everybody.total


async def test_made_up_people_are_nobody_so_that_they_fill_up_no_audience(crowd: Crowd) -> None:
    before = (await crowd.run("SELECT count(*) FROM contact")).scalar()
    await bring(crowd, MADE_UP)
    assert (await crowd.run("SELECT count(*) FROM contact")).scalar() == before
    assert await tagged(crowd) == set()


async def test_two_lists_that_differ_by_one_person_tell_nothing_of_them(crowd: Crowd) -> None:
    people = [await person(crowd, f"คนที่ {n}") for n in range(26)]
    await bring(crowd, [row(one) for one in people[:-1]] + MADE_UP, tag="หนึ่ง")
    await bring(crowd, [row(one) for one in people] + MADE_UP, tag="สอง")
    one, two = TagRule(tags=("หนึ่ง",)), TagRule(tags=("สอง",))
    async with crowd.database.unit_of_work() as session:
        apart = await count_audience(session, Audience(include=(two,), exclude=(one,)), "")
        assert apart.total is None
        before = [await count_audience(session, Audience(include=(rule,)), "") for rule in (one, two)]
    await crowd.hold([people[-1].contact_id])
    async with crowd.database.unit_of_work() as session:
        after = [await count_audience(session, Audience(include=(rule,)), "") for rule in (one, two)]
    assert after == before
