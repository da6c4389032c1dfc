import pytest

from campaigns.audience.traits import (
    CallNameError,
    ProvinceError,
    TagError,
    add_tag,
    read_name,
    seal_name,
    tidy_name,
    tidy_province,
    tidy_tag,
)
from campaigns.models import ContactTrait
from core.ids import new_id
from tests.campaigns.audience.crowd import Crowd


async def test_a_tag_twice_is_a_tag_once(crowd: Crowd) -> None:
    people = await crowd.come(3)
    async with crowd.database.unit_of_work() as session:
        await add_tag(session, people, " ตลาดนัด  กองทุน ")
        await add_tag(session, people[:1], "ตลาดนัด กองทุน")
        await add_tag(session, [], "ไม่มีใคร")
    rows = (await crowd.run("SELECT tag, count(*) FROM contact_tag GROUP BY tag")).all()
    assert rows == [("ตลาดนัด กองทุน", 3)]


@pytest.mark.parametrize("province", ["10", "TH-10", " th-10 "])
def test_a_province_is_its_number(province: str) -> None:
    assert tidy_province(province) == "10"


@pytest.mark.parametrize("wrong", ["", "01", "28", "99", "กรุงเทพฯ", "10\0", "๑๐"])
def test_what_is_no_province_of_thailand_is_refused(wrong: str) -> None:
    with pytest.raises(ProvinceError):
        tidy_province(wrong)


@pytest.mark.parametrize("wrong", ["", "  ", "ก" * 41, "a\u200bb", "a\0b"])
def test_tags_and_names_are_short_and_printable(wrong: str) -> None:
    with pytest.raises(TagError):
        tidy_tag(wrong)
    with pytest.raises(CallNameError):
        tidy_name(wrong)


def test_a_name_opens_in_its_own_row_alone() -> None:
    dao, ek, key = new_id(), new_id(), bytes(range(32))
    sealed = seal_name(key, dao, "พี่ดาว")
    assert "พี่ดาว".encode() not in sealed.sealed
    assert read_name(ContactTrait(contact_id=dao, name=sealed), key) == "พี่ดาว"
    assert read_name(ContactTrait(contact_id=ek, name=sealed), key) is None
    assert read_name(ContactTrait(contact_id=dao, name=sealed), bytes(32)) is None
    assert read_name(ContactTrait(contact_id=dao, name=None), key) is None
