"""Signing in by the organisation's provider, with a real one. Guards 12 and 17."""

import dataclasses
import re
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app.console.texts import say
from app.runtime import Runtime
from core.accounts.invitations import invite
from core.accounts.models import Account
from core.accounts.second_factor import code_at, current_step
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.settings import Settings
from tests.app.conftest import ORIGIN, Browser, OpenBrowserOn
from tests.support.openid.provider import PACKAGE, provider_running, sign_in_there

pytestmark = pytest.mark.skipif(not PACKAGE.is_dir(), reason="the provider is missing: run `make setup`")

BACK = f"{ORIGIN}/console/sign-in/openid/back"
SECRET = re.compile(r'class="secret"><code>([A-Z2-7 ]+)</code>')
ACCOUNTS: dict[str, dict[str, object]] = {
    "u1": {"email": "Kanda@example.org", "email_verified": True},
    "u2": {"email": "stranger@example.org", "email_verified": True},
    "u3": {"email": "kanda@example.org", "email_verified": False},
}


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[str]:
    async with provider_running(client="rootan", secret="s", redirect=BACK, accounts=ACCOUNTS) as issuer:
        yield issuer


@pytest.fixture
async def _invited(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        await invite(session, keys, email="kanda@example.org", name="Kanda", role="campaign_manager")


@pytest.fixture
def open_browser_by(
    runtime: Runtime, issuer: str, open_browser_on: OpenBrowserOn
) -> Callable[[tuple[str, ...]], Browser]:
    def make(methods: tuple[str, ...]) -> Browser:
        settings = Settings(
            data_dir=runtime.settings.data_dir, base_url=ORIGIN, oidc_issuer=issuer, oidc_client_id="rootan",
            oidc_client_secret="s", oidc_mfa=methods,
        )  # fmt: skip
        return open_browser_on(dataclasses.replace(runtime, settings=settings))

    return make


OpenBrowserBy = Callable[[tuple[str, ...]], Browser]


async def _set_out(browser: Browser) -> str:
    assert say("openid.go") in (await browser.get("/console/sign-in")).text
    out = await browser.get("/console/sign-in/openid")
    assert out.status_code == 303
    cookie = next(c for c in out.headers.get_list("set-cookie") if c.startswith("rootan-openid="))
    assert {"HttpOnly", "SameSite=lax", "Max-Age=600"} <= set(cookie.split("; "))
    return out.headers["location"]


async def _by_provider(browser: Browser, account: str, **more: str) -> str:
    """Go to the provider, sign in there, and return the address that leads back."""
    back = urlsplit(await sign_in_there(await _set_out(browser), account=account, **more))
    return f"{back.path}?{back.query}"


async def _accounts(database: Database) -> list[tuple[str, bool]]:
    async with database.unit_of_work() as session:
        return [(a.email, a.openid_subject is not None) for a in await session.scalars(sa.select(Account))]


@pytest.mark.usefixtures("_invited")
async def test_the_first_time_sets_up_our_second_factor_and_later_ones_ask_for_it(
    open_browser_by: OpenBrowserBy, database: Database
) -> None:
    browser = open_browser_by(("otp",))
    arrived = await browser.get(await _by_provider(browser, "u1", amr="pwd"))
    # A page that leads on by itself: strict cookies stay away from redirects that began at another site.
    assert (arrived.status_code, '0;url=/console/sign-in/code"' in arrived.text) == (200, True)
    assert (await browser.get("/console/campaigns")).headers["location"] == "/console/sign-in/code"
    assert (await browser.get("/console/sign-in/code")).headers["location"] == "/console/sign-in/enrol"
    found = SECRET.search((await browser.get("/console/sign-in/enrol")).text)
    assert found is not None
    secret = found[1].replace(" ", "")
    step = current_step()
    await browser.post("/console/sign-in/enrol", code=code_at(secret, step))
    assert (await browser.get("/console/campaigns")).status_code == 200

    later = open_browser_by(("otp",))
    await later.get(await _by_provider(later, "u1", amr="pwd"))
    await later.get("/console/sign-in/code")
    assert (await later.post("/console/sign-in/code", code=code_at(secret, step + 1))).status_code == 303
    assert (await later.get("/console/campaigns")).status_code == 200
    assert await _accounts(database) == [("kanda@example.org", True)]
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.object_kind == "account").order_by(AuditEvent.at)
        )
        noted = [row.action for row in rows]
    assert noted == [
        "account.invite", "account.bind_openid", "account.openid_back", "account.sign_in",
        "account.openid_back", "account.sign_in",
    ]  # fmt: skip


@pytest.mark.usefixtures("_invited")
@pytest.mark.parametrize(
    ("named", "said", "status"),
    [
        (("otp",), {"amr": "pwd otp"}, 200),
        (("two-steps",), {"acr": "two-steps"}, 200),
        (("otp",), {"amr": "pwd"}, 303),
        ((), {"amr": "pwd otp mfa"}, 303),
    ],
)
async def test_our_second_factor_is_left_out_only_where_a_setting_trusts_the_providers(
    open_browser_by: OpenBrowserBy, named: tuple[str, ...], said: dict[str, str], status: int
) -> None:
    browser = open_browser_by(named)
    await browser.get(await _by_provider(browser, "u1", **said))
    assert (await browser.get("/console/campaigns")).status_code == status


@pytest.mark.usefixtures("_invited")
@pytest.mark.parametrize("account", ["u2", "u3"])
async def test_who_was_not_invited_or_is_not_vouched_for_gets_in_nowhere(
    open_browser_by: OpenBrowserBy, database: Database, account: str
) -> None:
    browser = open_browser_by(("otp",))
    refused = await browser.get(await _by_provider(browser, account, amr="otp"))
    assert (refused.status_code, say("problem.openid_unknown.what") in refused.text) == (403, True)
    assert "rootan=" not in refused.headers.get("set-cookie", "")
    assert await _accounts(database) == [("kanda@example.org", False)]


@pytest.mark.usefixtures("_invited")
async def test_an_answer_counts_only_in_the_browser_that_asked(
    open_browser_by: OpenBrowserBy, database: Database
) -> None:
    """Somebody lures a colleague onto the address that would sign them in as the somebody."""
    asking, lured, waiting = (open_browser_by(("otp",)) for _ in range(3))
    back = await _by_provider(asking, "u1", amr="otp")
    await _set_out(waiting)
    for browser in (lured, waiting):
        refused = await browser.get(back)
        assert (refused.status_code, say("problem.openid_refused.what") in refused.text) == (401, True)
        assert (await browser.get("/console/campaigns")).status_code == 303
    assert (await asking.get(back)).status_code == 200
    assert (await asking.get(back)).status_code == 401


@pytest.mark.usefixtures("_invited")
async def test_refusing_there_says_so_here(open_browser_by: OpenBrowserBy) -> None:
    browser = open_browser_by(())
    there = await sign_in_there(await _set_out(browser), refuse=True)
    refused = await browser.get(there.removeprefix(ORIGIN))
    assert (refused.status_code, say("problem.openid_refused.do") in refused.text) == (401, True)


async def test_without_a_provider_there_is_no_such_page(
    open_browser_on: OpenBrowserOn, runtime: Runtime
) -> None:
    browser = open_browser_on(runtime)
    assert say("openid.go") not in (await browser.get("/console/sign-in")).text
    for path in ("/console/sign-in/openid", "/console/sign-in/openid/back?code=x&state=y"):
        assert (await browser.get(path)).status_code == 404


async def test_a_provider_that_is_away_leaves_the_password(
    open_browser_on: OpenBrowserOn, runtime: Runtime
) -> None:
    settings = Settings(
        data_dir=runtime.settings.data_dir, oidc_issuer="http://127.0.0.1:9", oidc_client_id="rootan",
        oidc_client_secret="s",
    )  # fmt: skip
    browser = open_browser_on(dataclasses.replace(runtime, settings=settings))
    away = await browser.get("/console/sign-in/openid")
    assert (away.status_code, say("problem.openid_away.do") in away.text) == (503, True)
    assert (await browser.get("/console/sign-in")).status_code == 200
