from uuid import UUID

from referrals.desk.canned import starter_set
from tests.app.conftest import Browser

ADDRESS = "/console/ready-answers"


async def test_supervisors_write_and_drop_and_officers_use(
    anong: Browser, boon: Browser, referral_id: UUID
) -> None:
    await boon.get(ADDRESS)
    written = await boon.post(ADDRESS, title="ขอบคุณ", language="th", text="ขอบคุณที่เล่าให้ฟังนะคะ")
    assert written.status_code == 303
    await anong.post(f"/console/referrals/{referral_id}/claim")
    assert 'value="ขอบคุณที่เล่าให้ฟังนะคะ"' in (await anong.get(f"/console/referrals/{referral_id}")).text
    page = (await anong.get(ADDRESS)).text
    assert "ขอบคุณที่เล่าให้ฟังนะคะ" in page
    assert starter_set().answer[0].body in page
    assert "/drop" not in page
    for path, fields in (
        ("", {"title": "x", "language": "th", "text": "x"}),
        ("/drop", {"title": "ขอบคุณ", "language": "th"}),
    ):
        assert (await anong.post(ADDRESS + path, **fields)).status_code == 403
    assert (await boon.post(f"{ADDRESS}/drop", title="ขอบคุณ", language="th")).status_code == 303
    assert "ขอบคุณที่เล่าให้ฟังนะคะ" not in (await boon.get(ADDRESS)).text


async def test_an_unknown_place_is_refused_and_the_text_kept(boon: Browser) -> None:
    await boon.get(ADDRESS)
    refused = await boon.post(ADDRESS, title="โทร", language="th", text="โทร {เบอร์ลับ}")
    assert refused.status_code == 400
    assert "โทร {เบอร์ลับ}" in refused.text


async def test_campaign_staff_do_not_enter(malee: Browser) -> None:
    assert (await malee.get(ADDRESS)).status_code == 403
