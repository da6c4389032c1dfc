"""Whatever an agency is given or says about a case lies sealed under the case's key, bound to its own row. Guards 11."""

import pytest
import sqlalchemy as sa

from core.crypto.boxed import Sealed
from core.crypto.sealing import context, open_sealed
from core.errors import CryptoError
from core.ids import new_id
from referrals.agencies.hooks import add_hook
from referrals.agencies.models import AgencyHook
from referrals.models import Referral
from referrals.packets.sealing import new_password
from referrals.referring.answering import accept, decline, finish
from referrals.referring.files import give, prepare
from referrals.referring.identity import ask_identity
from referrals.referring.links import make_link
from referrals.referring.messages import write
from referrals.referring.models import AgencyFile, AgencyMessage, AgencyReferral, PacketLink
from referrals.tracks.models import CaseEvent
from tests.referrals.referring.conftest import Scene
from tests.referrals.referring.test_files import photograph

TABLES = (AgencyReferral, AgencyMessage, AgencyFile, PacketLink, CaseEvent)


def sealed_places() -> list[tuple[sa.Table, str]]:
    tables = [table.__table__ for table in TABLES]
    return [
        (table, column.name)
        for table in tables
        if isinstance(table, sa.Table)
        for column in table.c
        if isinstance(column.type, Sealed)
    ]


async def fill_every_place(scene: Scene) -> None:
    """Let two agencies have a say in everything that there is to say."""
    police, officer = await scene.send(), scene.officer("police")
    await scene.do(accept, police, officer)
    msdhs = await scene.send("msdhs")
    await scene.do(write, police, officer, text="ขอเอกสารเพิ่ม")
    await scene.do(
        give, police, scene.staff, slot="picture", cleaned=await prepare(photograph()), name="a.jpg"
    )
    await scene.do(ask_identity, police, officer, reason="ต้องออกหมาย")
    await scene.do(make_link, police, scene.staff, packet=b"%PDF sealed", code=new_password())
    await scene.do(finish, police, officer, outcome="helped", citizen_text="ตำรวจพาออกมาแล้ว")
    reason = {"reason": "no_capacity", "note": "ห้องเต็ม"}
    await scene.do(decline, msdhs, scene.officer("msdhs"), **reason)
    fields = {"needs": "ขอทราบวันนัด"}
    ground = {"ground": "court_order", "ground_reason": "คำสั่งลงวันนี้"}
    await scene.send("court", by=scene.overseer, fields=fields, **ground)


async def test_every_sealed_place_opens_in_its_own_row_and_nowhere_else(scene: Scene) -> None:
    await fill_every_place(scene)
    async with scene.database.unit_of_work() as session:
        referral = await session.get_one(Referral, scene.case)
        key = await scene.keys.load(session, referral.data_key_id)
        for table, column in sealed_places():
            cells = (
                await session.execute(
                    sa.select(table.c.id, table.c[column]).where(table.c[column].is_not(None))
                )
            ).all()
            # A note and details of steps are held by tests/referrals/tracks.
            assert cells or table.name == "case_event", (table.name, column)
            for row_id, box in cells:
                assert open_sealed(key, box.sealed, context(table.name, column, row_id))
                with pytest.raises(CryptoError):
                    open_sealed(key, box.sealed, context(table.name, column, new_id()))


async def test_where_an_agency_is_told_is_sealed_under_a_key_of_its_own(scene: Scene) -> None:
    await scene.do(add_hook, scene.agencies["police"], "https://police.example.org/news")
    async with scene.database.unit_of_work() as session:
        hook = (await session.scalars(sa.select(AgencyHook))).one()
        key = await scene.keys.load(session, hook.data_key_id)
        assert hook.address.open(key, context("agency_hook", "address", hook.id)).startswith(
            b"https://police"
        )
        for box, column in ((hook.address, "address"), (hook.secret, "secret")):
            with pytest.raises(CryptoError):
                box.open(key, context("agency_hook", column, new_id()))
