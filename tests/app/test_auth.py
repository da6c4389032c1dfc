import itertools
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from starlette.routing import Mount

from app.auth import PUBLIC
from app.main import create_app
from app.runtime import Runtime
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.settings import Settings
from tests.app.conftest import Browser, Demo, OpenBrowser, OpenBrowserOn
from tests.support.routes import access_of, address_of, guarded

ORIGIN = "http://127.0.0.1:8000"


def _is_public(path: str) -> bool:
    return path in PUBLIC or any(p.endswith("/") and p != "/" and path.startswith(p) for p in PUBLIC)


def test_every_route_says_who_may_call_it(runtime: Runtime) -> None:
    silent = []
    for route in create_app(runtime).routes:
        path = getattr(route, "path", "")
        declared = isinstance(route, APIRoute) and access_of(route) is not None
        if isinstance(route, Mount):
            path += "/"
        if declared == _is_public(path):
            silent.append(path)
    assert silent == []
    assert sum(1 for _ in guarded(create_app(runtime))) > 20


async def test_nobody_gets_in_without_a_session(runtime: Runtime, open_browser: OpenBrowser) -> None:
    browser = open_browser()
    for guard in guarded(create_app(runtime)):
        address = address_of(guard.route)
        response = await browser.client.request(guard.method, address, headers={"Origin": ORIGIN})
        assert response.status_code == 303, guard.path
        assert response.headers["location"] == "/console/sign-in", guard.path


async def test_a_plain_form_passes_by_what_the_browser_says_of_its_site(anong: Browser) -> None:
    """Under `no-referrer` a browser sends `Origin: null` with its own forms."""
    response = await anong.client.post(
        "/console/still-here",
        data={"csrf": anong.csrf},
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    )
    assert response.status_code == 204


@pytest.mark.parametrize("path", ["/console/sign-in", f"/console/welcome/{'x' * 43}"])
async def test_forms_before_the_sign_in_refuse_other_sites(open_browser: OpenBrowser, path: str) -> None:
    for headers in ({"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {}):
        response = await open_browser().client.post(path, headers=headers)
        assert response.status_code == 403


async def test_a_refusal_leaves_its_audit_row(malee: Browser, database: Database, referral_id: UUID) -> None:
    assert (await malee.get(f"/console/referrals/{referral_id}")).status_code == 403
    assert (await malee.post(f"/console/referrals/{referral_id}/claim")).status_code == 403
    async with database.unit_of_work() as session:
        rows = await session.scalars(sa.select(AuditEvent).where(AuditEvent.object_id == referral_id))
        seen = {(r.actor_id, r.action, r.outcome) for r in rows}
    assert seen == {
        (malee.account_id, "referral.read", "refused"),
        (malee.account_id, "referral.claim", "refused"),
    }


async def test_a_form_that_is_no_form_leaves_its_audit_row_once(
    anong: Browser, database: Database, referral_id: UUID
) -> None:
    path, mine = f"/console/referrals/{referral_id}", {"Origin": ORIGIN}
    token, multipart = {"X-CSRF-Token": anong.csrf}, {"Content-Type": "multipart/form-data; boundary=x"}
    sent: list[tuple[str, dict[str, Any], dict[str, str], int]] = [
        ("answers", {"data": {"csrf": anong.csrf, "text": "ก" * 1_100_000}}, {}, 413),
        ("answers", {"content": b"--x\r\nContent-Disposition: form-data"}, token | multipart, 400),
        ("answers", {"data": {"csrf": "forged", "text": "x"}}, {}, 403),
        ("priority", {"data": {"csrf": anong.csrf, "priority": ["P0"] * 2_000}}, {}, 400),
    ]
    for number, (what, body, headers, status) in enumerate(sent, 1):
        response = await anong.client.post(f"{path}/{what}", headers=mine | headers, **body)
        assert response.status_code == status, (what, response.status_code)
        async with database.unit_of_work() as session:
            rows = (
                await session.scalars(sa.select(AuditEvent).where(AuditEvent.object_id == referral_id))
            ).all()
        assert len(rows) == number, what
        assert {(row.actor_id, row.outcome) for row in rows} == {(anong.account_id, "refused")}


async def test_an_unconfirmed_reading_role_reads_nothing(
    anong: Browser, database: Database, referral_id: UUID
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.text("UPDATE account SET role_confirmed_by = NULL"))
    assert (await anong.get("/console/referrals")).status_code == 403
    assert (await anong.get(f"/console/referrals/{referral_id}")).status_code == 403
    assert (await anong.get("/console")).status_code == 200


async def test_a_session_ends_when_the_account_is_disabled(anong: Browser, database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.text("UPDATE account SET disabled_at = now()"))
    assert (await anong.get("/console/account")).headers["location"] == "/console/sign-in"


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    open_browser: OpenBrowser, demo: Demo
) -> None:
    response = await open_browser().sign_in(demo["supervisor"])
    cookies = response.headers.get_list("set-cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


async def test_cookies_carry_the_host_prefix_under_https(
    database: Database,
    keys: DataKeys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    demo: Demo,
    open_browser_on: OpenBrowserOn,
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(data_dir=tmp_path / "var", base_url="https://rootan.example")
    browser = open_browser_on(Runtime(settings, database, keys), "https://rootan.example")
    response = await browser.sign_in(demo["supervisor"])
    for cookie in response.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-rootan")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    page = await browser.get("/console/account")
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")


def test_public_addresses_have_a_reason() -> None:
    assert all(PUBLIC.values())
    pairs = itertools.permutations((p for p in PUBLIC if p.endswith("/") and p != "/"), 2)
    assert not [(a, b) for a, b in pairs if a.startswith(b)]
