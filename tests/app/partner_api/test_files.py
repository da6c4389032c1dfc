"""Files of a case, given and read by a program."""

import base64
import io
from uuid import UUID

from PIL import Image

from core.ids import new_id
from tests.app.partner_api.conftest import Client, Connect, ReferTo

PLACE = b"taken at a secret place"


def _photo() -> str:
    page = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", (32, 32), "white").save(page, "JPEG", exif=exif)
    assert PLACE in page.getvalue()
    return base64.b64encode(page.getvalue()).decode()


async def test_a_file_is_given_once_without_its_metadata_and_read_by_its_own_case_alone(
    prosecutor: Client, case_id: UUID, connect: Connect, refer_to: ReferTo
) -> None:
    slot = (await prosecutor.get("/codes")).json()["takes"][0]
    body = {"case": str(case_id), "slot": slot, "name": "../../หมายศาล.jpg", "content": _photo()}
    made = await prosecutor.post("/files", body, key="k")
    assert made.status_code == 201, made.text
    assert (await prosecutor.post("/files", body, key="k")).json() == made.json()
    (listed,) = (await prosecutor.get(f"/cases/{case_id}/files")).json()["files"]
    assert (listed["id"], listed["side"], listed["slot"]) == (made.json()["id"], "agency", slot)
    read = (await prosecutor.get(f"/cases/{case_id}/files/{listed['id']}")).json()
    content = base64.b64decode(read["content"])
    assert (read["media_type"], read["name"]) == ("image/jpeg", "หมายศาล.jpg")
    assert content[:2] == b"\xff\xd8"
    assert PLACE not in content
    for other in (f"/cases/{new_id()}/files/{listed['id']}", f"/cases/{case_id}/files/{new_id()}"):
        assert (await prosecutor.get(other)).status_code == 404
    assert (await prosecutor.get(f"/cases/{case_id}")).status_code == 200


async def test_what_is_no_such_file_is_refused(prosecutor: Client, case_id: UUID) -> None:
    slot = (await prosecutor.get("/codes")).json()["takes"][0]
    whole = {"case": str(case_id), "slot": slot, "content": _photo()}
    for said, code in (
        ({"content": "not base64!"}, "base64"), ({"content": base64.b64encode(b"MZ\x90 no picture").decode()}, "file_"),
        ({"slot": "nothing"}, "slot_unknown"),
    ):  # fmt: skip
        refused = await prosecutor.post("/files", whole | said)
        assert refused.status_code in {400, 413, 415}
        assert refused.json()["title"].startswith(code), refused.text
    assert (await prosecutor.get(f"/cases/{case_id}/files")).json()["files"] == []
