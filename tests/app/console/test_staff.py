import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP

from app.console.texts import say
from app.runtime import Runtime
from core.accounts.invitations import add_account
from core.accounts.models import Account
from core.accounts.roster import find_account
from core.accounts.sessions import start_session
from core.audit.chain import AuditEvent
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from core.permissions import Role
from core.settings import Settings
from referrals.models import Referral
from tests.app.conftest import Browser, Demo, OpenBrowser, OpenBrowserOn
from tests.support.mail_server import KeptMail

LINK = re.compile(r"/console/welcome/[\w-]{43}")
PASSWORD = "ประโยคยาวพอสมควร 2569"


@pytest.fixture
async def _unconfirmed(database: Database) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(role_confirmed_by=None))


async def _account(database: Database, email: str) -> Account:
    async with database.unit_of_work() as session:
        return (await session.scalars(sa.select(Account).where(Account.email == email))).one()


async def _signed_in(
    open_browser: OpenBrowser, database: Database, keys: DataKeys, role: Role, name: str
) -> Browser:
    """A further member of staff, whose role a second person has confirmed."""
    async with database.unit_of_work() as session:
        account = await add_account(session, keys, email=f"{name}@rootan.test", name=name, role=role)
        account.password_hash, account.role_confirmed_by = "hash", new_id()
        token = await start_session(session, account.id, confirmed=True)
    browser = open_browser()
    browser.account_id = account.id
    browser.client.cookies.set("rootan", token)
    await browser.get("/console/account")
    return browser


async def _audited(database: Database, object_id: UUID) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(sa.select(AuditEvent).where(AuditEvent.object_id == object_id))
        return sorted((row.action, row.outcome) for row in rows)


@pytest.mark.usefixtures("_unconfirmed")
async def test_an_administrator_confirms_a_reading_role(
    somchai: Browser, open_browser: OpenBrowser, demo: Demo, database: Database
) -> None:
    async with database.unit_of_work() as session:
        await session.execute(sa.update(Account).values(role_confirmed_by=None))
        anong = await find_account(session, demo["hotline_officer"].email)
    assert anong is not None
    browser = open_browser()
    await browser.sign_in(demo["hotline_officer"])
    assert (await browser.get("/console/referrals")).status_code == 403
    assert str(anong.id) in (await somchai.get("/console/staff")).text
    assert say("staff.confirm") in (await somchai.get(f"/console/staff/{anong.id}")).text
    assert (await somchai.post(f"/console/staff/{anong.id}/confirm")).status_code == 303
    assert (await browser.get("/console/referrals")).status_code == 200
    async with database.unit_of_work() as session:
        row = (
            await session.scalars(
                sa.select(AuditEvent).where(
                    AuditEvent.object_id == anong.id, AuditEvent.action == "account.confirm_role"
                )
            )
        ).one()
    assert (row.actor_id, row.outcome) == (somchai.account_id, "ok")


async def test_confirming_nobody_is_refused(somchai: Browser) -> None:
    assert (await somchai.post(f"/console/staff/{new_id()}/confirm")).status_code == 404
    assert (await somchai.post(f"/console/staff/{somchai.account_id}/confirm")).status_code == 403


async def test_an_administrator_reads_no_case(somchai: Browser, referral_id: UUID) -> None:
    for path in ("", f"/{referral_id}", f"/{referral_id}/thread", "/rows", "/live"):
        assert (await somchai.get(f"/console/referrals{path}")).status_code == 403


async def test_from_invitation_to_a_role_that_counts_takes_two_people(
    somchai: Browser, boon: Browser, open_browser: OpenBrowser, database: Database
) -> None:
    shown = await somchai.post(
        "/console/staff/invite", email="Kanda@example.org", name="กานดา", role="hotline_officer"
    )
    link = LINK.search(shown.text)
    assert link is not None
    kanda = await _account(database, "kanda@example.org")
    assert kanda.role_given_by == somchai.account_id
    # Nobody can confirm before she came in, or whoever made the link could use it themselves.
    early = await boon.post(f"/console/staff/{kanda.id}/confirm")
    assert (early.status_code, say("problem.not_begun.what") in early.text) == (409, True)
    assert (await open_browser().post(link[0], password=PASSWORD, again=PASSWORD)).status_code == 303
    own = await somchai.post(f"/console/staff/{kanda.id}/confirm")
    assert (own.status_code, say("problem.second_person.what") in own.text) == (403, True)
    assert say("staff.confirm_other") in (await somchai.get(f"/console/staff/{kanda.id}")).text
    assert (await boon.post(f"/console/staff/{kanda.id}/confirm")).status_code == 303
    assert (await _account(database, "kanda@example.org")).role_confirmed_by == boon.account_id
    assert {("account.invite", "ok"), ("account.confirm_role", "refused"), ("account.confirm_role", "ok")} <= set(
        await _audited(database, kanda.id)
    )  # fmt: skip


async def test_a_bad_invitation_keeps_what_was_typed(somchai: Browser, demo: Demo) -> None:
    for fields, status, problem in (
        ({"email": "no address", "name": "กานดา", "role": "auditor"}, 400, "mail_address"),
        ({"email": "kanda@example.org", "name": " ", "role": "auditor"}, 400, "invalid"),
        ({"email": "kanda@example.org", "name": "กานดา", "role": "king"}, 400, "invalid"),
        ({"email": demo["supervisor"].email, "name": "บุญ", "role": "supervisor"}, 409, "known_address"),
    ):
        page = await somchai.post("/console/staff/invite", **fields)
        assert page.status_code == status, fields
        assert say(f"problem.{problem}.what") in page.text
        assert f'value="{fields["email"]}"' in page.text
        assert not LINK.search(page.text)


async def test_a_supervisor_confirms_but_changes_nobody(boon: Browser, anong: Browser) -> None:
    page = await boon.get(f"/console/staff/{anong.account_id}")
    assert page.status_code == 200
    assert f"/{anong.account_id}/disable" not in page.text
    for path in ("invite", f"{anong.account_id}/disable", f"{anong.account_id}/role?role=auditor"):
        assert (await boon.get(f"/console/staff/{path}")).status_code == 403
    for change in ("role", "disable", "enable", "second-factor", "password", "invitation"):
        assert (await boon.post(f"/console/staff/{anong.account_id}/{change}")).status_code == 403


async def test_a_changed_role_is_weighed_first_and_signs_out(
    somchai: Browser, anong: Browser, database: Database
) -> None:
    weighed = await somchai.get(f"/console/staff/{anong.account_id}/role?role=supervisor")
    assert say("staff.then.signed_out") in weighed.text
    assert say("staff.then.waits") in weighed.text
    assert (await anong.get("/console/account")).status_code == 200
    assert (
        await somchai.post(f"/console/staff/{anong.account_id}/role", role="supervisor")
    ).status_code == 303
    assert (await anong.get("/console/account")).headers["location"] == "/console/sign-in"
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.account_id)
    assert (account.role, account.role_confirmed_by) == ("supervisor", None)
    assert ("account.change_role", "ok") in await _audited(database, anong.account_id)
    again = await somchai.post(f"/console/staff/{anong.account_id}/role", role="supervisor")
    assert again.status_code == 409
    assert (await somchai.post(f"/console/staff/{anong.account_id}/role", role="king")).status_code == 400


@pytest.fixture
async def _held(database: Database, anong: Browser, referral_id: UUID) -> None:
    async with database.unit_of_work() as session:
        referral = await session.get_one(Referral, referral_id)
        referral.claimed_by, referral.claimed_at = anong.account_id, referral.opened_at


@pytest.mark.usefixtures("_held")
async def test_a_closed_account_lets_nothing_go_and_shows_supervisors_what_to_hand_over(
    somchai: Browser, boon: Browser, anong: Browser, database: Database, referral_id: UUID, canary: str
) -> None:
    weighed = await somchai.get(f"/console/staff/{anong.account_id}/disable")
    assert say("staff.then.holds") in weighed.text
    # An administrator learns how many there are, never which.
    assert say("staff.n_cases", n=1) in weighed.text
    assert (await somchai.post(f"/console/staff/{anong.account_id}/disable")).status_code == 303
    assert (await anong.get("/console/account")).headers["location"] == "/console/sign-in"
    async with database.unit_of_work() as session:
        assert (await session.get_one(Referral, referral_id)).claimed_by == anong.account_id
    pages = [(await b.get(f"/console/staff/{anong.account_id}")).text for b in (somchai, boon)]
    assert [str(referral_id) in page for page in pages] == [False, True]
    assert all(say("staff.hand_over") in page and canary not in page for page in pages)
    assert say("alert.kind.holder_left") in (await boon.get("/console/alerts")).text
    assert say("alert.kind.holder_left") not in (await somchai.get("/console/alerts")).text

    assert (await somchai.post(f"/console/staff/{anong.account_id}/enable")).status_code == 303
    async with database.unit_of_work() as session:
        account = await session.get_one(Account, anong.account_id)
    assert (account.disabled_at, account.role_confirmed_by) == (None, None)
    assert (await somchai.post(f"/console/staff/{anong.account_id}/enable")).status_code == 409


@pytest.mark.parametrize("change", ["second-factor", "password"])
async def test_a_new_link_signs_out_and_is_shown_once(
    somchai: Browser, anong: Browser, open_browser: OpenBrowser, database: Database, change: str
) -> None:
    assert (
        say(f"staff.then.{change}") in (await somchai.get(f"/console/staff/{anong.account_id}/{change}")).text
    )
    shown = await somchai.post(f"/console/staff/{anong.account_id}/{change}")
    link = LINK.search(shown.text)
    assert link is not None
    assert (await anong.get("/console/account")).headers["location"] == "/console/sign-in"
    assert (await open_browser().get(link[0])).status_code == 200
    assert not LINK.search((await somchai.get(f"/console/staff/{anong.account_id}")).text)
    name = change.replace("-", "_")
    assert {(f"account.link_{name}", "ok"), (f"account.reset_{name}", "ok")} <= set(
        await _audited(database, anong.account_id)
    )


async def test_nobody_changes_their_own_account(somchai: Browser) -> None:
    assert say("staff.own") in (await somchai.get(f"/console/staff/{somchai.account_id}")).text
    for change in ("role", "disable", "enable", "second-factor", "password", "invitation"):
        path = f"/console/staff/{somchai.account_id}/{change}"
        assert (await somchai.get(path, params={"role": "auditor"})).status_code == 403
        assert (await somchai.post(path, role="auditor")).status_code == 403
    assert (await somchai.get("/console/staff")).status_code == 200


async def test_an_administrator_made_by_an_administrator_waits_for_another(
    somchai: Browser, open_browser: OpenBrowser, database: Database, keys: DataKeys
) -> None:
    """Or one person would make themselves a second one."""
    double = await _signed_in(open_browser, database, keys, "campaign_manager", "double")
    assert (
        await somchai.post(f"/console/staff/{double.account_id}/role", role="administrator")
    ).status_code == 303
    async with database.unit_of_work() as session:
        token = await start_session(session, double.account_id, confirmed=True)
    double.client.cookies.set("rootan", token)
    await double.get("/console/account")
    assert (await double.get("/console/staff")).status_code == 403
    assert (await somchai.post(f"/console/staff/{double.account_id}/confirm")).status_code == 403


async def test_changing_nobody_or_in_an_unknown_way_is_not_found(somchai: Browser, anong: Browser) -> None:
    for change in ("disable", "enable", "second-factor", "password", "invitation"):
        assert (await somchai.get(f"/console/staff/{new_id()}/{change}")).status_code == 404
        assert (await somchai.post(f"/console/staff/{new_id()}/{change}")).status_code == 404
    assert (await somchai.get(f"/console/staff/{anong.account_id}/promote")).status_code == 404
    for change in ("enable", "invitation", "role"):
        assert (await somchai.get(f"/console/staff/{anong.account_id}/{change}")).status_code == 409


@pytest.fixture
async def mail() -> AsyncIterator[tuple[KeptMail, int]]:
    kept = KeptMail()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(kept, hostname="mail.test"), "127.0.0.1", 0
    )
    yield kept, server.sockets[0].getsockname()[1]
    server.close()


async def test_the_link_goes_by_mail_too_where_mail_is_on(
    somchai: Browser,
    runtime: Runtime,
    open_browser_on: OpenBrowserOn,
    mail: tuple[KeptMail, int],
    tmp_path: Path,
) -> None:
    kept, port = mail
    url = f"smtp://127.0.0.1:{port}?from=no-reply@rootan.test&tls=none"
    settings = Settings(data_dir=tmp_path / "var", smtp_url=url)
    browser = open_browser_on(Runtime(settings, runtime.database, runtime.keys))
    browser.client.cookies.set("rootan", somchai.client.cookies["rootan"])
    await browser.get("/console/account")
    shown = await browser.post(
        "/console/staff/invite", email="kanda@example.org", name="กานดา", role="auditor"
    )
    assert say("staff.link_mailed") in shown.text
    link = LINK.search(shown.text)
    assert link is not None
    assert [message["To"] for message in kept.mails] == ["kanda@example.org"]
    assert link[0] in kept.mails[0].get_content()
    kept.answers = ["550 no such user"]
    again = await browser.post(
        "/console/staff/invite", email="kanda@example.org", name="กานดา", role="auditor"
    )
    assert say("staff.link_not_mailed") in again.text
    assert LINK.search(again.text)
