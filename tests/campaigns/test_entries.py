"""Keywords and codes that begin campaigns, on a real database; it is Monday 23 November 2026, 10.00 in Bangkok."""

import asyncio
from datetime import date, time
from typing import get_args
from uuid import UUID

import pytest
import sqlalchemy as sa

from campaigns.entries import (
    EntryOverError,
    KeywordError,
    KeywordTakenError,
    Opened,
    Reader,
    Use,
    close_entry,
    find_opened,
    line_link,
    list_entries,
    note_uses,
    open_entry,
    read_entry,
    telegram_link,
    tidy_keyword,
)
from campaigns.links import keep_links
from campaigns.models import Campaign, CampaignState, ContactTag, ContactTrait, DripStart
from campaigns.plans.blocks import LinkBlock, TextBlock, Wording
from campaigns.plans.hours import instant
from campaigns.plans.plan import Plan, Step
from campaigns.plans.times import Drip, Once
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database, driver_connection
from core.errors import NotFoundError
from core.ids import new_id
from core.messages.content import Content, Text
from tests.campaigns.office import agreed_to, draft, hire, plan
from tests.conftest import MovableClock
from tests.support.cast import make_person

BASE = "https://rootan.example"
KEYWORD = "รู้ทันงาน"
SAID = Plan(
    (
        Step(
            (
                Wording(
                    (
                        TextBlock(
                            "t", {"th": "สวัสดี {name|คุณ} จาก{province|บ้านเรา}", "en": "Hello {name|you}"}
                        ),
                        LinkBlock("l", {"th": "อ่านต่อ"}, {"th": "เปิด"}, "https://www.doe.go.th/"),
                    ),
                    {"th": "มีข้อความใหม่"},
                ),
            )
        ),
    ),
    schedule=Once(instant(date(2026, 11, 23), time(12))),
)


class Office:
    def __init__(self, database: Database, keys: DataKeys, maker: UUID, checker: UUID) -> None:
        self.database, self.keys, self.maker, self.checker = database, keys, maker, checker

    async def campaign(self, made: Plan = SAID, state: CampaignState = "scheduled", title: str = "ก") -> UUID:
        campaign_id = await agreed_to(self.database, self.maker, self.checker, made, title)
        await self.turn(campaign_id, state)
        return campaign_id

    async def turn(self, campaign_id: UUID, state: str) -> None:
        async with self.database.unit_of_work() as session:
            (await session.get_one(Campaign, campaign_id)).state = state

    async def open(self, campaign_id: UUID, keyword: str = KEYWORD, tag: str = "") -> UUID:
        async with self.database.unit_of_work() as session:
            return await open_entry(session, campaign_id=campaign_id, keyword=keyword, tag=tag, by=self.maker)

    async def close(self, entry_id: UUID) -> None:
        async with self.database.unit_of_work() as session:
            await close_entry(session, entry_id)

    async def asks(self, kind: str, sent: str, reader: Reader | None = None) -> Opened | None:
        async with self.database.unit_of_work() as session:
            reader = reader or Reader(new_id(), "th", b"")
            return (await find_opened(session, BASE, [(kind, sent, reader)]))[0]

    async def uses(self, *uses: Use) -> None:
        async with self.database.unit_of_work() as session:
            await note_uses(session, await driver_connection(session), uses, utc_now())

    async def person(self, name: str) -> UUID:
        async with self.database.unit_of_work() as session:
            return (await make_person(session, self.keys, name=name)).contact_id


@pytest.fixture
async def office(database: Database, keys: DataKeys, standing_clock: MovableClock) -> Office:
    maker = await hire(database, keys, "Malee", "campaign_manager")
    return Office(database, keys, maker, await hire(database, keys, "Chai"))


def words(content: Content) -> str:
    return next(one.text for one in content.bubbles if isinstance(one, Text))


async def test_a_keyword_and_a_code_open_the_first_step_with_short_links_and_what_is_known(
    office: Office,
) -> None:
    campaign_id = await office.campaign()
    entry_id = await office.open(campaign_id)
    who = await office.person("ก")
    async with office.database.unit_of_work() as session:
        await keep_links(session, campaign_id, SAID)
        session.add(ContactTrait(contact_id=who, province="10", changed_at=utc_now()))
        code = (await read_entry(session, entry_id)).code
    assert 8 <= len(code) <= 64
    for kind, sent in (("word", KEYWORD), ("code", code)):
        opened = await office.asks(kind, sent, Reader(who, "th", b""))
        assert opened is not None
        assert opened.entry_id == entry_id
        assert words(opened.content) == "สวัสดี คุณ จากกรุงเทพมหานคร"
        assert f"{BASE}/l/" in str(opened.content)
        assert "doe.go.th" not in str(opened.content)
    english = await office.asks("word", KEYWORD, Reader(new_id(), "en", b""))
    assert english is not None
    assert words(english.content) == "Hello you"
    assert await office.asks("word", code) is None
    assert await office.asks("code", KEYWORD) is None
    assert await office.asks("code", code.swapcase()) is None


async def test_nothing_is_shown_but_what_was_approved_and_not_stopped(office: Office) -> None:
    campaign_id = await office.campaign()
    entry_id = await office.open(campaign_id)
    shown = set()
    for state in get_args(CampaignState):
        await office.turn(campaign_id, state)
        if await office.asks("word", KEYWORD) is not None:
            shown.add(state)
    assert shown == {"scheduled", "running", "done"}
    await office.turn(campaign_id, "running")
    async with office.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).title = "แก้ข้างหลัง"
    assert await office.asks("word", KEYWORD) is None
    async with office.database.unit_of_work() as session:
        (await session.get_one(Campaign, campaign_id)).title = "ก"
    assert await office.asks("word", KEYWORD) is not None
    await office.close(entry_id)
    assert await office.asks("word", KEYWORD) is None


async def test_a_keyword_begins_one_campaign_until_its_entry_is_closed(office: Office) -> None:
    first, second = await office.campaign(), await office.campaign(title="ข")
    found = await asyncio.gather(office.open(first), office.open(second), return_exceptions=True)
    assert sum(isinstance(one, KeywordTakenError) for one in found) == 1
    entry_id = next(one for one in found if isinstance(one, UUID))
    await office.close(entry_id)
    await office.open(second)
    opened = await office.asks("word", KEYWORD)
    assert opened is not None
    async with office.database.unit_of_work() as session:
        assert [entry.closed_at is None for entry in await list_entries(session, second)].count(True) == 1
        with pytest.raises(NotFoundError):
            await close_entry(session, new_id())


async def test_what_ended_without_going_out_can_not_be_begun(office: Office) -> None:
    for state in ("cancelled", "expired"):
        campaign_id = await draft(office.database, office.maker, SAID)
        await office.turn(campaign_id, state)
        with pytest.raises(EntryOverError):
            await office.open(campaign_id)


@pytest.mark.parametrize(
    "keyword",
    [
        "",
        "ก",
        "ก" * 31,
        "123456",
        "https://x.th",
        "รู้ทัน!",
        "/start",
        "a\nb" * 12,
    ],
)
def test_what_nobody_would_type_is_no_keyword(keyword: str) -> None:
    with pytest.raises(KeywordError):
        tidy_keyword(keyword)


def test_a_keyword_is_kept_as_it_is_compared() -> None:
    assert tidy_keyword("  Family   WEEK ") == "family week"
    assert tidy_keyword("รู้ทัน 25 พย") == "รู้ทัน 25 พย"


async def test_uses_are_counted_of_nobody_and_hidden_while_they_are_few(office: Office) -> None:
    campaign_id = await office.campaign()
    entry_id = await office.open(campaign_id, tag="ตลาดนัด")
    who, child = await office.person("ก"), await office.person("เด็ก")
    await office.uses(*[Use(entry_id, who)] * 18, Use(entry_id, child, minor=True))
    async with office.database.unit_of_work() as session:
        assert (await read_entry(session, entry_id)).used is None
    await office.uses(*[Use(entry_id, who)] * 6, Use(new_id(), who))
    async with office.database.unit_of_work() as session:
        assert [entry.used for entry in await list_entries(session, campaign_id)] == [20]
        tagged = (await session.execute(sa.select(ContactTag.contact_id, ContactTag.tag))).all()
        assert [tuple(row) for row in tagged] == [(who, "ตลาดนัด")]


async def test_a_drip_begins_with_its_first_step_answered(
    office: Office, standing_clock: MovableClock
) -> None:
    campaign_id = await office.campaign(plan(Drip("entered", time(9), (0, 3)), 2))
    entry_id = await office.open(campaign_id)
    who = await office.person("ก")
    await office.uses(Use(entry_id, who), Use(entry_id, await office.person("เด็ก"), minor=True))
    standing_clock.advance(days=2)
    await office.uses(Use(entry_id, who))
    async with office.database.unit_of_work() as session:
        starts = (await session.scalars(sa.select(DripStart))).all()
        assert [(s.contact_id, s.began_on, s.steps_done) for s in starts] == [(who, date(2026, 11, 24), 1)]


def test_links_open_our_chat_with_the_word_or_the_code() -> None:
    assert line_link("@rootan", "รู้ ทัน") == (
        "https://line.me/R/oaMessage/%40rootan/?%E0%B8%A3%E0%B8%B9%E0%B9%89%20%E0%B8%97%E0%B8%B1%E0%B8%99"
    )
    assert telegram_link("@rootan_bot", "a-B_9") == "https://t.me/rootan_bot?start=a-B_9"
