import re

import pytest
import sqlalchemy as sa

from app.console.texts import load_texts, say
from core.accounts.models import ApiToken, SignInAttempt
from core.accounts.second_factor import code_at, current_step
from core.accounts.tokens import OFFERED
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.db.database import Database
from core.ids import new_id
from tests.app.conftest import Browser, Demo, OpenBrowser
from tests.conftest import MovableClock

PAGE = "/console/account/tokens"
KEY = re.compile(r"rootan_[A-Za-z0-9_-]{64}")
REVOKE = re.compile(r"/console/account/tokens/([0-9a-f-]{36})/revoke")


class Maker:
    """A signed-in browser with its authenticator app."""

    def __init__(self, browser: Browser, secret: str, clock: MovableClock) -> None:
        self.browser, self.secret, self.clock = browser, secret, clock

    async def make(
        self, *scopes: str, code: str | None = None, name: str = "สรุปของศูนย์", days: int = 90
    ) -> str:
        self.clock.advance(seconds=60)
        fields = {"csrf": self.browser.csrf, "name": name, "days": str(days), "scopes": list(scopes)}
        fields["code"] = code or code_at(self.secret, current_step())
        response = await self.browser.client.post(PAGE, data=fields, headers={"Origin": self.browser.origin})
        return response.text


@pytest.fixture
async def anong(open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock) -> Maker:
    browser = open_browser()
    await browser.sign_in(demo["hotline_officer"])
    return Maker(browser, demo["hotline_officer"].totp_secret, standing_clock)


async def _outcomes(database: Database, action: str) -> list[str]:
    async with database.unit_of_work() as session:
        return list(await session.scalars(sa.select(AuditEvent.outcome).where(AuditEvent.action == action)))


async def test_a_key_is_made_with_a_code_shown_once_and_works(anong: Maker, database: Database) -> None:
    assert say("api_tokens.none") in (await anong.browser.get(PAGE)).text
    made = await anong.make("referrals.read")
    token = KEY.search(made)
    assert token is not None
    assert say("api_tokens.made_once") in made
    again = (await anong.browser.get(PAGE)).text
    assert not KEY.search(again)
    assert "สรุปของศูนย์" in again
    assert say("api_tokens.unused") in again
    http = anong.browser.client
    to_try = re.search(r"(/api/v1/[a-z/]+)</code>", made)
    assert to_try is not None
    called = await http.get(to_try[1], headers={"Authorization": f"Bearer {token[0]}"})
    assert called.status_code == 200
    assert say("api_tokens.used") in (await anong.browser.get(PAGE)).text
    assert await _outcomes(database, "api_token.make") == ["ok"]


async def test_a_managers_key_for_writing_alone_can_be_tried_on_campaigns(
    open_browser: OpenBrowser, demo: Demo, standing_clock: MovableClock
) -> None:
    browser = open_browser()
    await browser.sign_in(demo["campaign_manager"])
    made = await Maker(browser, demo["campaign_manager"].totp_secret, standing_clock).make("campaigns.write")
    assert KEY.search(made)
    assert "/api/v1/campaigns</code>" in made


async def test_a_wrong_code_makes_none_and_keeps_what_was_typed(anong: Maker, database: Database) -> None:
    page = await anong.make("referrals.write", code="000000", name="ชื่อที่พิมพ์ไว้", days=180)
    assert say("problem.wrong_code.what") in page
    assert 'value="ชื่อที่พิมพ์ไว้"' in page
    assert re.search(r'value="referrals.write" checked', page)
    assert re.search(r'value="180" selected', page)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(ApiToken)) == 0
    assert await _outcomes(database, "api_token.make") == ["refused"]


async def test_guessing_the_code_is_slowed_and_a_slip_in_the_form_is_no_guess(
    anong: Maker, database: Database
) -> None:
    for _ in range(8):
        assert say("problem.token_scopes.what") in await anong.make(code="000000")
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == 0
    for _ in range(5):
        assert say("problem.wrong_code.what") in await anong.make("referrals.read", code="000000")
    anong.clock.advance(seconds=-60)
    assert say("problem.slow_down.what") in await anong.make("referrals.read", code="000000")


@pytest.mark.parametrize(
    ("scope", "days", "name", "code"),
    [
        ("audit.read", 90, "ก", "token_scopes"), ("accounts.manage", 90, "ก", "token_scopes"),
        ("referrals.read", 366, "ก", "token_days"), ("referrals.read", 0, "ก", "token_days"),
        ("referrals.read", 90, "  ", "token_name"),
    ],
)  # fmt: skip
async def test_nobody_gets_a_key_for_more_or_for_longer(
    anong: Maker, database: Database, scope: str, days: int, name: str, code: str
) -> None:
    assert say(f"problem.{code}.what") in await anong.make(scope, days=days, name=name)
    assert await _outcomes(database, "api_token.make") == ["refused"]


async def test_only_what_the_role_holds_is_offered(anong: Maker, somchai: Browser, malee: Browser) -> None:
    offers = set(re.findall(r'name="scopes" value="([a-z.]+)"', (await anong.browser.get(PAGE)).text))
    assert offers == {"referrals.read", "referrals.write", "hotlines.read", "screening.read"}
    administrator = (await somchai.get(PAGE)).text
    assert re.findall(r'name="scopes" value="([a-z.]+)"', administrator) == ["hotlines.read"]
    manager = (await malee.get(PAGE)).text
    assert re.findall(r'name="scopes" value="([a-z.]+)"', manager) == ["campaigns.read", "campaigns.write"]


async def test_it_is_revoked_by_its_owner_alone(anong: Maker, malee: Browser, database: Database) -> None:
    token = KEY.search(await anong.make("referrals.read"))
    assert token is not None
    found = REVOKE.search((await anong.browser.get(PAGE)).text)
    assert found is not None
    assert (await malee.post(f"{PAGE}/{found[1]}/revoke")).status_code == 404
    assert (await anong.browser.post(f"{PAGE}/{new_id()}/revoke")).status_code == 404
    assert (await anong.browser.post(f"{PAGE}/{found[1]}/revoke")).status_code == 303
    http = anong.browser.client
    called = await http.get("/api/v1/referrals", headers={"Authorization": f"Bearer {token[0]}"})
    assert called.status_code == 401
    assert sorted(await _outcomes(database, "api_token.revoke")) == ["ok", "refused", "refused"]


async def test_a_name_is_shown_harmlessly(anong: Maker, database: Database) -> None:
    await anong.make("referrals.read", name="<script>alert(1)</script>")
    page = (await anong.browser.get(PAGE)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(ApiToken.expires_at)) > utc_now()


def test_every_scope_has_its_words() -> None:
    texts = load_texts("th")
    assert all(f"api_tokens.scope.{scope.replace('.', '_')}" in texts for scope in OFFERED)
