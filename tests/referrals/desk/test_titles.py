from uuid import UUID

import pytest
import sqlalchemy as sa

from core.crypto.data_keys import DataKeys, destroy_data_key
from core.db.database import Database
from referrals.desk.tags import TagsError, read_tags, set_tags
from referrals.desk.titles import LONGEST_TITLE, TitleLengthError, read_title, set_title
from referrals.models import Referral
from tests.referrals.conftest import Refer


@pytest.fixture
async def dao(refer: Refer) -> UUID:
    return await refer("Dao")


async def test_a_title_and_labels_are_kept_sealed_and_go_with_the_case(
    database: Database, keys: DataKeys, dao: UUID
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, dao)
        await set_title(session, keys, referral, "  แม่ลูก\n ปอยเปต ")
        assert await set_tags(session, keys, referral, "#ด่วน, กลับบ้าน,ด่วน,, ") == ("ด่วน", "กลับบ้าน")
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, dao)
        assert await read_title(session, keys, referral) == "แม่ลูก ปอยเปต"
        assert await read_tags(session, keys, referral) == ("ด่วน", "กลับบ้าน")
        raw = str((await session.execute(sa.text("SELECT title, tags FROM referral"))).all())
        assert "ปอยเปต".encode().hex() not in raw
        await destroy_data_key(session, referral.data_key_id)
        assert await read_title(session, keys, referral) == ""
        assert await read_tags(session, keys, referral) == ()


async def test_an_empty_title_and_no_labels_take_them_away(
    database: Database, keys: DataKeys, dao: UUID
) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, dao)
        await set_title(session, keys, referral, "ชื่อ")
        await set_tags(session, keys, referral, "ป้าย")
        await set_title(session, keys, referral, " ")
        await set_tags(session, keys, referral, "")
        assert (referral.title, referral.tags) == (None, None)


async def test_too_long_ones_are_refused(database: Database, keys: DataKeys, dao: UUID) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, dao)
        with pytest.raises(TitleLengthError):
            await set_title(session, keys, referral, "ก" * (LONGEST_TITLE + 1))
        for typed in ("ก" * 31, ",".join(str(number) for number in range(11))):
            with pytest.raises(TagsError):
                await set_tags(session, keys, referral, typed)
