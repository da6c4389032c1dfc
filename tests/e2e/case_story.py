"""Who takes part in the story of a case: a person with a phone, staff and officers at their pages, a program."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import httpx
import pytest
from argon2 import PasswordHasher

from app.cli.demo.agencies import ensure_demo_agencies
from core import clock
from core.accounts import passwords
from core.accounts.demo import ensure_demo_accounts
from core.accounts.roster import find_account
from core.accounts.sessions import start_session
from core.ids import new_id
from tests.app.conftest import ORIGIN, Browser
from tests.scenarios.screen import buttons, shown, words_of
from tests.scenarios.stage import Stage

_RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
_CLIENT, _SECRET = re.compile(r"<code>(rootan-[^<]+)</code>"), re.compile(r"<code>(rootans_[^<]+)</code>")
_SEE_OTHER = 303


class Dao:
    """She wrote to us on LINE."""

    def __init__(self, stage: Stage, person_id: str) -> None:
        self._stage, self._id = stage, person_id
        self._seen: set[str] = set()
        self.receipt = ""

    async def says(self, words: str) -> str:
        """Return all that is answered."""
        await self._stage.phones.say(self._id, words)
        return await self._answer()

    async def presses(self, label: str) -> str:
        phone = await self._stage.phones.timeline(self._id)
        seen = next((one for one in buttons(phone) if one.label == label), None)
        assert seen is not None, f"no button {label!r}: {[one.label for one in buttons(phone)]}"
        await self._stage.phones.press(self._id, seen.item, data=seen.data)
        return await self._answer()

    async def _answer(self) -> str:
        await self._stage.settle()
        phone = await self._stage.phones.timeline(self._id)
        new = [item for item in shown(phone) if item.author == "bot" and item.id not in self._seen]
        self._seen |= {item.id for item in new}
        said = "\n".join(words_of(item) for item in new)
        if found := _RECEIPT.search(said):
            self.receipt = found.group()
        return said

    async def unasked(self) -> str:
        """Return what arrived by itself."""
        return await self._answer()

    async def case(self) -> str:
        """Open her report by its code, and read where the case is."""
        await self.says(self.receipt)
        return await self.presses("ดูว่าถึงไหน")


class House:
    """The pages of the demo's staff and officers, each of whom signs in anew whenever they come to work."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._browsers: dict[str, Browser] = {}

    async def open(self) -> None:
        with _quick_hashes():
            async with self.stage.house.database.unit_of_work() as session:
                accounts = await ensure_demo_accounts(session, self.stage.house.keys)
                await ensure_demo_agencies(session, accounts)

    async def at(self, name: str) -> Browser:
        if name not in self._browsers:
            transport = httpx.ASGITransport(app=self.stage.house.service)
            self._browsers[name] = Browser(httpx.AsyncClient(transport=transport, base_url=ORIGIN))
        browser = self._browsers[name]
        async with self.stage.house.database.unit_of_work() as session:
            account = await find_account(session, f"{name}@rootan.test")
            assert account is not None
            token = await start_session(session, account.id, confirmed=True)
        browser.client.cookies.clear()
        browser.client.cookies.set("rootan", token)
        await browser.get("/console/account")
        return browser

    async def post(self, name: str, path: str, **fields: object) -> httpx.Response:
        """Let somebody send a form; it has to be taken."""
        browser = await self.at(name)
        answer = await browser.post(path, **fields)
        assert answer.status_code == _SEE_OTHER, f"{path} {fields}: {answer.status_code} {_said(answer.text)}"
        return answer

    async def reads(self, name: str, path: str) -> str:
        answer = await (await self.at(name)).get(path)
        assert answer.status_code == httpx.codes.OK, f"{path}: {answer.status_code}"
        return answer.text

    async def close(self) -> None:
        for browser in self._browsers.values():
            await browser.client.aclose()

    async def agency(self, code: str) -> UUID:
        return await self.stage.house.value("SELECT id FROM agency WHERE code = :code", code=code)  # type: ignore[no-any-return]

    async def program(self, code: str) -> "Program":
        """Let the supervisor make a program of an agency; its secret is shown once."""
        browser = await self.at("boon")
        scopes = ["cases.read", "track.referral.write", "track.prosecution.write", "track.compensation.write"]
        form = {"csrf": browser.csrf, "name": "ระบบคดี", "scopes": scopes}
        page = await browser.client.post(
            f"/console/agencies/{await self.agency(code)}/programs", data=form, headers={"Origin": ORIGIN}
        )
        client, secret = _CLIENT.search(page.text), _SECRET.search(page.text)
        assert client is not None, _said(page.text)
        assert secret is not None
        return Program(browser.client, client[1], secret[1])


class Program:
    """A program of an agency at the partner interface; every step asks for a token of its own."""

    def __init__(self, http: httpx.AsyncClient, client_id: str, secret: str) -> None:
        self._http, self._client = http, (client_id, secret)

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> dict[str, str]:
        asked = await self._http.post(
            "/partner/v1/token", data={"grant_type": "client_credentials"}, auth=self._client
        )
        headers = {
            "Authorization": f"Bearer {asked.json()['access_token']}",
            "Idempotency-Key": str(new_id()),
        }
        answer = await self._http.post(f"/partner/v1/cases/{path}", json=body, headers=headers)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else {}

    async def tells(self, case_id: UUID, track: str, step: str, **more: object) -> str:
        """Tell a step of today; return the event's id."""
        told = await self.post(
            f"{case_id}/{track}", {"step": step, "happened_on": today().isoformat(), **more}
        )
        return told["id"]


def today() -> date:
    """The day in Bangkok, by the clock that the story moves."""
    return clock.bangkok(clock.utc_now()).date()


def day_fields() -> dict[str, object]:
    """Today as three fields of a page, in the Buddhist era."""
    return {"day": today().day, "month": today().month, "year": today().year + 543}


def _said(page: str) -> str:
    """What a page complains of, else its words."""
    found = re.search(r'id="told"[^>]*>(.*?)</div', page, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1] if found else page)[-1_500:]


@contextmanager
def _quick_hashes() -> Iterator[None]:
    """Hashes as strong as they are would take longer than the story."""
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield
