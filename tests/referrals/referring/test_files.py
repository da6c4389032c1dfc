from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from core.clock import utc_now
from core.crypto.boxed import Box
from core.crypto.sealing import context, seal
from core.errors import NotFoundError
from core.ids import new_id
from referrals.agencies.pairings import end_pairing
from referrals.cleaning.kinds import MOST_BYTES
from referrals.models import Evidence, Referral
from referrals.referring.answering import accept
from referrals.referring.errors import FieldError, OneWayError, OverError
from referrals.referring.files import FileError, give, give_evidence, list_files, prepare, read
from referrals.referring.finding import Party
from referrals.referring.sending import recall
from tests.referrals.referring.conftest import Scene

CAMERA = "CameraOfDao"


def photograph() -> bytes:
    """A photograph that tells by which camera it was taken."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F] = CAMERA
    Image.new("RGB", (8, 8), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def _list(scene: Scene, request_id: UUID, party: Party) -> list[tuple[str, str, str | None]]:
    async with scene.database.unit_of_work() as session:
        return [
            (one.side, one.slot, one.name) for one in await list_files(session, scene.keys, request_id, party)
        ]


async def _read(scene: Scene, request_id: UUID, party: Party, file_id: UUID) -> tuple[str, bytes]:
    async with scene.database.unit_of_work() as session:
        name, cleaned = await read(session, scene.keys, request_id, party, file_id)
        return name, cleaned.content


@pytest.fixture
async def accepted(scene: Scene) -> UUID:
    request_id = await scene.send()
    await scene.do(accept, request_id, scene.officer("police"))
    return request_id


async def test_a_file_loses_its_metadata_and_its_name(scene: Scene, accepted: UUID) -> None:
    data = photograph()
    assert CAMERA.encode() in data
    cleaned = await prepare(data)
    file_id = await scene.do(
        give, accepted, scene.staff, slot="picture", cleaned=cleaned, name="มาลี ทองดี.jpg"
    )
    krit = scene.officer("police")
    name, content = await _read(scene, accepted, krit, file_id)
    assert name == "picture-01.jpg"
    assert CAMERA.encode() not in content
    assert Image.open(BytesIO(content)).size == (8, 8)
    back = await scene.do(give, accepted, krit, slot="letter", cleaned=cleaned, name="../ที่ ตช\n12.jpg")
    assert (await _read(scene, accepted, scene.staff, back))[0] == "ที่ ตช12.jpg"
    assert await _list(scene, accepted, scene.staff) == [
        ("hotline", "picture", "picture-01.jpg"), ("agency", "letter", "ที่ ตช12.jpg"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\x00", "file_unknown_kind"),
        (b"", "file_unknown_kind"),
        (photograph()[:200], "file_broken"),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "file_too_large"),
    ],
    ids=["program", "nothing", "half uploaded", "too large"],
)
async def test_what_is_no_whole_picture_sound_film_or_paper_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FileError) as error:
        await prepare(data)
    assert error.value.code == code


async def test_only_places_of_the_template_take_files(scene: Scene, accepted: UUID) -> None:
    cleaned = await prepare(photograph())
    for party, slot in ((scene.staff, "judgment"), (scene.officer("police"), "picture"), (scene.staff, "x")):
        with pytest.raises(FieldError) as error:
            await scene.do(give, accepted, party, slot=slot, cleaned=cleaned)
        assert (error.value.code, error.value.field) == ("slot_unknown", slot)
    async with scene.database.unit_of_work() as session:
        await end_pairing(session, scene.agencies["police"], None, both=False)
    with pytest.raises(OneWayError):
        await scene.do(give, accepted, scene.officer("police"), slot="letter", cleaned=cleaned)


async def test_a_file_is_read_through_its_own_request_by_its_own_sides(scene: Scene, accepted: UUID) -> None:
    cleaned = await prepare(photograph())
    file_id = await scene.do(give, accepted, scene.staff, slot="picture", cleaned=cleaned)
    other = await scene.send("msdhs")
    await scene.do(accept, other, scene.officer("msdhs"))
    for request_id, party in (
        (accepted, scene.officer("msdhs")), (other, scene.officer("msdhs")), (other, scene.staff),
        (accepted, scene.officer("court")),
    ):  # fmt: skip
        with pytest.raises(NotFoundError):
            await _read(scene, request_id, party, file_id)
    assert await _list(scene, other, scene.officer("msdhs")) == []


async def test_what_was_recalled_keeps_its_files_from_the_agency(scene: Scene, accepted: UUID) -> None:
    cleaned = await prepare(photograph())
    file_id = await scene.do(give, accepted, scene.staff, slot="picture", cleaned=cleaned)
    await scene.do(recall, accepted, scene.overseer, reason="person_asked")
    krit = scene.officer("police")
    assert await _list(scene, accepted, krit) == []
    with pytest.raises(NotFoundError):
        await _read(scene, accepted, krit, file_id)
    with pytest.raises(OverError):
        await scene.do(give, accepted, krit, slot="letter", cleaned=cleaned)
    await _read(scene, accepted, scene.staff, file_id)


async def test_evidence_of_the_case_goes_along_and_none_of_another(scene: Scene, accepted: UUID) -> None:
    evidence_id, content = new_id(), photograph()
    async with scene.database.unit_of_work() as session:
        referral = await session.get_one(Referral, scene.case)
        key = await scene.keys.load(session, referral.data_key_id)
        session.add(
            Evidence(
                id=evidence_id, referral_id=scene.case, event_id=new_id(), kind="picture", state="kept",
                media_type="image/jpeg", at=utc_now(),
                content=Box(seal(key, content, context("evidence", "content", evidence_id))),
            )
        )  # fmt: skip
    file_id = await scene.do(give_evidence, accepted, scene.staff, evidence_id, slot="picture")
    assert await _read(scene, accepted, scene.officer("police"), file_id) == ("picture-01.jpg", content)
    with pytest.raises(NotFoundError):
        await scene.do(give_evidence, accepted, scene.staff, new_id(), slot="picture")
