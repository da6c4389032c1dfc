"""`/l/<slug>` as a browser meets it."""

import pytest
import sqlalchemy as sa

from app.runtime import Runtime
from campaigns.links import keep_links, links_of
from campaigns.models import LinkDay
from campaigns.plans.blocks import LinkBlock
from tests.app.public.conftest import Phone
from tests.campaigns.carried_out import add_campaign, plan_of

DOE = "https://www.doe.go.th/check?x=1"
PLAN = plan_of(LinkBlock("l", {"th": "ดูต่อ"}, {"th": "ดูต่อ"}, DOE))


@pytest.fixture
async def link(runtime: Runtime) -> str:
    async with runtime.database.unit_of_work() as session:
        campaign = await add_campaign(session, runtime.keys, PLAN)
        await keep_links(session, campaign, PLAN)
        return (await links_of(session, campaign, "", ""))[DOE]


async def opened(runtime: Runtime) -> int:
    async with runtime.database.unit_of_work() as session:
        return await session.scalar(sa.select(sa.func.sum(LinkDay.opened))) or 0


async def test_a_link_leads_on_and_follows_nobody(runtime: Runtime, phone: Phone, link: str) -> None:
    answer = await phone.get(link + "?next=https://evil.example")
    assert (answer.status_code, answer.headers["location"]) == (302, DOE)
    assert "set-cookie" not in answer.headers
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert await opened(runtime) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "TelegramBot (like TwitterBot)"},
        {"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"},
        {"Sec-Purpose": "prefetch"},
    ],
)
async def test_who_only_looks_is_led_on_and_not_counted(
    runtime: Runtime, phone: Phone, link: str, headers: dict[str, str]
) -> None:
    assert (await phone.get(link, headers=headers)).status_code == 302
    assert (await phone.head(link)).status_code == 302
    assert await opened(runtime) == 0


@pytest.mark.parametrize("path", ["/l/abcdefgh", "/l/ABCDEFGH", "/l/https:", "/l/..%2f..", "/l/a%0d%0ab"])
async def test_what_is_no_link_of_ours_is_said_kindly(phone: Phone, path: str) -> None:
    answer = await phone.get(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers
    if path in {"/l/abcdefgh", "/l/ABCDEFGH", "/l/https:"}:
        assert "ลิงก์นี้ไม่มีแล้ว" in answer.text
        assert "not here any more" in answer.text
