"""Platforms fetch the pictures of messages without signing in, and nobody finds one that was not sent to them."""

import io
from uuid import UUID

import pytest
from PIL import Image

from app.runtime import Runtime
from campaigns.media import keep_picture, read_media, remove_picture
from core.accounts.invitations import add_account
from tests.app.public.conftest import Phone


@pytest.fixture
async def kept(runtime: Runtime) -> tuple[UUID, str]:
    """A picture's id and its address."""
    out = io.BytesIO()
    Image.new("RGB", (1_200, 900), "#0F766E").save(out, "PNG")
    async with runtime.database.unit_of_work() as session:
        malee = await add_account(
            session, runtime.keys, email="malee@example.org", name="Malee", role="campaign_manager"
        )
        media_id = await keep_picture(
            session, out.getvalue(), name="โปสเตอร์", alt_th="ป้าย", alt_en="", author_id=malee.id
        )
        facts = (await read_media(session, [str(media_id)], runtime.settings.base_url))[str(media_id)]
    return media_id, facts.url.removeprefix(runtime.settings.base_url)


async def test_a_picture_is_served_in_both_sizes(phone: Phone, kept: tuple[UUID, str]) -> None:
    for address, width, kind in ((kept[1], 1_024, "image/png"), (f"{kept[1]}/small", 480, "image/jpeg")):
        answer = await phone.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert Image.open(io.BytesIO(answer.content)).width == width
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "set-cookie" not in answer.headers
        head = await phone.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize(
    "address",
    [
        "/media/x",
        f"/media/{'k' * 32}",
        f"/media/{'k' * 32}/small",
        f"/media/{'%00' * 32}",
        "/media/",
        "/media/a/b",
    ],
)
async def test_what_is_no_picture_is_not_found(phone: Phone, address: str) -> None:
    assert (await phone.get(address)).status_code == 404


async def test_a_removed_picture_is_served_no_more(
    phone: Phone, kept: tuple[UUID, str], runtime: Runtime
) -> None:
    async with runtime.database.unit_of_work() as session:
        await remove_picture(session, kept[0])
    for address in (kept[1], f"{kept[1]}/small"):
        assert (await phone.get(address)).status_code == 404
