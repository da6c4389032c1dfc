"""After "forget me" nothing of the person opens any more, in any table. Guards 11 and 18."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from app.models import METADATA
from bots.dialogues.rights import say_farewell
from bots.dispatch.forgetting import carry_out
from bots.dispatch.unlinking import MenuForgetter
from core.accounts.invitations import add_account
from core.clock import bangkok, utc_now
from core.contacts.erasure import due_wishes, proof_of
from core.crypto.boxed import Sealed
from core.crypto.data_keys import DataKey
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError
from core.ids import new_id
from referrals.cases import answer
from referrals.hiding import set_code_word
from referrals.keeping.holding import hold_report
from referrals.models import Referral
from referrals.queue import claim
from referrals.report_erasure import ERASES_AFTER, WANTS_ERASURE
from tests.conftest import MovableClock
from tests.support.house import QuietHouse

DAO, EK = "U" + "da0" * 10 + "da", "U" + "e4c" * 10 + "e4"
OFFER = "รับแอดมินตอบแชท ปอยเปต เดินทางฟรี ไม่ต้องใช้เอกสาร เงินเดือน 45,000 ทักไลน์ @Rich888"
WORDS = {DAO: "แมวสีส้มหายไปเมื่อวาน", EK: "เรือใบสีฟ้าแล่นช้า"}
ANSWERED = {DAO: "เจอกันที่ศาลาใหญ่", EK: "โทรหาเราได้นะ"}


class Story:
    """Two people who check an offer, take news, talk to staff and are answered."""

    def __init__(self, quiet: QuietHouse) -> None:
        self.quiet = quiet
        self.number = 0

    async def does(self, who: str, event: dict[str, Any]) -> str:
        self.number += 1
        # Or our answer would queue up behind staff's, which nobody sends here.
        await self.quiet.rows("UPDATE message SET reason = 'held' WHERE state = 'pending'")
        event |= {
            "mode": "active", "timestamp": 1_700_000_000_000 + self.number, "webhookEventId": f"01E{self.number}",
            "replyToken": f"{self.number:032d}", "source": {"type": "user", "userId": who},
        }  # fmt: skip
        assert await self.quiet.post_line({"destination": "U", "events": [event]}) == 200
        await self.quiet.turn()
        await self.quiet.rows("UPDATE message SET state = 'sent', finished_at = now() WHERE kind <> 'staff'")
        return str(self.quiet.notebook.sent[-1].envelope.content)

    async def says(self, who: str, words: str) -> str:
        message = {"type": "text", "id": f"m{self.number}{who[:4]}", "text": words}
        return await self.does(who, {"type": "message", "message": message})

    async def presses(self, who: str, data: str) -> str:
        return await self.does(who, {"type": "postback", "postback": {"data": data}})

    async def contact_of(self, who: str) -> Any:
        key = self.quiet.keys.keyset.index("line-address", who)
        return await self.quiet.value("SELECT contact_id FROM channel_identity WHERE address_key = :k", k=key)

    async def tells_all(self, who: str) -> None:
        await self.says(who, OFFER)
        await self.presses(who, "n1:start")
        await self.presses(who, "p1:off.family")
        await self.presses(who, "m1:staff")
        await self.says(who, WORDS[who])
        async with self.quiet.database.unit_of_work() as session:
            officer = await add_account(
                session, self.quiet.keys, email=f"{who}@example.org".lower(), name="Anong", role="supervisor"
            )
            contact_id = await self.contact_of(who)
            referral = (
                await session.scalars(sa.select(Referral).where(Referral.contact_id == contact_id))
            ).one()
            await set_code_word(session, self.quiet.keys.keyset, referral.identity_id, "มะม่วงสุก")
            await claim(session, referral.id, officer.id)
            await answer(
                session, self.quiet.keys, referral_id=referral.id, account_id=officer.id, text=ANSWERED[who],
                notice="n", form_id=new_id(),
            )  # fmt: skip

    async def carry_out(self) -> int:
        """What the chore does when its time comes; return how many were forgotten."""
        async with self.quiet.database.unit_of_work() as session:
            due = await due_wishes(session)
        done = 0
        forgetter = MenuForgetter(self.quiet.database, self.quiet.keys, {})
        await forgetter.forget(due)
        for request_id in due:
            async with self.quiet.database.unit_of_work() as session:
                done += await carry_out(session, self.quiet.keys, request_id)
        return done

    async def everything(self) -> str:
        """Walk every row of every table: what stands there in the clear, and what any living key opens."""
        found: list[str] = []
        async with self.quiet.database.unit_of_work() as session:
            wrapped = (await session.execute(sa.select(DataKey.id, DataKey.wrapped))).all()
            living = [self.quiet.keys.open(row.id, row.wrapped) for row in wrapped if row.wrapped]
            names = await session.scalars(
                sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            )
            for name in names.all():
                for row in (await session.execute(sa.text(f'SELECT * FROM "{name}"'))).mappings():
                    for column, value in row.items():
                        if isinstance(value, bytes | memoryview):
                            found.append(bytes(value).hex())
                            found += self._opened(name, column, row, bytes(value), living)
                        else:
                            found.append(str(value))
        return "\n".join(found)

    def _opened(self, name: str, column: str, row: Any, value: bytes, living: list[bytes]) -> list[str]:
        table = METADATA.tables.get(name)
        if table is None or not isinstance(table.c[column].type, Sealed):
            return []
        bound_to = context(name, column, row[next(iter(table.primary_key)).name])
        opened = []
        for key in living:
            try:
                opened.append(open_sealed(key, value, bound_to).decode("utf-8", "replace"))
            except CryptoError:
                continue
        return opened


@pytest.fixture
async def story(quiet: QuietHouse) -> Story:
    return Story(quiet)


def traces(story: Story, who: str) -> list[str]:
    """What would tell of a person: their address, in the clear or as its hash, and what was said on both sides."""
    index = story.quiet.keys.keyset.index
    return [who, index("line-address", who).hex(), WORDS[who], ANSWERED[who]]


async def test_after_forget_me_nothing_of_the_person_opens_anywhere_and_the_others_stay(story: Story) -> None:
    for who in (DAO, EK):
        await story.tells_all(who)
    dao = await story.contact_of(DAO)
    before = await story.everything()
    # The walk finds them as long as they are there, or its silence would mean nothing.
    assert [trace for who in (DAO, EK) for trace in traces(story, who) if trace not in before] == []
    assert before.count(OFFER) >= 2
    await story.presses(DAO, "p1:forget")
    assert "กำลังลบ" in await story.presses(DAO, "p1:forget.yes")
    assert await story.carry_out() == 0
    await story.quiet.rows("UPDATE message SET state = 'sent', finished_at = now() WHERE kind <> 'staff'")
    assert await story.carry_out() == 1
    after = await story.everything()
    assert [trace for trace in traces(story, DAO) if trace in after] == []
    assert [trace for trace in traces(story, EK) if trace not in after] == []
    assert await story.quiet.value("SELECT count(*) FROM screening WHERE contact_id = :c", c=dao) == 0
    for table in (
        "wave_sender",
        "handle_report",
        "consent",
        "consent_event",
        "contact_rule",
        "broadcast_hold",
    ):
        assert await story.quiet.value(f"SELECT count(*) FROM {table} WHERE contact_id = :c", c=dao) == 0, (
            table
        )
    # Figures stay: the judgement, the matter with its times, the messages by their end.
    assert await story.quiet.value("SELECT count(*) FROM screening") == 2
    rows = await story.quiet.rows("SELECT state, closed_as FROM referral WHERE contact_id = :c", c=dao)
    assert rows == [("closed", "withdrawn")]


async def test_a_report_that_the_law_keeps_stays_whole_the_rest_goes_and_the_last_message_says_so(
    story: Story,
) -> None:
    await story.tells_all(DAO)
    contact_id = await story.contact_of(DAO)
    async with story.quiet.database.unit_of_work() as session:
        referral = (await session.scalars(sa.select(Referral))).one()
        assert referral.claimed_by is not None
        await hold_report(session, referral.id, ground="prosecution", by=referral.claimed_by)
    await story.presses(DAO, "p1:forget")
    await story.presses(DAO, "p1:forget.yes")
    await story.carry_out()
    assert "กฎหมายให้เก็บไว้ก่อน" in await story.everything()
    await story.quiet.rows("UPDATE message SET state = 'sent', finished_at = now() WHERE kind <> 'staff'")
    assert await story.carry_out() == 1
    after = await story.everything()
    address = [DAO, story.quiet.keys.keyset.index("line-address", DAO).hex()]
    assert [trace for trace in address if trace in after] == []
    assert WORDS[DAO] in after
    assert OFFER not in after
    held = await story.quiet.rows(
        "SELECT state, words_gone_at, erase_at IS NULL FROM referral WHERE contact_id = :c", c=contact_id
    )
    assert held == [("claimed", None, False)]


async def test_the_last_message_says_what_went_what_stays_and_its_proof_is_an_audit_row(
    story: Story, standing_clock: MovableClock
) -> None:
    await story.says(DAO, OFFER)
    await story.presses(DAO, "p1:forget")
    await story.presses(DAO, "p1:forget.yes")
    assert await story.carry_out() == 0
    request_id, farewell_id = (await story.quiet.rows("SELECT id, farewell_id FROM erasure_request"))[0]
    async with story.quiet.database.unit_of_work() as session:
        sealed = await story.quiet.value("SELECT content FROM message WHERE id = :m", m=farewell_id)
        contact_id = await story.contact_of(DAO)
        key_id = await story.quiet.value("SELECT data_key_id FROM contact WHERE id = :c", c=contact_id)
        key = await story.quiet.keys.load(session, key_id)
    said = open_sealed(key, bytes(sealed), context("message", "content", farewell_id)).decode()
    proof = proof_of(request_id)
    assert "23 พ.ย. 2569" in said
    assert said.count(proof) == 2
    assert re.search(r"400 วัน", said)
    await story.quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    assert await story.carry_out() == 1
    rows = await story.quiet.rows("SELECT actor_id, action, object_id, outcome FROM audit_event")
    assert rows == [(None, "contact.forget", request_id, "ok")]
    assert await story.carry_out() == 0


async def test_who_writes_again_is_a_stranger(story: Story) -> None:
    await story.tells_all(DAO)
    before = await story.contact_of(DAO)
    await story.presses(DAO, "p1:forget")
    await story.presses(DAO, "p1:forget.yes")
    await story.carry_out()
    await story.quiet.rows("UPDATE message SET state = 'sent', finished_at = now()")
    await story.carry_out()
    assert "ไม่มีเรื่องที่เปิดอยู่" in await story.presses(DAO, "s1:status")
    assert await story.contact_of(DAO) not in (None, before)


async def test_while_something_urgent_is_worked_on_it_waits_72_hours_and_can_be_taken_back(
    story: Story, standing_clock: MovableClock
) -> None:
    await story.tells_all(DAO)
    await story.quiet.rows("UPDATE referral SET priority = 'P1'")
    asked = await story.presses(DAO, "p1:forget")
    assert "72 ชั่วโมง" in asked
    await story.presses(DAO, "p1:forget.yes")
    due = await story.quiet.value("SELECT due_at FROM erasure_request")
    assert due == standing_clock() + ERASES_AFTER
    standing_clock.advance(hours=71)
    assert await story.carry_out() == 0
    assert await story.quiet.value("SELECT farewell_at FROM erasure_request") is None
    assert "ยังเก็บไว้" in await story.presses(DAO, "p1:stay")
    standing_clock.advance(hours=10)
    assert await story.carry_out() == 0
    assert await story.quiet.value("SELECT count(*) FROM data_key WHERE destroyed_at IS NOT NULL") == 0


async def test_who_blocked_us_is_forgotten_without_a_last_message(story: Story) -> None:
    await story.says(DAO, OFFER)
    await story.presses(DAO, "p1:forget")
    await story.presses(DAO, "p1:forget.yes")
    await story.does(DAO, {"type": "unfollow"})
    assert await story.carry_out() == 0
    assert await story.quiet.value("SELECT farewell_id FROM erasure_request") is None
    assert await story.carry_out() == 1
    assert DAO not in await story.everything()


async def test_the_line_of_the_last_message_tells_only_the_day_and_the_number() -> None:
    said = say_farewell("th", bangkok(utc_now()), "AB12", request_days=400, message_days=400)
    assert said.notice.startswith("เสร็จแล้ว")
    assert "AB12" in said.notice
    assert not said.sensitive


CRY = "ช่วยด้วย โดนขังอยู่ ออกไปไหนไม่ได้ เขายึดมือถือ"


async def test_a_cry_for_help_that_was_just_taken_back_makes_it_wait_as_well(story: Story) -> None:
    await story.says(DAO, CRY)
    await story.presses(DAO, "c1:cancel")
    await story.presses(DAO, "c1:cancel.yes")
    assert await story.quiet.value("SELECT state FROM referral") == "cancelled"
    assert "72 ชั่วโมง" in await story.presses(DAO, "p1:forget")
    await story.presses(DAO, "p1:forget.yes")
    wait = await story.quiet.value("SELECT due_at - requested_at FROM erasure_request")
    assert abs(wait - ERASES_AFTER).total_seconds() < 5


async def test_staff_see_that_who_is_in_danger_wants_to_be_forgotten_and_that_they_no_more_do(
    story: Story,
) -> None:
    await story.says(DAO, CRY)
    await story.presses(DAO, "p1:forget")
    await story.presses(DAO, "p1:forget.yes")
    assert WANTS_ERASURE in await story.quiet.value("SELECT reasons FROM referral")
    await story.presses(DAO, "p1:stay")
    assert WANTS_ERASURE not in await story.quiet.value("SELECT reasons FROM referral")
