"""A campaign as one file: what leaves comes back the same, and a file that somebody made changes nothing."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlalchemy as sa
from PIL import Image

from campaigns.drafting import CampaignView, create_campaign, read_campaign
from campaigns.media import keep_picture, remove_picture
from campaigns.models import Campaign, CampaignMedia
from campaigns.plans.audience import AnsweredRule, Audience, SubjectRule
from campaigns.plans.blocks import CardBlock, CarouselBlock, ImageBlock, Wording
from campaigns.plans.plan import Plan, Step
from campaigns.plans.times import Drip, Once
from campaigns.porting import (
    MOST_FILE_BYTES,
    MOST_PICTURE_BYTES,
    MOST_PICTURES,
    CampaignFileError,
    CampaignFileTooLargeError,
    PictureGoneError,
    export_campaign,
    import_campaign,
    read_file,
)
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.errors import AppError, NotFoundError
from core.ids import new_id
from tests.campaigns.office import draft, hire, plan

NOTICE = {"th": "มีข้อความใหม่", "en": "News"}


def png(colour: str = "teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def showing(one: str, other: str) -> Plan:
    """A plan with a picture of its own and two cards of a carousel, one without."""
    cards = CarouselBlock(
        "c",
        (
            CardBlock("x", NOTICE, NOTICE, media=other),
            CardBlock("y", NOTICE, NOTICE),
            CardBlock("z", NOTICE, NOTICE),
        ),
    )
    blocks = (ImageBlock("p", one), cards)
    return Plan(
        (Step((Wording(blocks, NOTICE),)),),
        schedule=Once(datetime(2027, 1, 5, 3, tzinfo=UTC)),
        audience=Audience(include=(SubjectRule(("family",)),), holdout=10),
        subject="family",
    )  # fmt: skip


async def pictures(database: Database, author: UUID, count: int = 2) -> list[UUID]:
    async with database.unit_of_work() as session:
        return [
            await keep_picture(
                session, png(), name=f"รูป {n}", alt_th="ครอบครัวคุยกัน", alt_en="", author_id=author
            )
            for n in range(count)
        ]


async def leave(database: Database, campaign_id: UUID) -> bytes:
    async with database.unit_of_work() as session:
        return await export_campaign(session, campaign_id)


async def bring(database: Database, data: bytes, author: UUID) -> CampaignView:
    async with database.unit_of_work() as session:
        return await read_campaign(session, await import_campaign(session, data, author_id=author))


async def counts(database: Database) -> tuple[int | None, int | None]:
    async with database.unit_of_work() as session:
        return (
            await session.scalar(sa.select(sa.func.count()).select_from(Campaign)),
            await session.scalar(sa.select(sa.func.count()).select_from(CampaignMedia)),
        )


async def test_what_leaves_comes_back_with_its_pictures_as_somebodys_draft(
    database: Database, keys: DataKeys
) -> None:
    anong, boon = await hire(database, keys, "Anong"), await hire(database, keys, "Boon")
    one, other = await pictures(database, anong)
    campaign_id = await draft(database, anong, showing(str(one), str(other)), "วันครอบครัว")
    data = await leave(database, campaign_id)
    assert all(str(who).encode() not in data for who in (anong, campaign_id))
    back = await bring(database, data, boon)
    assert (back.title, back.state, back.origin, back.created_by) == ("วันครอบครัว", "draft", "file", boon)
    async with database.unit_of_work() as session:
        rows = {str(row.id): row for row in await session.scalars(sa.select(CampaignMedia))}
    assert len(rows) == 4
    [first, second] = back.plan.steps[0].wordings[0].blocks
    assert isinstance(first, ImageBlock)
    assert isinstance(second, CarouselBlock)
    assert rows[first.media].name == "รูป 0"
    assert rows[second.cards[0].media].alt_th == "ครอบครัวคุยกัน"
    assert {first.media, second.cards[0].media}.isdisjoint({str(one), str(other)})
    assert back.plan.schedule == showing("a", "b").schedule
    assert back.plan.audience == showing("a", "b").audience


async def test_leave_to_wake_people_up_does_not_travel(database: Database, keys: DataKeys) -> None:
    anong = await hire(database, keys, "Anong")
    campaign_id = await draft(database, anong, plan(Once(), emergency=True))
    assert not (await bring(database, await leave(database, campaign_id), anong)).plan.emergency


async def test_a_picture_that_was_removed_is_told_before_it_leaves(
    database: Database, keys: DataKeys
) -> None:
    anong = await hire(database, keys, "Anong")
    one, other = await pictures(database, anong)
    campaign_id = await draft(database, anong, showing(str(one), str(other)))
    unknown = await draft(database, anong, showing(str(one), "no id"))
    async with database.unit_of_work() as session:
        await remove_picture(session, other)
    for gone in (campaign_id, unknown):
        with pytest.raises(PictureGoneError):
            await leave(database, gone)
    with pytest.raises(NotFoundError):
        await leave(database, new_id())


async def test_a_rule_about_another_campaign_travels_only_where_that_one_is(
    database: Database, keys: DataKeys
) -> None:
    anong = await hire(database, keys, "Anong")
    known = await draft(database, anong, plan(Once()))
    for named, schedule in (
        (AnsweredRule(str(known), "q1"), Once()),
        (None, Drip(begins="answered", at=time(9), days=(1,), campaign=str(known), question="q1")),
    ):
        made = msgspec.structs.replace(plan(schedule), audience=Audience(include=(named,) if named else ()))
        data = await leave(database, await draft(database, anong, made))
        assert (await bring(database, data, anong)).plan.schedule == schedule
        strange = data.replace(str(known).encode(), str(new_id()).encode())
        with pytest.raises(CampaignFileError, match="not here"):
            await bring(database, strange, anong)


def written(**changes: Any) -> dict[str, Any]:
    file: dict[str, Any] = msgspec.to_builtins(
        {"format": "rootan-campaign", "version": 1, "title": "เตือนงานลวง", "plan": plan(Once())}
    )
    return file | changes


def with_picture(content: bytes, media: str = "p1", times: int = 1) -> dict[str, Any]:
    block = {"type": "image", "id": "p", "media": "p1"}
    wording = {"blocks": [block], "notice": NOTICE}
    packed = {
        "id": media,
        "name": "รูป",
        "alt_th": "รูป",
        "alt_en": "",
        "content": base64.b64encode(content).decode(),
    }
    return written(plan={"steps": [{"wordings": [wording]}]}, pictures=[packed] * times)


def _bytes(file: dict[str, Any]) -> bytes:
    return json.dumps(file, ensure_ascii=False).encode()


HOSTILE: list[tuple[str, Callable[[], bytes]]] = [
    ("nothing", lambda: b""),
    ("not JSON", lambda: b"PK\x03\x04" + b"\0" * 99),
    ("bytes that are no text", lambda: b'{"title": "\xff\xfe"}'),
    ("a list", lambda: b"[]"),
    ("a deep hole", lambda: b"[" * 200_000),
    ("a deep object", lambda: b'{"plan":' * 100_000),
    ("another format", lambda: _bytes(written(format="rapidpro"))),
    ("another version", lambda: _bytes(written(version=2))),
    ("a field nobody knows", lambda: _bytes(written(state="approved"))),
    ("an approval brought along", lambda: _bytes(written(plan_hash="00" * 32))),
    ("a title of the wrong kind", lambda: _bytes(written(title=["a"]))),
    ("no title", lambda: _bytes(written(title=" \0 "))),
    ("a title that is a book", lambda: _bytes(written(title="ก" * 5_000))),
    ("a block nobody knows", lambda: _bytes(written(plan={"steps": [{"wordings": [{"blocks": [{"type": "html"}], "notice": {}}]}]}))),
    ("NUL in a text", lambda: _bytes(written(plan={"steps": [{"wordings": [{"blocks": [{"type": "text", "id": "t", "text": {"th": "\0"}}], "notice": NOTICE}]}]}))),
    ("half a character", lambda: _bytes(written()).replace("เตือนงานลวง".encode(), b"\\ud800")),
    ("more steps than a year has weeks", lambda: _bytes(written(plan={"steps": [{"wordings": []}] * 61}))),
    ("more wordings than can be told apart", lambda: _bytes(written(plan={"steps": [{"wordings": [{"blocks": [], "notice": {}}] * 6}]}))),
    ("more blocks than anybody reads", lambda: _bytes(written(plan={"steps": [{"wordings": [{"blocks": [{"type": "image", "id": "p", "media": ""}] * 31, "notice": {}}]}]}))),
    ("a plan that never ends", lambda: _bytes(written(plan={"steps": [{"wordings": []}] * 60_000}))),
    ("an audience of a thousand rules", lambda: _bytes(written(plan={"steps": [], "audience": {"include": [{"type": "seen", "days": 3}] * 1_000}}))),
    ("a negative holdout", lambda: _bytes(written(plan={"steps": [], "audience": {"holdout": -5}}))),
    ("a score beyond reckoning", lambda: _bytes(written(plan={"steps": [], "audience": {"holdout": 10**30}}))),
    ("a picture that is a program", lambda: _bytes(with_picture(b"MZ\x90\x00"))),
    ("half a picture", lambda: _bytes(with_picture(png()[:60]))),
    ("a picture that is not in it", lambda: _bytes(with_picture(png(), media="p2"))),
    ("the same picture twice", lambda: _bytes(with_picture(png(), times=2))),
    ("more pictures than fit", lambda: _bytes(with_picture(png(), times=MOST_PICTURES + 1))),
    ("a picture too large", lambda: _bytes(with_picture(png() + b"\0" * MOST_PICTURE_BYTES))),
    ("a picture that is no base64", lambda: _bytes(written(pictures=[{"id": "a", "name": "a", "alt_th": "a", "alt_en": "", "content": "???"}]))),
]  # fmt: skip


async def test_a_hostile_file_is_refused_and_changes_nothing(database: Database, keys: DataKeys) -> None:
    anong = await hire(database, keys, "Anong")
    assert (await bring(database, _bytes(written()), anong)).title == "เตือนงานลวง"
    before = await counts(database)
    for name, make in HOSTILE:
        with pytest.raises(AppError) as refused:
            pytest.fail(f"{name} became {(await bring(database, make(), anong)).id}")
        assert 400 <= refused.value.status < 500, name
        assert len(str(refused.value)) < 600, name
        assert await counts(database) == before, name


def test_a_file_is_measured_before_it_is_read() -> None:
    with pytest.raises(CampaignFileTooLargeError):
        read_file(b"[" * (MOST_FILE_BYTES + 1))


async def test_a_campaign_with_more_pictures_than_a_file_takes_does_not_leave(
    database: Database, keys: DataKeys
) -> None:
    anong = await hire(database, keys, "Anong")
    ids = await pictures(database, anong, MOST_PICTURES + 1)
    blocks = tuple(ImageBlock(f"p{n}", str(one)) for n, one in enumerate(ids))
    made = Plan((Step((Wording(blocks, NOTICE),)),), schedule=Drip("date", time(9), (0,), date(2027, 1, 5)))
    async with database.unit_of_work() as session:
        campaign_id = await create_campaign(session, title="รูป", plan=made, author_id=anong)
    with pytest.raises(CampaignFileTooLargeError):
        await leave(database, campaign_id)
