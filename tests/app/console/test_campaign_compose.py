"""The composer: blocks, both phones, faults in words, and nothing lost when two write at once."""

from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest

from app.console.texts import say
from campaigns.drafting import read_campaign
from campaigns.plans.blocks import ButtonsBlock, QuizBlock, TextBlock
from core.db.database import Database
from tests.app.conftest import Browser

NEW = "/console/campaigns/new"


async def begin(browser: Browser, **given: str) -> str:
    """Begin a campaign and return its address."""
    await browser.get(NEW)
    begun = await browser.post(NEW, **({"title": "เตือนงานหลอก"} | given))
    assert begun.status_code == 303, begun.text
    return begun.headers["location"].removesuffix("/write")


async def send(browser: Browser, address: str, fields: Mapping[str, str], **headers: str) -> httpx.Response:
    return await browser.client.post(
        address, data={"csrf": browser.csrf, **fields}, headers={"Origin": browser.origin, **headers}
    )


FIELDS = {
    "title": "เตือนงานหลอก", "subject": "job_scams", "revision": "1", "language": "th", "notice.th": "มีเรื่องสั้น ๆ",
    "b.0.kind": "text", "b.0.id": "text1", "b.0.text.th": "บรรทัดแรก\r\nบรรทัดสอง", "b.0.text.en": "First line",
}  # fmt: skip


async def test_what_is_written_is_kept_as_blocks(malee: Browser, database: Database) -> None:
    address = await begin(malee)
    page = await malee.get(f"{address}/write")
    assert page.status_code == 200
    saved = await send(malee, f"{address}/write", FIELDS)
    assert saved.status_code == 303, saved.text
    async with database.unit_of_work() as session:
        view = await read_campaign(session, UUID(address.rsplit("/", 1)[1]))
    (wording,) = view.plan.steps[0].wordings
    assert wording.blocks == (TextBlock("text1", {"th": "บรรทัดแรก\nบรรทัดสอง", "en": "First line"}),)
    assert (view.revision, view.plan.subject) == (2, "job_scams")
    assert say("campaign_compose.saved") in (await malee.get(saved.headers["location"])).text
