"""After a whole exchange with an agency nothing that was said can be read by raw SQL, and no ciphertext fits another row."""

import base64
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.models import METADATA
from core.crypto.boxed import Sealed
from core.errors import CryptoError
from referrals.cleaning.kinds import Cleaned
from referrals.packets.sealing import new_password
from referrals.referring.answering import accept, decline, finish
from referrals.referring.files import give
from referrals.referring.identity import ask_identity, give_identity
from referrals.referring.links import make_link
from referrals.referring.messages import write
from referrals.referring.models import AgencyFile, AgencyMessage, AgencyReferral, PacketLink
from tests.referrals.referring.conftest import Scene

CANARY = "นกขมิ้นเหลืองอ่อน"
_SEALED = [
    (table, column.name)
    for table in (AgencyReferral, AgencyMessage, AgencyFile, PacketLink)
    for column in table.__table__.columns
    if isinstance(column.type, Sealed)
]


async def _exchange(scene: Scene) -> UUID:
    """Say the canary wherever words can be said; return the request that was served."""
    krit = scene.officer("police")
    first = await scene.send(
        by=scene.overseer, fields={"summary": CANARY}, note=CANARY, ground="child", ground_reason=CANARY
    )
    await scene.do(decline, first, krit, reason="other", note=CANARY)
    await scene.agree("police", granted=False)
    request_id = await scene.send(
        by=scene.overseer, fields={"summary": CANARY}, note=CANARY, ground="child", ground_reason=CANARY, after_id=first
    )  # fmt: skip
    await scene.do(accept, request_id, krit)
    await scene.do(ask_identity, request_id, krit, reason=CANARY)
    await scene.do(
        give_identity, request_id, scene.overseer, who={"name": CANARY}, reason=CANARY, ground="child"
    )
    for party in (scene.staff, krit):
        await scene.do(write, request_id, party, text=CANARY)
    paper = Cleaned("document", "application/pdf", CANARY.encode())
    await scene.do(give, request_id, krit, slot="letter", cleaned=paper, name=f"{CANARY}.pdf")
    await scene.do(make_link, request_id, scene.staff, packet=CANARY.encode(), code=new_password())
    await scene.do(finish, request_id, krit, outcome="helped", citizen_text=CANARY)
    return request_id


async def test_no_column_of_any_table_tells_what_was_said(scene: Scene) -> None:
    await _exchange(scene)
    raw = CANARY.encode()
    looked_for = (CANARY, raw.hex(), base64.b64encode(raw).decode()[:-4])
    async with scene.database.unit_of_work() as session:
        for table, column in _SEALED:
            filled = sa.select(sa.func.count()).select_from(table).where(getattr(table, column).is_not(None))
            assert await session.scalar(filled), f"{table.__tablename__}.{column} was not filled"
        found = [
            name
            for name in METADATA.tables
            for row in await session.scalars(sa.text(f"SELECT t::text FROM {name} t"))
            if any(one in row for one in looked_for)
        ]
        jobs = await session.scalars(sa.text("SELECT j::text FROM pgqueuer j"))
        found += ["pgqueuer" for row in jobs if any(one in row for one in looked_for)]
    assert found == []


async def test_what_was_moved_to_another_row_does_not_open(scene: Scene) -> None:
    request_id = await _exchange(scene)
    async with scene.database.unit_of_work() as session:
        rows = (await session.scalars(sa.select(AgencyReferral).order_by(AgencyReferral.id))).all()
        rows[1].shared = rows[0].shared
    with pytest.raises(CryptoError):
        await scene.read(request_id)
