"""There and back in a real browser, whose rules for cookies from other sites no other client keeps."""

import contextlib
import dataclasses

import pytest
from playwright.async_api import Browser

from app.console.texts import say
from app.runtime import Runtime
from core.accounts.invitations import invite
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.settings import Settings
from tests.app.console.browser.desk import serve
from tests.support.openid.provider import PACKAGE, provider_running
from tests.support.stand import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not PACKAGE.is_dir(), reason="packages are missing: run `make setup`"),
]


async def test_a_browser_comes_back_from_another_site_signed_in(
    chromium: Browser, runtime: Runtime, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        await invite(session, keys, email="orathai@example.org", name="Orathai", role="auditor")
    # Another host name than the provider's makes it another site.
    port, name = free_port(), "localhost"
    ours = f"http://{name}:{port}"
    people: dict[str, dict[str, object]] = {"u1": {"email": "orathai@example.org", "email_verified": True}}
    async with contextlib.AsyncExitStack() as stack:
        issuer = await stack.enter_async_context(
            provider_running(
                client="rootan", secret="s", redirect=f"{ours}/console/sign-in/openid/back", accounts=people
            )
        )
        settings = Settings(
            data_dir=runtime.settings.data_dir, base_url=ours, oidc_issuer=issuer, oidc_client_id="rootan",
            oidc_client_secret="s", oidc_mfa="otp",
        )  # fmt: skip
        await stack.enter_async_context(serve(dataclasses.replace(runtime, settings=settings), port, name))
        context = await chromium.new_context()
        stack.push_async_callback(context.close)
        page = await context.new_page()
        for methods, arrives in (("pwd", "**/console/sign-in/enrol"), ("pwd otp", "**/console/audit")):
            await page.context.clear_cookies()
            await page.goto(f"{ours}/console/sign-in")
            await page.get_by_text(say("openid.go")).click()
            await page.fill("input[name=account]", "u1")
            await page.fill("input[name=amr]", methods)
            await page.get_by_role("button", name="Sign in").click()
            await page.wait_for_url(arrives)
        kept = {cookie["name"]: cookie["sameSite"] for cookie in await page.context.cookies(ours)}
        assert kept["rootan"] == kept["rootan-device"] == "Strict"
        assert "rootan-openid" not in kept
