from uuid import UUID

import pytest

from app.console.headers import MOST_BYTES
from tests.app.conftest import Browser, OpenBrowser

PAGE = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}
_OWN = {"content-length", "content-type", "location", "set-cookie", "allow"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/console/sign-in", 200),
        ("/console/account", 200),
        ("/console/referrals", 200),
        ("/console/referrals/rows", 200),
        ("/console", 303),
        ("/console/staff", 403),
        ("/console/nowhere", 404),
        ("/console/welcome/none", 404),
    ],
)
async def test_every_page_carries_exactly_these_headers(anong: Browser, path: str, status: int) -> None:
    response = await anong.get(path)
    assert response.status_code == status
    assert {k: v for k, v in response.headers.items() if k not in _OWN} == PAGE


async def test_pages_hold_no_inline_script_or_style(anong: Browser, referral_id: UUID) -> None:
    await anong.post(f"/console/referrals/{referral_id}/claim")
    for path in ("/console/referrals", f"/console/referrals/{referral_id}", "/console/account"):
        page = (await anong.get(path)).text
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick" not in page
        assert "javascript:" not in page
        assert "https://" not in page


async def test_static_files_are_kept_by_browsers_and_pages_name_their_version(
    open_browser: OpenBrowser,
) -> None:
    browser = open_browser()
    page = (await browser.get("/console/sign-in")).text
    address = page.split('href="/static/console/console.css')[1].split('"')[0]
    response = await browser.get("/static/console/console.css" + address)
    assert response.status_code == 200
    assert response.headers["cache-control"] == "public, max-age=86400"
    assert "v=" in address


async def test_other_addresses_pass_untouched(open_browser: OpenBrowser) -> None:
    response = await open_browser().get("/healthz")
    assert response.status_code == 200
    assert "content-security-policy" not in response.headers


async def test_a_body_too_large_is_cut_off(open_browser: OpenBrowser) -> None:
    response = await open_browser().post("/console/sign-in", email="a" * MOST_BYTES)
    assert response.status_code == 413
