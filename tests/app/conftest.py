"""The console under test: the real application on a fresh database, and browsers without a screen."""

import re
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import httpx
import pytest

from app.examiner import Examiner
from app.main import create_app
from app.runtime import Runtime
from core.accounts.demo import DemoAccount
from core.accounts.roster import find_account
from core.accounts.second_factor import code_at, current_step
from core.accounts.sessions import start_session
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import Keyset
from core.db.database import Database
from core.ids import new_id
from core.permissions import Role
from core.settings import Settings
from referrals.intake import append_citizen_words, open_referral
from tests.support.cast import make_person
from tests.support.postgres import TestCluster
from tests.support.staff import Staff, hire

ORIGIN = "http://127.0.0.1:8000"
CSRF = re.compile(r'data-csrf="([^"]+)"|name="csrf" value="([^"]+)"')


class Browser:
    """One member of staff's browser: keeps cookies, remembers the form token of the last page."""

    def __init__(self, client: httpx.AsyncClient, origin: str = ORIGIN) -> None:
        self.client = client
        self.origin = origin
        self.csrf = ""
        self.account_id = UUID(int=0)

    async def get(self, path: str, **more: object) -> httpx.Response:
        return self._remember(await self.client.get(path, **more))  # type: ignore[arg-type]

    async def post(self, path: str, **fields: object) -> httpx.Response:
        data = {"csrf": self.csrf} | {name: str(value) for name, value in fields.items()}
        return self._remember(await self.client.post(path, data=data, headers={"Origin": self.origin}))

    def _remember(self, response: httpx.Response) -> httpx.Response:
        found = CSRF.search(response.text)
        if found:
            self.csrf = found[1] or found[2]
        return response

    async def sign_in(self, demo: DemoAccount, *, step: int | None = None) -> httpx.Response:
        first = await self.post("/console/sign-in", email=demo.email, password=demo.password)
        assert first.status_code == 303, first.text
        await self.get("/console/sign-in/code")
        code = code_at(demo.totp_secret, current_step() if step is None else step)
        response = await self.post("/console/sign-in/code", code=code)
        await self.get("/console/account")
        return response


OpenBrowser = Callable[[], Browser]
OpenBrowserOn = Callable[..., Browser]
Demo = dict[Role, DemoAccount]


@pytest.fixture
def runtime(settings: Settings, database: Database, keys: DataKeys) -> Runtime:
    return Runtime(settings, database, keys)


@pytest.fixture(scope="session")
async def staff(cluster: TestCluster) -> Staff:
    return await hire(cluster)


@pytest.fixture
def keyset(staff: Staff) -> Keyset:
    return staff.keyset


@pytest.fixture
async def demo(staff: Staff, database: Database) -> Demo:
    """The demo accounts, by role; of partner officers the last."""
    await staff.move_in(database)
    return {account.role: account for account in staff.accounts}


@pytest.fixture
async def open_browser_on() -> AsyncIterator[Callable[[Runtime, str], Browser]]:
    clients: list[httpx.AsyncClient] = []

    def make(runtime: Runtime, origin: str = ORIGIN) -> Browser:
        # Examined here: a process of its own takes longer to begin than most tests.
        application = create_app(runtime, Examiner(runtime))
        transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
        clients.append(httpx.AsyncClient(transport=transport, base_url=origin))
        return Browser(clients[-1], origin)

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def open_browser(
    runtime: Runtime, open_browser_on: Callable[[Runtime, str], Browser]
) -> Callable[[], Browser]:
    return lambda: open_browser_on(runtime, ORIGIN)


async def _staff(role: Role, open_browser: OpenBrowser, demo: Demo, database: Database) -> Browser:
    """Open a browser that is signed in already; tests of signing in go through the pages."""
    browser = open_browser()
    async with database.unit_of_work() as session:
        account = await find_account(session, demo[role].email)
        assert account is not None
        token = await start_session(session, account.id, confirmed=True)
    browser.account_id = account.id
    browser.client.cookies.set("rootan", token)
    await browser.get("/console/account")
    return browser


@pytest.fixture
async def anong(open_browser: OpenBrowser, demo: Demo, database: Database) -> Browser:
    """A hotline officer."""
    return await _staff("hotline_officer", open_browser, demo, database)


@pytest.fixture
async def boon(open_browser: OpenBrowser, demo: Demo, database: Database) -> Browser:
    """The supervisor."""
    return await _staff("supervisor", open_browser, demo, database)


@pytest.fixture
async def malee(open_browser: OpenBrowser, demo: Demo, database: Database) -> Browser:
    """A campaign manager, who must see nothing of any case."""
    return await _staff("campaign_manager", open_browser, demo, database)


@pytest.fixture
async def chai(open_browser: OpenBrowser, demo: Demo, database: Database) -> Browser:
    """A campaign approver."""
    return await _staff("campaign_approver", open_browser, demo, database)


@pytest.fixture
async def somchai(open_browser: OpenBrowser, demo: Demo, database: Database) -> Browser:
    """The administrator."""
    return await _staff("administrator", open_browser, demo, database)


CANARY = "กขคคานารี่ออกไปไหนไม่ได้เลย"


async def _refer(database: Database, keys: DataKeys, name: str, words: str) -> UUID:
    async with database.unit_of_work() as session:
        person = await make_person(session, keys, name=name)
        referral_id = await open_referral(
            session, keys, contact_id=person.contact_id, identity_id=person.identity_id, channel="line",
            source="crisis", priority="P0", kinds=("detention",), reasons=("crisis_words",), receipt=name,
        )  # fmt: skip
        await append_citizen_words(session, keys, identity_id=person.identity_id, words=[(new_id(), words)])
    return referral_id


@pytest.fixture
async def referral_id(database: Database, keys: DataKeys) -> UUID:
    """Dao's referral, with one line of hers."""
    return await _refer(database, keys, "Dao", CANARY)


@pytest.fixture
async def other_referral_id(database: Database, keys: DataKeys) -> UUID:
    """Ek's."""
    return await _refer(database, keys, "Ek", "...")


@pytest.fixture
def canary() -> str:
    """What Dao wrote; it must show up nowhere but in her own thread."""
    return CANARY
