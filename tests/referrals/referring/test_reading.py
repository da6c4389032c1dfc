from uuid import UUID

import pytest

from core.clock import utc_now
from core.contacts.models import ContactRule
from core.errors import NotFoundError
from core.ids import new_id
from referrals.agencies.templates import templates
from referrals.models import Referral
from referrals.referring.answering import accept, decline
from referrals.referring.filling import read_fields
from referrals.referring.finding import ByHotline
from referrals.referring.reading import Box, count_inbox, inbox, of_case
from tests.referrals.referring.conftest import Scene


async def _inbox(scene: Scene, kind: str, box: Box) -> list[UUID]:
    async with scene.database.unit_of_work() as session:
        return [line.id for line in await inbox(session, scene.agencies[kind], box=box)]


async def test_an_inbox_has_what_waits_what_is_worked_on_and_what_is_over(scene: Scene) -> None:
    first = await scene.send("police")
    assert await _inbox(scene, "police", "waiting") == [first]
    assert await _inbox(scene, "msdhs", "waiting") == []
    await scene.do(decline, first, scene.officer("police"), reason="no_capacity")
    second = await scene.send("police", after_id=first)
    await scene.do(accept, second, scene.officer("police"))
    assert [await _inbox(scene, "police", box) for box in ("waiting", "working", "ended")] == [
        [], [second], [first],
    ]  # fmt: skip
    async with scene.database.unit_of_work() as session:
        assert await count_inbox(session, scene.agencies["police"]) == {
            "waiting": 0,
            "working": 1,
            "ended": 1,
        }


async def test_an_inbox_is_read_page_by_page_the_newest_first(scene: Scene) -> None:
    sent: list[UUID] = []
    for _ in range(3):
        sent.append(await scene.send())
        await scene.do(decline, sent[-1], scene.officer("police"), reason="no_capacity")
    police = scene.agencies["police"]
    async with scene.database.unit_of_work() as session:
        newest = await inbox(session, police, box="ended", limit=2)
        older = await inbox(session, police, box="ended", after=newest[-1].id, limit=2)
    assert [line.id for line in (*newest, *older)] == sent[::-1]


async def test_staff_of_the_case_read_all_that_went_along_also_once_it_was_declined(scene: Scene) -> None:
    first = await scene.send()
    await scene.do(decline, first, scene.officer("police"), reason="too_little", note="ขอวันที่เกิดเหตุ")
    await scene.send("msdhs", after_id=first)
    async with scene.database.unit_of_work() as session:
        sent = await of_case(session, scene.keys, scene.staff)
        assert [(one.agency_kind, one.shared.state, one.after_id) for one in sent] == [
            ("msdhs", "sent", first), ("police", "declined", None),
        ]  # fmt: skip
        assert sent[1].shared.fields["summary"]
        assert sent[1].shared.reason_note == "ขอวันที่เกิดเหตุ"
        for stranger in (ByHotline(scene.case, new_id()), ByHotline(new_id(), scene.anong, oversees=True)):
            with pytest.raises(NotFoundError):
                await of_case(session, scene.keys, stranger)


async def test_the_case_fills_every_field_that_is_not_written(scene: Scene) -> None:
    async with scene.database.unit_of_work() as session:
        referral = await session.get_one(Referral, scene.case)
        codes = [code for code, field in templates().field.items() if not field.is_written]
        found = await read_fields(session, scene.keys, referral, codes, kind="msdhs")
        assert list(found) == codes
        # Nobody said that we may write first.
        assert (found["contact_way"], found["priority"], found["opened_on"]) == ("wait", "P2", "2026-11-23")
        rule = ContactRule(
            contact_id=referral.contact_id, may_write_first=True, from_minute=600, until_minute=700, changed_at=utc_now()
        )  # fmt: skip
        session.add(rule)
        await session.flush()
        assert (await read_fields(session, scene.keys, referral, ["contact_way"], kind="msdhs")) == {
            "contact_way": "hours"
        }
        rule.from_minute = rule.until_minute = None
        assert (await read_fields(session, scene.keys, referral, ["contact_way"], kind="msdhs")) == {
            "contact_way": "chat"
        }
